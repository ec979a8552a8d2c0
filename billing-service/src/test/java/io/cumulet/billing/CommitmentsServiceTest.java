package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Schemas;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ConsumerLag;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Buying commitments over REST, their events, and the bill they are on. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class CommitmentsServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(700);

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    @Test
    void anOfferingHasTheDatedPriceOfItsListWithTheSource() {
        offerings(Map.of(
                        "instanceType", "m4.large",
                        "os", "linux",
                        "offeringClass", "standard",
                        "paymentOption", "all-upfront",
                        "termYears", "1"))
                .body("offerings", hasSize(1))
                .body("offerings[0].upfront", equalTo("508"))
                .body("offerings[0].hourly", equalTo("0"))
                .body("offerings[0].asOf", equalTo("2017-11-12"))
                .body("offerings[0].availabilityZone", nullValue());
        offerings(Map.of("instanceType", "m4.large", "availabilityZone", "us-east-1a", "maxResults", "1000"))
                .body("offerings", hasSize(24))
                .body("offerings.availabilityZone", everyItem(equalTo("us-east-1a")));
    }

    @Test
    void reservedInstancesAreBoughtOnceHoweverOftenTheCallIsRepeated() throws IOException {
        String offering = offering("no-upfront");
        Map<String, Object> order = Map.of("offeringId", offering, "instanceCount", 2, "clientToken", "once");

        String id = buy("/v1/reserved-instances", order)
                .statusCode(201)
                .body("state", equalTo("active"))
                .body("kind", equalTo("reserved-instances"))
                .body("instanceCount", equalTo(2))
                .body("hourly", equalTo("0.062"))
                .extract()
                .path("id");
        buy("/v1/reserved-instances", order).statusCode(201).body("id", equalTo(id));
        buy("/v1/reserved-instances", Map.of("offeringId", offering, "instanceCount", 3, "clientToken", "once"))
                .statusCode(409)
                .body("code", equalTo("IdempotentParameterMismatch"));

        list("/v1/reserved-instances").body("reservedInstances.id", contains(id));
        list("/v1/savings-plans").body("savingsPlans", empty());
        assertThat(eventsOf(id, 1)).containsExactly("commitment.purchased");
    }

    @Test
    void whatWasBoughtIsOnTheBillAndPaysForUsage() {
        ValidatableResponse bought =
                buy("/v1/reserved-instances", Map.of("offeringId", offering("no-upfront"), "instanceCount", 1));
        String instanceId = runFromTheFirstHourOf(bought);

        ValidatableResponse bill = billOf(bought)
                .body("lines.category", hasItems("ri-recurring", "ri-covered"))
                .body("lines.category", not(hasItem("on-demand")))
                .body("lines.commitmentId", everyItem(equalTo(bought.extract().path("id"))))
                .body("lines.find { it.category == 'ri-covered' }.resourceId", equalTo(instanceId));
        assertThat(amount(bill, "billedCost")).isPositive().isEqualByComparingTo(amount(bill, "effectiveCost"));
        assertThat(amount(bill, "billedCost").remainder(new BigDecimal("0.062")))
                .isZero();
    }

    @Test
    void aSavingsPlanPaysAtTheEffectiveRateOfTheReservedInstance() {
        ValidatableResponse bought = buy(
                "/v1/savings-plans",
                Map.of(
                        "planType", "ec2-instance",
                        "family", "m4",
                        "commitmentHourly", "0.07",
                        "paymentOption", "no-upfront",
                        "termYears", 1));
        String instanceId = runFromTheFirstHourOf(bought);

        ValidatableResponse bill = billOf(bought)
                .body("lines.category", hasItems("sp-recurring", "sp-covered", "sp-unused"))
                .body("lines.category", not(hasItem("on-demand")))
                .body("lines.find { it.category == 'sp-covered' }.resourceId", equalTo(instanceId))
                .body("lines.find { it.category == 'sp-covered' }.hourlyRate", equalTo("0.062"));
        assertThat(amount(bill, "billedCost").remainder(new BigDecimal("0.07"))).isZero();
    }

    @Test
    void aSavingsPlanThatIsReturnedIsNoMoreOnTheBillThanIfNobodyHadBoughtIt() throws IOException {
        ValidatableResponse bought = buy(
                "/v1/savings-plans",
                Map.of(
                        "planType", "ec2-instance",
                        "family", "m4",
                        "commitmentHourly", "0.07",
                        "paymentOption", "all-upfront",
                        "termYears", 1));
        String id = bought.extract().path("id");
        runFromTheFirstHourOf(bought);
        billOf(bought).body("lines.category", hasItems("sp-upfront", "sp-covered"));

        for (int time = 0; time < 2; time++) {
            giveBack(id, "once")
                    .statusCode(200)
                    .body("state", equalTo("returned"))
                    .body("retirementReason", equalTo("returned"))
                    .body("upfrontPaymentAmount", equalTo("613.2"));
        }
        giveBack(id, "again").statusCode(409).body("code", equalTo("IncorrectState"));
        giveBack("no-such-plan", "other").statusCode(404).body("code", equalTo("ResourceNotFoundException"));
        billOf(bought).body("lines.category", everyItem(equalTo("on-demand")));
        caller().get("/v1/savings-plans").then().body("savingsPlans[0].state", equalTo("returned"));
        assertThat(eventsOf(id, 2)).containsExactly("commitment.purchased", "commitment.retired");
    }

    @Test
    void noMoreThanTenSavingsPlansAreReturnedInAYear() {
        Map<String, Object> plan = Map.of(
                "planType", "compute",
                "commitmentHourly", "0.50",
                "paymentOption", "no-upfront",
                "termYears", 1);
        for (int plans = 0; plans < 10; plans++) {
            giveBack(buy("/v1/savings-plans", plan).extract().path("id"), null).statusCode(200);
        }
        giveBack(buy("/v1/savings-plans", plan).extract().path("id"), null)
                .statusCode(409)
                .body("code", equalTo("ServiceQuotaExceededException"));
    }

    private ValidatableResponse giveBack(String id, String clientToken) {
        return caller().contentType(ContentType.JSON)
                .body(clientToken == null ? "{}" : "{\"clientToken\": \"" + clientToken + "\"}")
                .post("/v1/savings-plans/" + id + "/return")
                .then();
    }

    @Test
    void whatIsBoughtHasTagsOfItsOwner() {
        Map<String, Object> plan = Map.of(
                "planType", "compute",
                "commitmentHourly", "0.50",
                "paymentOption", "no-upfront",
                "termYears", 1);
        String path = "/v1/savings-plans/"
                + buy("/v1/savings-plans", with(plan, "tags", Map.of("team", "red", "stage", "test")))
                        .statusCode(201)
                        .body("tags", equalTo(Map.of("team", "red", "stage", "test")))
                        .extract()
                        .<String>path("id");
        caller().contentType(ContentType.JSON)
                .body("{\"tags\": {\"team\": null, \"owner\": \"me\"}}")
                .patch(path)
                .then()
                .statusCode(200);
        caller().get("/v1/savings-plans")
                .then()
                .body("savingsPlans[0].tags", equalTo(Map.of("owner", "me", "stage", "test")));

        caller().contentType(ContentType.JSON)
                .body("{\"tags\": {\"aws:x\": \"y\"}}")
                .patch(path)
                .then()
                .statusCode(400)
                .body("field", equalTo("tags"));
        buy("/v1/savings-plans", with(plan, "tags", Map.of("", "y")))
                .statusCode(400)
                .body("field", equalTo("tags"));
        caller().get("/v1/savings-plans").then().body("savingsPlans.size()", equalTo(1));
    }

    /** An m4.large that has run since the first hour of what was bought. */
    private String runFromTheFirstHourOf(ValidatableResponse bought) {
        Instant startsAt = Instant.parse(bought.statusCode(201).extract().path("startsAt"));
        Life life = new Life(account, "us-east-1a", "m4.large", "linux", "on-demand", clock.epoch())
                .launched(startsAt.truncatedTo(ChronoUnit.HOURS));
        ServiceFixture.send(producer, life.events);
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);
        return life.id;
    }

    private ValidatableResponse billOf(ValidatableResponse bought) {
        String month = bought.extract().<String>path("startsAt").substring(0, 7);
        return caller().get("/v1/bills/" + month).then().statusCode(200);
    }

    private static BigDecimal amount(ValidatableResponse bill, String cost) {
        return new BigDecimal(bill.extract().<String>path("totals." + cost));
    }

    @Test
    void aQueuedPurchaseBecomesActiveByItselfAndOneThatHasNotBegunCanBeDeleted() throws IOException {
        Instant soon = clock.instant().plusSeconds(2);
        Map<String, Object> plan = Map.of(
                "planType", "compute",
                "commitmentHourly", "0.50",
                "paymentOption", "partial-upfront",
                "termYears", 3);
        String queued = buy("/v1/savings-plans", with(plan, "purchaseTime", soon.toString()))
                .statusCode(201)
                .body("state", equalTo("queued"))
                .body("kind", equalTo("compute-savings-plan"))
                .body("region", nullValue())
                .body("commitmentHourly", equalTo("0.50"))
                .extract()
                .path("id");
        String later = buy(
                        "/v1/savings-plans",
                        with(
                                plan,
                                "purchaseTime",
                                soon.plus(Duration.ofDays(30)).toString()))
                .statusCode(201)
                .extract()
                .path("id");

        caller().delete("/v1/savings-plans/" + later).then().statusCode(200).body("state", equalTo("queued-deleted"));

        assertThat(eventsOf(queued, 2)).containsExactly("commitment.purchased", "commitment.activated");
        assertThat(eventsOf(later, 2)).containsExactly("commitment.purchased", "commitment.cancelled");
        caller().get("/v1/savings-plans/" + queued).then().statusCode(200).body("state", equalTo("active"));
        caller().delete("/v1/savings-plans/" + queued).then().statusCode(409).body("code", equalTo("IncorrectState"));
    }

    @Test
    void anotherAccountsCommitmentIsLikeOneThatDoesNotExist() {
        String id = buy("/v1/reserved-instances", Map.of("offeringId", offering("no-upfront")))
                .statusCode(201)
                .extract()
                .path("id");
        RequestSpecification stranger = given().header("Authorization", "Bearer 000000000699");

        stranger.get("/v1/reserved-instances/" + id)
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidReservedInstancesId"));
        stranger.delete("/v1/reserved-instances/" + id).then().statusCode(404);
        // And Reserved Instances are no Savings Plan.
        caller().get("/v1/savings-plans/" + id)
                .then()
                .statusCode(404)
                .body("code", equalTo("ResourceNotFoundException"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/reserved-instances | {}                                                          | 400 | offeringId
            /v1/reserved-instances | {"offeringId": "00000000-0000-0000-0000-000000000000"}      | 404 | offeringId
            /v1/reserved-instances | {"offeringId": "x", "instanceCount": 0}                     | 400 | instanceCount
            /v1/reserved-instances | {"offeringId": "x", "price": "1"}                           | 400 | price
            /v1/savings-plans      | {"planType": "compute", "commitmentHourly": "1", "paymentOption": "no-upfront"} | 400 | termYears
            /v1/savings-plans      | {"planType": "compute", "commitmentHourly": "0", "paymentOption": "no-upfront", "termYears": 1} | 400 | commitmentHourly
            /v1/savings-plans      | {"planType": "compute", "commitmentHourly": "1", "paymentOption": "half", "termYears": 1} | 400 | paymentOption
            /v1/savings-plans      | {"planType": "compute", "commitmentHourly": "1", "paymentOption": "no-upfront", "termYears": 2} | 400 | termYears
            /v1/savings-plans      | {"planType": "compute", "family": "m5", "commitmentHourly": "1", "paymentOption": "no-upfront", "termYears": 1} | 400 | family
            /v1/savings-plans      | {"planType": "ec2-instance", "family": "zz9", "commitmentHourly": "1", "paymentOption": "no-upfront", "termYears": 1} | 400 | family
            /v1/savings-plans      | {"planType": "all", "commitmentHourly": "1", "paymentOption": "no-upfront", "termYears": 1} | 400 | planType
            /v1/savings-plans      | {"planType": "compute", "commitmentHourly": "1", "paymentOption": "no-upfront", "termYears": 1, "purchaseTime": "2020-01-01T00:00:00Z"} | 400 | purchaseTime
            """)
    void whatCannotBeBoughtIsRefusedWithTheFieldAndBuysNothing(String path, String body, int status, String field) {
        caller().contentType(ContentType.JSON)
                .body(body)
                .post(path)
                .then()
                .statusCode(status)
                .body("field", equalTo(field));

        list("/v1/savings-plans").body("savingsPlans", empty());
        list("/v1/reserved-instances").body("reservedInstances", empty());
    }

    private static Map<String, Object> with(Map<String, Object> order, String field, Object value) {
        Map<String, Object> more = new HashMap<>(order);
        more.put(field, value);
        return more;
    }

    private String offering(String paymentOption) {
        return offerings(Map.of(
                        "instanceType", "m4.large",
                        "os", "linux",
                        "offeringClass", "standard",
                        "paymentOption", paymentOption,
                        "termYears", "1"))
                .extract()
                .path("offerings[0].offeringId");
    }

    private ValidatableResponse offerings(Map<String, String> query) {
        return caller().queryParams(query)
                .get("/v1/reserved-instances/offerings")
                .then()
                .statusCode(200);
    }

    private RequestSpecification caller() {
        return given().header("Authorization", "Bearer " + account);
    }

    private ValidatableResponse buy(String path, Map<String, Object> order) {
        return caller().contentType(ContentType.JSON).body(order).post(path).then();
    }

    private ValidatableResponse list(String path) {
        return caller().get(path).then().statusCode(200);
    }

    /** The types of a commitment's events in their order, once so many have come; each has the form of the contract. */
    private List<String> eventsOf(String id, int atLeast) throws IOException {
        await().atMost(Duration.ofSeconds(30)).until(() -> records(id).size() >= atLeast);
        List<String> types = new ArrayList<>();
        long version = 0;
        for (ConsumerRecord<String, byte[]> record : records(id)) {
            ObjectMapper json = new ObjectMapper();
            assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(json.readTree(Schemas.schema(EventType.COMMITMENT_PURCHASED)))
                            .validate(json.readTree(record.value())))
                    .isEmpty();
            assertThat(header(record, CloudEventHeaders.AGGREGATE_VERSION)).isEqualTo(Long.toString(++version));
            types.add(header(record, CloudEventHeaders.TYPE));
        }
        return types;
    }

    private List<ConsumerRecord<String, byte[]>> records(String id) {
        return ServiceFixture.records(brokers, Topic.BILLING_COMMITMENTS.topicName()).stream()
                .filter(record -> id.equals(record.key()))
                .toList();
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
