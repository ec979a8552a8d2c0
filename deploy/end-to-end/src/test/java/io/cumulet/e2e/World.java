package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What the tests do and see as one account and as operator. */
final class World {

    /** Amazon Linux 2, x86_64. */
    static final String IMAGE = "ami-04681a1dbd79675a5";

    private static final int LARGEST_PAGE = 1000;

    private final StackSettings settings;
    private final String accountId;
    private final StackApi operator;
    private final StackApi account;

    World(StackSettings settings) {
        this(
                settings,
                String.format(
                        "%012d", 600_000_000_000L + ThreadLocalRandom.current().nextLong(1_000_000_000L)));
    }

    private World(StackSettings settings, String accountId) {
        this.settings = settings;
        this.accountId = accountId;
        this.operator = StackApi.of(settings, StackApi.OPERATOR);
        this.account = operator.as(accountId);
    }

    /** The same account and operator, who call the services' second processes. */
    World seenFromReplicas() {
        return new World(settings.seenFromReplicas(), accountId);
    }

    String accountId() {
        return accountId;
    }

    StackApi operator() {
        return operator;
    }

    StackApi account() {
        return account;
    }

    /** Stops the clock on a full hour, so that usage needs no rounding, with more than a day of the month to come. */
    Instant freezeOnAFullHour() {
        Instant now = operator.freezeClock().now();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        Instant nextMonth =
                month(now).plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant start = hour.plus(1, ChronoUnit.DAYS).isBefore(nextMonth) ? hour : nextMonth;
        return operator.advanceClock(Duration.between(now, start)).now();
    }

    /** Hosts with room for this many t2.micro each, in three zones. */
    void addHosts(int perZone, int micros) {
        for (String zone : List.of("us-east-1a", "us-east-1b", "us-east-1c")) {
            operator.post(
                    Service.INSTANCES,
                    "/v1/hosts",
                    Map.of(
                            "availabilityZone", zone,
                            "family", "t2",
                            "count", perZone,
                            "vcpus", micros,
                            "memoryMib", 1024 * micros));
        }
        // Once the suite is quiet, the hosts are known to all.
        operator.freezeClock();
    }

    static Map<String, Object> launch(String clientToken, int count) {
        return Map.of(
                "imageId", IMAGE,
                "instanceType", "t2.micro",
                "minCount", count,
                "maxCount", count,
                "clientToken", clientToken);
    }

    /** A t2.micro in a zone for four hours each day, for the first time in the hour of a moment. */
    static Map<String, Object> schedule(String zone, Instant first) {
        return Map.of(
                "availabilityZone",
                zone,
                "instanceType",
                "t2.micro",
                "os",
                "linux",
                "recurrence",
                Map.of("frequency", "daily"),
                "slotDurationInHours",
                4,
                "firstSlotStartTime",
                first.truncatedTo(ChronoUnit.HOURS).toString());
    }

    /** The instances of a launch's answer; none if it was refused. */
    static List<String> instanceIds(JsonNode launched) {
        return StackApi.list(launched.path("instances")).stream()
                .map(instance -> instance.path("instanceId").asText())
                .toList();
    }

    /** One m4.large in a zone. */
    static Map<String, Object> spotLaunch(String zone, String maxPrice, String interruptionBehavior) {
        return Map.of(
                "imageId",
                IMAGE,
                "instanceType",
                "m4.large",
                "minCount",
                1,
                "maxCount",
                1,
                "placement",
                Map.of("availabilityZone", zone),
                "market",
                Map.of("type", "spot", "maxPrice", maxPrice, "interruptionBehavior", interruptionBehavior));
    }

    /** A spot request for one m4.large in a zone. */
    static Map<String, Object> bid(String zone, String maxPrice) {
        return Map.of("imageId", IMAGE, "instanceType", "m4.large", "availabilityZone", zone, "maxPrice", maxPrice);
    }

    JsonNode instance(String id) {
        return account.get(Service.INSTANCES, "/v1/instances/" + id);
    }

    List<JsonNode> instances() {
        return pages(account, Service.INSTANCES, "/v1/instances?", "instances");
    }

    List<JsonNode> usage() {
        return pages(account, Service.BILLING, "/v1/usage?", "runs");
    }

    List<JsonNode> hosts() {
        return pages(operator, Service.INSTANCES, "/v1/hosts?", "hosts");
    }

    private static List<JsonNode> pages(StackApi caller, Service service, String path, String list) {
        List<JsonNode> all = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = caller.get(service, path + "maxResults=" + LARGEST_PAGE + next);
            all.addAll(StackApi.list(page.path(list)));
            next = page.hasNonNull("nextToken")
                    ? "&nextToken=" + page.path("nextToken").asText()
                    : "";
        } while (!next.isEmpty());
        return all;
    }

    /** What all hosts together have given away. */
    long usedMemoryMib() {
        return hosts().stream()
                .mapToLong(host -> host.path("used").path("memoryMib").asLong())
                .sum();
    }

    void assertNoHostIsOverfilled() {
        assertThat(hosts())
                .allSatisfy(host -> assertThat(List.of("vcpus", "memoryMib", "localStorageGb", "gpus"))
                        .allSatisfy(dimension -> assertThat(
                                        host.path("used").path(dimension).asLong())
                                .as("%s of %s", dimension, host)
                                .isLessThanOrEqualTo(
                                        host.path("capacity").path(dimension).asLong())));
    }

    JsonNode bill(YearMonth month) {
        return account.get(Service.BILLING, "/v1/bills/" + month);
    }

    /** Billed between two moments: the sum of the months they lie in. */
    BigDecimal billed(Instant from, Instant until) {
        BigDecimal sum = BigDecimal.ZERO;
        YearMonth last = month(until);
        for (YearMonth month = month(from); !month.isAfter(last); month = month.plusMonths(1)) {
            sum = sum.add(
                    new BigDecimal(bill(month).path("totals").path("billedCost").asText()));
        }
        return sum;
    }

    private static YearMonth month(Instant moment) {
        return YearMonth.from(moment.atZone(ZoneOffset.UTC));
    }
}
