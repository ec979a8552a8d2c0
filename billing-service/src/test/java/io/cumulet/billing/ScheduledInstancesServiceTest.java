package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.billing.api.focus.FocusFiles;
import io.cumulet.billing.app.CommitmentStore;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.focus.FocusColumn;
import io.cumulet.contract.CommitmentSnapshot;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Recurrence;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Scheduled Reserved Instances: what can be had, buying, and what they are on bills. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class ScheduledInstancesServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(12_000);

    @Inject
    StackClock clock;

    @Inject
    CommitmentStore store;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    @Test
    void schedulesAreOnOfferAtNinetyFivePercentOfTheOnDemandPrice() {
        Instant first = firstSlot();
        available(first, first.plus(1, ChronoUnit.HOURS))
                .statusCode(200)
                .body("scheduledInstanceAvailability", hasSize(2))
                .body(
                        "scheduledInstanceAvailability.firstSlotStartTime",
                        contains(
                                first.toString(),
                                first.plus(1, ChronoUnit.HOURS).toString()))
                .body("scheduledInstanceAvailability.hourlyPrice", everyItem(equalTo("0.095")))
                .body("scheduledInstanceAvailability.onDemandPrice", everyItem(equalTo("0.1")))
                .body("scheduledInstanceAvailability[0].totalScheduledInstanceHours", equalTo(1_460))
                .body("scheduledInstanceAvailability[0].recurrence.occurrenceDays", empty());
        // What has begun can't be had any more.
        available(first.minus(2, ChronoUnit.DAYS), first.minus(1, ChronoUnit.DAYS))
                .statusCode(200)
                .body("scheduledInstanceAvailability", empty());
        available(first, first.plus(40, ChronoUnit.DAYS)).statusCode(400).body("field", equalTo("latestTime"));
    }

    @Test
    void aScheduleIsBoughtOnceAndToldWithItsSlotsAndAnotherAccountSeesNothingOfIt() throws IOException {
        Instant first = firstSlot();
        Map<String, Object> order = order(Map.of("instanceCount", 2, "clientToken", "once"));
        String id = buy(order)
                .statusCode(201)
                .body("state", equalTo("queued"))
                .body("hourlyPrice", equalTo("0.095"))
                .body("instanceCount", equalTo(2))
                .body("totalScheduledInstanceHours", equalTo(1_460))
                .body("termStartDate", equalTo(first.toString()))
                .body("termEndDate", equalTo(first.plus(365, ChronoUnit.DAYS).toString()))
                .body("nextSlotStartTime", equalTo(first.toString()))
                .body("previousSlotEndTime", nullValue())
                .extract()
                .path("scheduledInstanceId");
        buy(order).statusCode(201).body("scheduledInstanceId", equalTo(id));
        buy(order(Map.of("instanceCount", 3, "clientToken", "once")))
                .statusCode(409)
                .body("code", equalTo("IdempotentParameterMismatch"));

        caller().get("/v1/scheduled-instances").then().body("scheduledInstances.scheduledInstanceId", contains(id));
        caller().get("/v1/reserved-instances").then().body("reservedInstances", empty());
        given().header("Authorization", "Bearer 000000012999")
                .get("/v1/scheduled-instances/" + id)
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidScheduledInstance"));
        caller().queryParam("region", "eu-west-1")
                .get("/v1/scheduled-instances/" + id)
                .then()
                .statusCode(404);

        await().atMost(Duration.ofSeconds(30)).until(() -> !told(id).isEmpty());
        assertThat(told(id)).hasSize(1);
        CommitmentSnapshot told = ContractJson.read(told(id).getFirst().value(), CommitmentSnapshot.class);
        assertThat(told.kind()).isEqualTo("scheduled-instances");
        assertThat(told.offeringClass()).isEqualTo("scheduled");
        assertThat(told.availabilityZone()).isEqualTo("us-east-1a");
        assertThat(told.count()).isEqualTo(2);
        assertThat(told.startsAt()).isEqualTo(first);
        assertThat(told.schedule()).isEqualTo(new CommitmentSnapshot.Schedule("daily", 1, List.of(), 4));
    }

    @Test
    void severalSchedulesAreBoughtAllTogetherOrNone() {
        Map<String, Object> once = order(Map.of("instanceCount", 1));
        Map<String, Object> thrice = order(Map.of("instanceCount", 3));
        Map<String, Object> never = order(Map.of("instanceType", "m4.16xlarge", "slotDurationInHours", 1));
        buySeveral("none", once, never).statusCode(400);
        buySeveral("none", once, order(Map.of("clientToken", "own")))
                .statusCode(400)
                .body("field", equalTo("purchases.clientToken"));
        buySeveral("none").statusCode(400).body("field", equalTo("purchases"));
        caller().get("/v1/scheduled-instances").then().body("scheduledInstances", empty());

        List<String> ids = buySeveral("both", once, thrice)
                .statusCode(201)
                .body("scheduledInstances.instanceCount", contains(1, 3))
                .extract()
                .path("scheduledInstances.scheduledInstanceId");
        buySeveral("both", once, thrice).statusCode(201).body("scheduledInstances.scheduledInstanceId", equalTo(ids));
        buySeveral("both", thrice).statusCode(409);
        caller().get("/v1/scheduled-instances").then().body("scheduledInstances", hasSize(2));
    }

    @SafeVarargs
    private ValidatableResponse buySeveral(String token, Map<String, Object>... purchases) {
        return caller().contentType(ContentType.JSON)
                .body(Map.of("purchases", List.of(purchases), "clientToken", token))
                .post("/v1/scheduled-instances/purchases")
                .then();
    }

    @Test
    void whatCannotBeBoughtIsRefusedWithTheFieldAndBuysNothing() {
        refused(Map.of("availabilityZone", "us-east-1z"), 400, "availabilityZone");
        refused(Map.of("instanceType", "m4.huge"), 400, "instanceType");
        refused(Map.of("os", "rhel"), 400, "os");
        refused(Map.of("slotDurationInHours", 3), 400, "slotDurationInHours");
        refused(Map.of("slotDurationInHours", 25), 400, "slotDurationInHours");
        refused(Map.of("instanceCount", 0), 400, "instanceCount");
        refused(Map.of("recurrence", Map.of("frequency", "yearly")), 400, "recurrence.frequency");
        refused(Map.of("recurrence", Map.of("frequency", "daily", "interval", 0)), 400, "recurrence.interval");
        refused(
                Map.of("recurrence", Map.of("frequency", "weekly", "occurrenceDays", List.of(8))),
                400,
                "recurrence.occurrenceDays");
        refused(Map.of("firstSlotStartTime", "+999999999-12-31T23:00:00Z"), 400, "firstSlotStartTime");
        refused(Map.of("firstSlotStartTime", firstSlot().plusSeconds(60).toString()), 400, "firstSlotStartTime");
        refused(
                Map.of(
                        "firstSlotStartTime",
                        firstSlot().minus(1, ChronoUnit.DAYS).toString()),
                400,
                "firstSlotStartTime");
        Map<String, Object> withoutZone = new HashMap<>(order(Map.of()));
        withoutZone.remove("availabilityZone");
        buy(withoutZone).statusCode(400).body("field", equalTo("availabilityZone"));

        caller().get("/v1/scheduled-instances").then().body("scheduledInstances", empty());
    }

    @Test
    void slotsAreOnTheBillInTheCostsAndInTheExportUsedOrNot() throws IOException {
        Instant first = Instant.parse("2026-01-05T10:00:00Z");
        String id = bought(first);
        Life life = new Life(account, "us-east-1a", "m4.large", "linux", "on-demand", clock.epoch())
                .scheduled(id)
                .launched(first.plusSeconds(1_800))
                .terminated(first.plusSeconds(1_800 + 7_200));
        ServiceFixture.send(producer, life.events);
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);

        // 27 days × 4 h × 0.095; used were 2 h of them.
        ValidatableResponse bill = caller().get("/v1/bills/2026-01")
                .then()
                .statusCode(200)
                .body("totals.billedCost", equalTo("10.26"))
                .body("totals.effectiveCost", equalTo("10.26"))
                .body("lines.commitmentId", everyItem(equalTo(id)));
        assertThat(bill.extract().<List<String>>path("lines.category"))
                .containsOnly("ri-recurring", "ri-covered", "ri-unused");
        assertThat(bill.extract().<String>path("lines.find { it.category == 'ri-covered' }.resourceId"))
                .isEqualTo(life.id);

        caller().queryParam("from", "2026-01-01T00:00:00Z")
                .queryParam("until", "2026-02-01T00:00:00Z")
                .get("/v1/costs/commitments")
                .then()
                .statusCode(200)
                .body("commitments", hasSize(1))
                .body("commitments[0].kind", equalTo("scheduled-instances"))
                .body("commitments[0].utilization.usedCommitment", equalTo("0.19"))
                .body("commitments[0].utilization.unusedCommitment", equalTo("10.07"))
                .body("commitments[0].utilization.onDemandCostEquivalent", equalTo("0.2"))
                .body("coverage.coveragePercentage", equalTo("100.00"));

        List<Map<FocusColumn, String>> rows = FocusFiles.csv(caller().queryParam("month", "2026-01")
                .get("/v1/exports/focus")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray());
        assertThat(sum(rows, "Purchase", FocusColumn.BILLED_COST)).isEqualByComparingTo("10.26");
        assertThat(sum(rows, "Usage", FocusColumn.EFFECTIVE_COST)).isEqualByComparingTo("10.26");
        assertThat(rows)
                .extracting(row -> row.get(FocusColumn.COMMITMENT_DISCOUNT_TYPE))
                .containsOnly("Scheduled Instances");
        // An hour bought each time; used or left is the same hour.
        assertThat(quantity(rows, "Purchase")).isEqualByComparingTo("108");
        assertThat(quantity(rows, "Usage")).isEqualByComparingTo("108");
    }

    /** One m4.large for four hours each day, bought so long ago that slots have passed. */
    private String bought(Instant firstSlot) {
        String id = UUID.randomUUID().toString();
        Terms terms = new Terms.ScheduledInstances(
                new AvailabilityZone("us-east-1a"),
                new InstanceType("m4.large"),
                OperatingSystem.LINUX,
                new Recurrence(Recurrence.Frequency.DAILY, 1, List.of()),
                4,
                1,
                new BigDecimal("0.095"));
        QuarkusTransaction.requiringNew()
                .run(() -> store.insert(new PurchasedCommitment(
                        id, new AccountId(account), terms, firstSlot.minusSeconds(60), firstSlot, null, 1)));
        return id;
    }

    private static BigDecimal sum(List<Map<FocusColumn, String>> rows, String category, FocusColumn column) {
        return rows.stream()
                .filter(row -> category.equals(row.get(FocusColumn.CHARGE_CATEGORY)))
                .map(row -> new BigDecimal(row.get(column)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal quantity(List<Map<FocusColumn, String>> rows, String category) {
        return sum(rows, category, FocusColumn.COMMITMENT_DISCOUNT_QUANTITY);
    }

    private List<ConsumerRecord<String, byte[]>> told(String id) {
        return ServiceFixture.records(brokers, Topic.BILLING_COMMITMENTS.topicName()).stream()
                .filter(record -> id.equals(record.key()))
                .toList();
    }

    /** Far enough ahead that it doesn't begin while a test runs. */
    private Instant firstSlot() {
        return clock.instant().truncatedTo(ChronoUnit.HOURS).plus(3, ChronoUnit.HOURS);
    }

    private Map<String, Object> order(Map<String, Object> different) {
        Map<String, Object> order = new HashMap<>(Map.of(
                "availabilityZone",
                "us-east-1a",
                "instanceType",
                "m4.large",
                "os",
                "linux",
                "recurrence",
                Map.of("frequency", "daily"),
                "slotDurationInHours",
                4,
                "firstSlotStartTime",
                firstSlot().toString()));
        order.putAll(different);
        return order;
    }

    private void refused(Map<String, Object> different, int status, String field) {
        buy(order(different)).statusCode(status).body("field", equalTo(field));
    }

    private ValidatableResponse buy(Map<String, Object> order) {
        return caller().contentType(ContentType.JSON)
                .body(order)
                .post("/v1/scheduled-instances")
                .then();
    }

    private ValidatableResponse available(Instant earliest, Instant latest) {
        return caller().queryParams(Map.of(
                        "instanceType", "m4.large",
                        "os", "linux",
                        "availabilityZone", "us-east-1a",
                        "frequency", "daily",
                        "slotDurationInHours", "4",
                        "earliestTime", earliest.toString(),
                        "latestTime", latest.toString()))
                .get("/v1/scheduled-instances/availability")
                .then();
    }

    private RequestSpecification caller() {
        return given().header("Authorization", "Bearer " + account);
    }
}
