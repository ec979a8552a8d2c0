package io.cumulet.billing;

import static io.cumulet.billing.ServiceFixture.send;
import static io.cumulet.billing.ServiceFixture.spotPrice;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Schemas;
import io.cumulet.contract.Topic;
import io.cumulet.contract.UsageSnapshot;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class BillingServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(100);
    private static final Instant JANUARY = Instant.parse("2026-01-10T00:00:00Z");

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    @Inject
    DataSource dataSource;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    /** Each test has an account of its own, so that none sees another's usage. */
    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    @Test
    void anInstanceIsMeteredFromLaunchedToTerminatingAndBilledAtTheListPrice() {
        Life life = onDemand("m4.large", "linux").launched(JANUARY).terminated(JANUARY.plusSeconds(5_400));
        tell(life.events);

        usage(Map.of())
                .body("runs", hasSize(1))
                .body("runs[0].instanceId", equalTo(life.id))
                .body("runs[0].startedAt", equalTo("2026-01-10T00:00:00Z"))
                .body("runs[0].endedAt", equalTo("2026-01-10T01:30:00Z"))
                .body("runs[0].endedBy", equalTo("user"))
                .body("runs[0].seconds", equalTo(5_400))
                .body("runs[0].running", equalTo(false))
                .body("runs[0].provisional", equalTo(false));
        bill("2026-01")
                .body("totals.billedCost", equalTo("0.15"))
                .body("invoiceTotal", equalTo("0.15"))
                .body("lines", hasSize(1))
                .body("lines[0].resourceId", equalTo(life.id))
                .body("lines[0].category", equalTo("on-demand"))
                .body("lines[0].hourlyRate", equalTo("0.1"))
                .body("lines[0].seconds", equalTo("5400"))
                .body("lines[0].billedCost", equalTo("0.15"))
                .body("provisional", equalTo(false))
                .body("completeUntil", equalTo("2026-02-01T00:00:00Z"))
                .body("stillRunning", empty());
    }

    @Test
    void aStoppedInstanceIsNotChargedUntilItStartsAgain() {
        Life life = onDemand("t2.micro", "linux")
                .launched(JANUARY)
                .then(EventType.INSTANCE_STOPPING, "stopping", JANUARY.plusSeconds(3_600))
                .then(EventType.INSTANCE_STOPPED, "stopped", JANUARY.plusSeconds(3_660))
                .then(EventType.INSTANCE_REQUESTED, "pending", JANUARY.plusSeconds(90_000))
                .then(EventType.INSTANCE_STARTED, "running", JANUARY.plusSeconds(90_000))
                .terminated(JANUARY.plusSeconds(93_600));
        tell(life.events);

        usage(Map.of("instanceId", life.id)).body("runs.run", contains(1, 2));
        bill("2026-01").body("totals.billedCost", equalTo("0.0232")).body("lines", hasSize(1));
    }

    @Test
    void onAClockThatStandsStillARunOfNoLengthIsStillBilledItsMinimum() {
        Life life = onDemand("m4.large", "linux").launched(JANUARY).terminated(JANUARY);
        tell(life.events);

        bill("2026-01").body("lines[0].seconds", equalTo("60")).body("totals.billedCost", equalTo("0.0016666667"));
    }

    @Test
    void whatStillRunsIsOnTheBillUpToNowAndSaidToBe() {
        Instant start = clock.instant().minus(Duration.ofMinutes(5));
        Life life = onDemand("m4.large", "linux").launched(start);
        tell(life.events);

        String month = clock.instant().toString().substring(0, 7);
        JsonPath bill = bill(month)
                .body("provisional", equalTo(true))
                .body("provisionalReasons", hasItem("period-not-over"))
                .body("provisionalReasons", not(hasItem("events-unread")))
                .body("stillRunning.instanceId", contains(life.id))
                .extract()
                .jsonPath();
        Instant completeUntil = Instant.parse(bill.getString("completeUntil"));
        assertThat(completeUntil).isBetween(start.plusSeconds(299), clock.instant());
        assertThat(bill.getLong("lines.sum { it.seconds.toLong() }"))
                .isBetween(298L, Duration.between(start, clock.instant()).toSeconds() + 1);
        usage(Map.of()).body("runs[0].running", equalTo(true)).body("runs[0].endedAt", nullValue());
    }

    @Test
    void aSpotInstancePaysThePriceInForceAndNothingForTheHourItWasTakenBackIn() {
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        told.add(spotPrice("us-east-1a", "m4.large", "linux", 1, "0.038", JANUARY.minusSeconds(1), clock.epoch()));
        told.add(spotPrice("us-east-1a", "m4.large", "linux", 2, "0.039", JANUARY.plusSeconds(1_800), clock.epoch()));
        Life life = spot("m4.large", "linux").launched(JANUARY).interrupted(JANUARY.plusSeconds(7_800));
        told.addAll(life.events);
        tell(told);
        tell(told);

        bill("2026-01")
                .body("totals.billedCost", equalTo("0.077"))
                .body("totals.listCost", equalTo("0.2166666667"))
                .body("lines.category", contains("spot", "spot"))
                .body("lines.hourlyRate", contains("0.038", "0.039"))
                .body("provisional", equalTo(false));
        usage(Map.of()).body("runs[0].endedBy", equalTo("interruption"));
    }

    @Test
    void aMissingSpotPriceIsNamedAndNotGuessed() {
        Life life = spot("c5.large", "linux").launched(JANUARY).terminated(JANUARY.plusSeconds(60));
        tell(life.events);

        bill("2026-01")
                .body("lines", empty())
                .body("unrated", hasSize(1))
                .body("unrated[0].resourceId", equalTo(life.id))
                .body(
                        "unrated[0].reason",
                        equalTo("No spot price is known for us-east-1a/c5.large/linux at " + JANUARY))
                .body("provisional", equalTo(true))
                .body("provisionalReasons", contains("price-missing"));
    }

    @Test
    void redeliveryAndReorderingChangeNothing() {
        Random random = new Random(42);
        List<Life> lives = new ArrayList<>();
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Life life = onDemand("m4.large", i % 3 == 0 ? "suse" : "linux")
                    .launched(JANUARY.plusMillis(random.nextInt(9_000_000)));
            Instant stop = JANUARY.plusMillis(9_000_000 + random.nextInt(9_000_000));
            life.then(EventType.INSTANCE_STOPPING, "stopping", stop)
                    .then(EventType.INSTANCE_STOPPED, "stopped", stop)
                    .then(EventType.INSTANCE_REQUESTED, "pending", stop.plusSeconds(1_000))
                    .then(EventType.INSTANCE_STARTED, "running", stop.plusSeconds(1_001))
                    .terminated(stop.plusSeconds(2_000 + random.nextInt(9_000)));
            lives.add(life);
            told.addAll(life.events);
        }
        Collections.shuffle(told, random);
        tell(told);
        String before = bill("2026-01").extract().asString();
        String usage = usage(Map.of()).extract().asString();
        Collections.shuffle(told, random);
        tell(told);

        assertThat(bill("2026-01").extract().asString()).isEqualTo(before);
        assertThat(usage(Map.of()).extract().asString()).isEqualTo(usage);
        assertThat(JsonPath.from(usage).getList("runs")).hasSize(80);
        assertThat(JsonPath.from(usage).getList("runs.provisional")).containsOnly(false);
    }

    @Test
    void aMissingEventMakesUsageProvisionalUntilItComes() {
        Life life = onDemand("m4.large", "linux")
                .launched(JANUARY)
                .then(EventType.INSTANCE_STOPPING, "stopping", JANUARY.plusSeconds(100))
                .then(EventType.INSTANCE_STOPPED, "stopped", JANUARY.plusSeconds(160));
        ProducerRecord<String, byte[]> stopping = life.events.remove(2);
        tell(life.events);

        usage(Map.of()).body("runs[0].provisional", equalTo(true)).body("runs[0].seconds", equalTo(160));
        bill("2026-01").body("provisionalReasons", contains("event-missing"));

        tell(List.of(stopping));

        usage(Map.of()).body("runs[0].provisional", equalTo(false)).body("runs[0].seconds", equalTo(100));
        List<UsageSnapshot> published = publishedUsage(life.id, 2);
        assertThat(published).extracting(UsageSnapshot::seconds).containsExactly(160L, 100L);
        assertThat(published).extracting(UsageSnapshot::version).containsExactly(1L, 2L);
        assertThat(published).extracting(UsageSnapshot::provisional).containsExactly(true, false);
    }

    @Test
    void poisonIsParkedAndTheOthersGoOn() {
        Life poisoned = onDemand("m4.large", "beos").launched(JANUARY);
        Life sound = onDemand("m4.large", "linux").launched(JANUARY).terminated(JANUARY.plusSeconds(3_600));
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>(poisoned.events);
        told.addAll(sound.events);
        tell(told);

        usage(Map.of()).body("runs.instanceId", contains(sound.id));
        bill("2026-01").body("provisionalReasons", contains("event-missing"));
        await().untilAsserted(
                        () -> assertThat(ServiceFixture.records(brokers, Topic.INSTANCES_LIFECYCLE.deadLetterName()))
                                .anyMatch(record -> poisoned.id.equals(record.key())));
    }

    @Test
    void whatIsPublishedHasTheFormOfTheContract() throws IOException {
        Life life = spot("m4.large", "linux").launched(JANUARY).interrupted(JANUARY.plusSeconds(30));
        tell(life.events);

        await().until(() -> !publishedRecords(life.id).isEmpty());
        ConsumerRecord<String, byte[]> record = publishedRecords(life.id).getFirst();
        assertThat(header(record, CloudEventHeaders.TYPE)).isEqualTo("usage.metered");
        assertThat(header(record, CloudEventHeaders.SOURCE)).isEqualTo("/billing-service");
        assertThat(header(record, CloudEventHeaders.ACCOUNT)).isEqualTo(account);
        JsonNode interrupted = new ObjectMapper().readTree(record.value());
        assertThat(schema().validate(interrupted)).isEmpty();
        assertThat(interrupted.get("endedBy").asText()).isEqualTo("interruption");
    }

    @Test
    void listsAreServedInPagesThatKeepTheirSize() {
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            told.addAll(onDemand("t2.micro", "linux").launched(JANUARY).terminated(JANUARY.plusSeconds(60)).events);
        }
        tell(told);

        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            Map<String, String> query =
                    token == null ? Map.of("maxResults", "2") : Map.of("maxResults", "2", "nextToken", token);
            JsonPath page = usage(query).extract().jsonPath();
            assertThat(page.getList("runs").size()).isLessThanOrEqualTo(2);
            seen.addAll(page.getList("runs.instanceId"));
            token = page.getString("nextToken");
        } while (token != null);
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void usageCanBeRebuiltFromTheTopicsAndNothingIsPublishedForIt() throws SQLException {
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        told.add(spotPrice("us-east-1b", "m4.large", "linux", 1, "0.031", JANUARY.minusSeconds(60), clock.epoch()));
        Life ended = new Life(account, "us-east-1b", "m4.large", "linux", "spot", clock.epoch())
                .launched(JANUARY)
                .interrupted(JANUARY.plusSeconds(5_000));
        Life running = onDemand("m4.large", "linux").launched(JANUARY);
        told.addAll(ended.events);
        told.addAll(running.events);
        tell(told);
        String usage = usage(Map.of("until", "2026-02-01T00:00:00Z", "instanceId", ended.id))
                .extract()
                .asString();
        String bill = bill("2026-01").extract().asString();
        await().until(() -> publishedRecords(ended.id).size() == 1);
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM lifecycle_fact WHERE account = '" + account + "'");
            statement.executeUpdate("DELETE FROM usage_run WHERE account = '" + account + "'");
            statement.executeUpdate("DELETE FROM spot_price");
        }
        assertThat(bill("2026-01").extract().asString()).isNotEqualTo(bill);

        caller().post("/v1/projections/metering/rebuild").then().statusCode(403);
        for (String projection : List.of("metering", "spot-price-history")) {
            given().header("Authorization", "Bearer operator")
                    .post("/v1/projections/" + projection + "/rebuild")
                    .then()
                    .statusCode(200)
                    .body("events", greaterThan(0));
        }

        assertThat(usage(Map.of("until", "2026-02-01T00:00:00Z", "instanceId", ended.id))
                        .extract()
                        .asString())
                .isEqualTo(usage);
        assertThat(bill("2026-01").extract().asString()).isEqualTo(bill);
        tell(running.terminated(JANUARY.plusSeconds(9_000)).events);
        await().until(() -> publishedRecords(running.id).size() == 1);
        assertThat(publishedRecords(ended.id)).hasSize(1);
    }

    @Test
    void anotherAccountSeesNothing() {
        Life life = onDemand("m4.large", "linux").launched(JANUARY).terminated(JANUARY.plusSeconds(3_600));
        tell(life.events);

        given().header("Authorization", "Bearer 999999999999")
                .queryParam("instanceId", life.id)
                .get("/v1/usage")
                .then()
                .statusCode(200)
                .body("runs", empty());
        given().header("Authorization", "Bearer 999999999999")
                .get("/v1/bills/2026-01")
                .then()
                .statusCode(200)
                .body("lines", empty())
                .body("totals.billedCost", equalTo("0"));
    }

    @Test
    void aBillCoversAllRegionsUnlessOneIsNamedAndUsageIsOfOneRegion() {
        tell(onDemand("m4.large", "linux").launched(JANUARY).terminated(JANUARY.plusSeconds(3_600)).events);
        tell(new Life(account, "eu-west-1a", "m4.large", "linux", "on-demand", clock.epoch())
                .launched(JANUARY)
                .terminated(JANUARY.plusSeconds(3_600))
                .events);

        bill("2026-01").body("totals.billedCost", equalTo("0.211")).body("region", nullValue());
        caller().queryParam("region", "eu-west-1")
                .get("/v1/bills/2026-01")
                .then()
                .body("totals.billedCost", equalTo("0.111"))
                .body("region", equalTo("eu-west-1"));
        usage(Map.of()).body("runs", hasSize(1));
        usage(Map.of("region", "eu-west-1")).body("runs.availabilityZone", contains("eu-west-1a"));
    }

    @Test
    void aMonthWithANewPriceListIsRatedAtThePriceInForceInEachHour() {
        // RHEL in us-east-1: 0.16 until the list of 2022-07-07, 0.195 from it.
        Instant before = Instant.parse("2022-07-06T23:00:00Z");
        tell(onDemand("m4.large", "rhel").launched(before).terminated(before.plusSeconds(7_200)).events);

        bill("2022-07").body("lines.hourlyRate", contains("0.16", "0.195")).body("totals.billedCost", equalTo("0.355"));
    }

    @Test
    void aMonthThatHasNotBegunHasNoBill() {
        caller().get("/v1/bills/2999-01").then().statusCode(404).body("code", equalTo("BillNotFound"));
        caller().get("/v1/bills/january").then().statusCode(400).body("field", equalTo("month"));
    }

    @Test
    void pricesAreListedWithTheirDateAndSource() {
        caller().queryParam("instanceType", "t2.micro")
                .queryParam("os", "linux")
                .queryParam("at", "2026-11-01T00:00:00Z")
                .get("/v1/prices")
                .then()
                .statusCode(200)
                .body("prices", hasSize(1))
                .body("prices[0].hourly", equalTo("0.0116"))
                .body("prices[0].asOf", equalTo("2026-07-20"))
                .body("prices[0].source", notNullValue());
        caller().queryParam("os", "beos")
                .get("/v1/prices")
                .then()
                .statusCode(400)
                .body("field", equalTo("os"));
    }

    @Test
    void unknownQueryParametersAreRefused() {
        for (String path : List.of("/v1/usage", "/v1/bills/2026-01", "/v1/prices")) {
            caller().queryParam("colour", "red")
                    .get(path)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("UnknownParameter"))
                    .body("field", equalTo("colour"));
        }
    }

    @Test
    void aScenarioIsRatedAndStoredNowhere() throws IOException {
        JsonNode theCase;
        try (InputStream in = getClass().getResourceAsStream("/rating/free-tier-runs-out.json")) {
            theCase = new ObjectMapper().readTree(in);
        }
        String answer = caller().contentType("application/json")
                .body(theCase.get("scenario").toString())
                .post("/v1/ratings")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .extract()
                .asString();
        assertThat(new ObjectMapper().readTree(answer)).isEqualTo(theCase.get("expected"));
    }

    @Test
    void aScenarioThatCannotBeRatedIsRefusedWithThePlace() {
        caller().contentType("application/json")
                .body(
                        "{\"period\": {\"start\": \"2026-01-01T00:00:00Z\", \"end\": \"2026-01-01T00:30:00Z\"}, \"prices\": {}}")
                .post("/v1/ratings")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("code", equalTo("UnratableScenario"))
                .body("field", equalTo("/period/end"));
        caller().contentType("application/json")
                .body("{\"period\": ")
                .post("/v1/ratings")
                .then()
                .statusCode(400)
                .body("code", equalTo("MalformedRequest"));
    }

    private Life onDemand(String type, String os) {
        return new Life(account, "us-east-1a", type, os, "on-demand", clock.epoch());
    }

    private Life spot(String type, String os) {
        return new Life(account, "us-east-1a", type, os, "spot", clock.epoch());
    }

    /** Sends events and waits until billing has taken all of them in. */
    private void tell(List<ProducerRecord<String, byte[]>> records) {
        send(producer, records);
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);
    }

    private RequestSpecification caller() {
        return given().header("Authorization", "Bearer " + account);
    }

    private ValidatableResponse usage(Map<String, String> query) {
        return caller().queryParams(query).get("/v1/usage").then().statusCode(200);
    }

    private ValidatableResponse bill(String month) {
        return caller().get("/v1/bills/" + month).then().statusCode(200);
    }

    private List<UsageSnapshot> publishedUsage(String instanceId, int atLeast) {
        await().until(() -> publishedRecords(instanceId).size() >= atLeast);
        return publishedRecords(instanceId).stream()
                .map(record -> {
                    try {
                        return ContractJson.read(record.value(), UsageSnapshot.class);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private List<ConsumerRecord<String, byte[]>> publishedRecords(String instanceId) {
        return ServiceFixture.records(brokers, Topic.BILLING_USAGE.topicName()).stream()
                .filter(record -> instanceId.equals(record.key()))
                .toList();
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static JsonSchema schema() throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(new ObjectMapper().readTree(Schemas.schema(EventType.USAGE_METERED)));
    }
}
