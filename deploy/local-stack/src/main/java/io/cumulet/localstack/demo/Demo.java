package io.cumulet.localstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.contract.Topic;
import io.cumulet.localstack.EventReader.Event;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackFailure;
import io.cumulet.localstack.StackSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The main job on a running stack. The clock stands still between the steps, so every figure is exact:
 *
 * <pre>
 *   minute          0         30                  75   77                  120
 *   t2.micro        ├──────────────────────────────────────────────────────┤   7,200 s on demand
 *   m4.large        ├─────────┤ stopped                                        1,800 s on demand
 *   m4.large spot   ├──────────────────────────────────┤ taken back            4,620 s, the second hour free
 *   second bidder                                 bids ├───────────────────┤   2,580 s spot
 * </pre>
 *
 * It runs as two new accounts on a host of its own in a zone without others of that family, so it may be shown on a
 * stack in use; afterwards it clears away what it made.
 */
public final class Demo {

    private static final String REGION = "us-east-1";
    /** Where the on-demand instances go: a zone of the fleet that every stack begins with. */
    private static final String FLEET_ZONE = "us-east-1a";
    /** Zones with m4 on offer where a stack begins without hosts; the first that is still so is taken. */
    private static final List<String> QUIET_ZONES = List.of("us-east-1d", "us-east-1f", "us-east-1e");

    /** Amazon Linux 2, x86_64. */
    private static final String IMAGE = "ami-04681a1dbd79675a5";

    /** AWS's public on-demand prices, Linux, us-east-1, USD an hour. */
    private static final String T2_MICRO_PRICE = "0.0116";

    private static final String M4_LARGE_PRICE = "0.1";
    /** A pool's price begins at 10 % of on-demand. */
    private static final String FLOOR = "0.01";

    private static final String FIRST_BID = "0.05";
    private static final String SECOND_BID = "0.08";
    private static final Duration LENGTH = Duration.ofHours(2);

    private final StackApi operator;
    private final StackApi customer;
    private final StackApi rival;
    private final String customerAccount;
    private final String rivalAccount;
    private final StackSettings settings;
    private final Checks checks = new Checks();
    /** What to clear away, the newest first. */
    private final Deque<Runnable> leftovers = new ArrayDeque<>();

    /** @param settings of a stack that is up */
    public Demo(StackSettings settings) {
        this.settings = settings;
        long number = ThreadLocalRandom.current().nextLong(10_000_000_000L);
        this.customerAccount = String.format(Locale.ROOT, "51%010d", number);
        this.rivalAccount = String.format(Locale.ROOT, "52%010d", number);
        this.operator = StackApi.of(settings, StackApi.OPERATOR);
        this.customer = operator.as(customerAccount);
        this.rival = operator.as(rivalAccount);
    }

    /**
     * Plays it and prints it.
     *
     * @return what was not as it must be; empty if all was
     * @throws StackFailure if it can't be played to its end
     */
    public List<String> play() {
        boolean ranBefore = !operator.clock().isFrozen();
        try {
            story();
        } finally {
            clearAway(ranBefore);
        }
        System.out.println();
        if (checks.failures().isEmpty()) {
            System.out.println("All " + checks.count() + " figures are what they must be.");
        } else {
            System.out.println(checks.failures().size() + " of " + checks.count() + " figures are wrong:");
            checks.failures().forEach(failure -> System.out.println("  ✗ " + failure));
            System.out.println("What happened, event by event: ./cumulet events -n 200. Logs: ./cumulet logs");
        }
        return checks.failures();
    }

    private void story() {
        Instant start = freezeOnAFullHour();
        String zone = quietZone();
        try (LiveEvents events = new LiveEvents(settings.bootstrapServers(), event -> concerns(event, zone))) {
            step("A small host in " + zone + ": room for one m4.large, nothing else of its family around");
            registerHost(zone);
            settle();
            checks.amount("spot price of m4.large in " + zone, FLOOR, spotPrice(zone));
            System.out.println("      public on-demand price " + M4_LARGE_PRICE + " × 10 % = " + FLOOR);

            step("Account " + customerAccount
                    + " launches a t2.micro and an m4.large on demand, and an m4.large spot for" + " at most "
                    + FIRST_BID);
            String micro = launch("t2.micro", FLEET_ZONE, Map.of("type", "on-demand"));
            String large = launch("m4.large", FLEET_ZONE, Map.of("type", "on-demand"));
            String spot = launch("m4.large", zone, Map.of("type", "spot", "maxPrice", FIRST_BID));
            for (String instance : List.of(micro, large, spot)) {
                events.await(
                        "instance.launched",
                        body -> body.path("instanceId").asText().equals(instance));
            }
            settle();

            step("30 minutes later it stops the m4.large");
            advance(Duration.ofMinutes(30));
            customer.post(Service.INSTANCES, "/v1/instances/" + large + "/stop", Map.of());
            events.await(
                    "instance.stopped", body -> body.path("instanceId").asText().equals(large));
            settle();
            checks.same("state of the m4.large", "stopped", state(large));

            step("At minute 75 account " + rivalAccount + " bids " + SECOND_BID + " for the same room");
            advance(Duration.ofMinutes(45));
            checks.same(
                    "runs that the customer's bill shows as going on",
                    2,
                    BillPage.of(customer, start).stillRunning());
            bid(zone);
            JsonNode warning = events.await(
                    "spot.interruption-warned",
                    body -> body.path("instanceId").asText().equals(spot));
            settle();
            checks.amount(
                    "price: until the room is free even the new bid loses, and the highest bid that lost is the price",
                    SECOND_BID,
                    spotPrice(zone));
            checks.same(
                    "the spot instance is warned 120 s ahead, for",
                    start.plus(Duration.ofMinutes(77)).toString(),
                    warning.path("actionAt").asText());
            checks.same("until then it goes on running", "running", state(spot));

            step("Two minutes later it is taken back, and the room goes to the higher bid");
            advance(Duration.ofMinutes(2));
            JsonNode won = events.await(
                    "instance.launched", body -> body.path("account").asText().equals(rivalAccount));
            String rivals = won.path("instanceId").asText();
            leftovers.push(() -> rival.delete(Service.INSTANCES, "/v1/instances/" + rivals));
            settle();
            checks.same("state of the spot instance", "terminated", state(spot));
            checks.amount("price with one bidder left, the floor", FLOOR, spotPrice(zone));
            checks.same(
                    "its events on Kafka",
                    List.of(
                            "instance.requested",
                            "instance.launched",
                            "instance.interruption-warned",
                            "instance.interrupted",
                            "instance.terminating",
                            "instance.terminated"),
                    events.typesOf(spot, Topic.INSTANCES_LIFECYCLE));

            step("At minute 120 both terminate what still runs");
            advance(Duration.ofMinutes(43));
            customer.delete(Service.INSTANCES, "/v1/instances/" + micro);
            rival.delete(Service.INSTANCES, "/v1/instances/" + rivals);
            events.await(
                    "usage.metered", body -> body.path("instanceId").asText().equals(rivals));
            events.await(
                    "usage.metered", body -> body.path("instanceId").asText().equals(micro));
            settle();

            bills(start, micro, large, spot, rivals);
        }
    }

    private void bills(Instant start, String micro, String large, String spot, String rivals) {
        BillPage bill = BillPage.of(customer, start);
        step("The bill of account " + customerAccount + " beside the public price");
        bill.print();
        System.out.println();
        System.out.println("    public price of t2.micro, Linux, " + REGION + ": " + publicPrice("t2.micro"));
        System.out.println("    public price of m4.large, Linux, " + REGION + ": " + publicPrice("m4.large"));
        System.out.println();
        figure(bill, micro, "t2.micro", "7200", "7200 s × 0.0116 / 3600", "0.0232");
        figure(bill, large, "m4.large, stopped after 30 min", "1800", "1800 s × 0.1 / 3600", "0.05");
        figure(
                bill,
                spot,
                "m4.large spot",
                "4620",
                "3600 s × 0.01 / 3600, and the interrupted hour of 1020 s is free",
                "0.01");
        checks.amount(
                "what the spot instance would have cost on demand (4620 s × 0.1 / 3600)",
                "0.1283333333",
                bill.list(spot));
        checks.amount(
                "spot saved, % against on-demand (0.01 instead of 0.1283333333: the free hour saves too)",
                "92.21", SpotSavings.of(customer, start, LENGTH).percent());
        checks.amount("total (0.0232 + 0.05 + 0.01)", "0.0832", bill.total());
        checks.same("to pay, rounded to cents once", "0.08", bill.invoiceTotal());
        checks.same("still running", 0, bill.stillRunning());
        checks.same(
                "the bill is complete until",
                start.plus(Duration.ofMinutes(120)).toString(),
                bill.completeUntil());
        checks.same("open questions", List.of(), bill.openQuestions());

        BillPage rivalsBill = BillPage.of(rival, start);
        step("The bill of account " + rivalAccount);
        rivalsBill.print();
        System.out.println();
        figure(rivalsBill, rivals, "m4.large spot", "2580", "2580 s × 0.01 / 3600", "0.0071666667");
        checks.amount(
                "spot saved, % against on-demand (the floor is 10 % of it)",
                "90", SpotSavings.of(rival, start, LENGTH).percent());
        checks.same("to pay, rounded to cents once", "0.01", rivalsBill.invoiceTotal());
    }

    private void figure(BillPage bill, String instance, String what, String seconds, String arithmetic, String usd) {
        checks.amount(what + ", seconds", seconds, bill.seconds(instance));
        checks.amount(what + ", USD (" + arithmetic + ")", usd, bill.billed(instance));
    }

    /** Stops the clock and moves it to a full hour, so that no figure depends on when the demo is shown. */
    private Instant freezeOnAFullHour() {
        step("The clock stands still, and moves to the next full hour");
        Instant now = operator.freezeClock().now();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        // Two hours that lie in one month: a bill is a month's.
        YearMonth month = YearMonth.from(hour.atZone(ZoneOffset.UTC));
        Instant nextMonth =
                month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant start = hour.plus(3, ChronoUnit.HOURS).isAfter(nextMonth) ? nextMonth : hour;
        Instant reached = operator.advanceClock(Duration.between(now, start)).now();
        System.out.println("      " + reached);
        if (!reached.equals(start)) {
            throw new StackFailure("The clock stands at " + reached + " instead of " + start
                    + ": somebody else moves it. Try again when they are done.");
        }
        return start;
    }

    private String quietZone() {
        for (String zone : QUIET_ZONES) {
            boolean hasHosts = StackApi.list(
                            operator.get(Service.INSTANCES, "/v1/hosts?family=m4&availabilityZone=" + zone)
                                    .path("hosts"))
                    .stream()
                    .anyMatch(host -> !host.path("state").asText().equals("removed"));
            if (!hasHosts) {
                return zone;
            }
        }
        throw new StackFailure("Every zone the demo could use has m4 hosts already: " + String.join(", ", QUIET_ZONES)
                + ". Remove them (DELETE /v1/hosts/{id} as operator), or empty the stack: ./cumulet reset");
    }

    private void registerHost(String zone) {
        JsonNode answer = operator.post(
                Service.INSTANCES,
                "/v1/hosts",
                Map.of(
                        "availabilityZone", zone,
                        "family", "m4",
                        "count", 1,
                        "sockets", 1,
                        "cores", 1,
                        "vcpus", 2,
                        "memoryMib", 8192,
                        "localStorageGb", 0,
                        "gpus", 0));
        String host = answer.path("hosts").path(0).path("hostId").asText();
        leftovers.push(() -> operator.delete(Service.INSTANCES, "/v1/hosts/" + host));
    }

    private String launch(String type, String zone, Map<String, String> market) {
        JsonNode answer = customer.post(
                Service.INSTANCES,
                "/v1/instances?region=" + REGION,
                Map.of(
                        "imageId",
                        IMAGE,
                        "instanceType",
                        type,
                        "minCount",
                        1,
                        "maxCount",
                        1,
                        "placement",
                        Map.of("availabilityZone", zone),
                        "market",
                        market,
                        "tags",
                        Map.of("Name", "demo")));
        String id = answer.path("instances").path(0).path("instanceId").asText();
        leftovers.push(() -> customer.delete(Service.INSTANCES, "/v1/instances/" + id));
        return id;
    }

    private void bid(String zone) {
        JsonNode answer = rival.post(
                Service.SPOT_MARKET,
                "/v1/spot-requests?region=" + REGION,
                Map.of(
                        "imageId", IMAGE,
                        "instanceType", "m4.large",
                        "availabilityZone", zone,
                        "maxPrice", SECOND_BID));
        String id = answer.path("spotRequests").path(0).path("spotRequestId").asText();
        leftovers.push(() -> rival.delete(Service.SPOT_MARKET, "/v1/spot-requests/" + id));
    }

    private String state(String instance) {
        return customer.get(Service.INSTANCES, "/v1/instances/" + instance)
                .path("state")
                .asText();
    }

    private BigDecimal spotPrice(String zone) {
        return new BigDecimal(customer.get(
                        Service.SPOT_MARKET,
                        "/v1/spot-prices?maxResults=1&instanceType=m4.large&os=linux&availabilityZone=" + zone
                                + "&region=" + REGION)
                .path("spotPrices")
                .path(0)
                .path("price")
                .asText("-1"));
    }

    private String publicPrice(String type) {
        JsonNode price = customer.get(
                        Service.BILLING,
                        "/v1/prices?os=linux&tenancy=default&region=" + REGION + "&instanceType=" + type)
                .path("prices")
                .path(0);
        return price.path("hourly").asText() + " USD an hour (list of "
                + price.path("asOf").asText() + ")";
    }

    private void advance(Duration duration) {
        Instant now = operator.advanceClock(duration).now();
        System.out.println("      clock │ " + now);
    }

    /** Waits until all that is under way is done: freezing a frozen clock is just that. */
    private void settle() {
        operator.freezeClock();
    }

    private boolean concerns(Event event, String zone) {
        return event.account().equals(customerAccount)
                || event.account().equals(rivalAccount)
                || event.key().equals(zone + "/m4.large/linux")
                || event.topic().equals(Topic.HOSTS_LIFECYCLE.topicName())
                        && event.json().contains('"' + zone + '"');
    }

    private void clearAway(boolean ranBefore) {
        step("Clearing away");
        while (!leftovers.isEmpty()) {
            quietly(leftovers.pop());
        }
        if (ranBefore) {
            quietly(operator::runClock);
        }
    }

    /** What can't be cleared away must not hide why the demo failed. */
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (StackFailure e) {
            System.out.println("      " + e.getMessage());
        }
    }

    private static void step(String title) {
        System.out.println();
        System.out.println("── " + title);
    }
}
