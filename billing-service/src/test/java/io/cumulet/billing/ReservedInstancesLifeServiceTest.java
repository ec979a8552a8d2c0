package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.cumulet.billing.app.CommitmentStore;
import io.cumulet.billing.app.Invoicing;
import io.cumulet.billing.app.Invoicing.Closing;
import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Schemas;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
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
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reserved Instances that are modified, exchanged and sold: REST, database, events, bills and the ledger. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class ReservedInstancesLifeServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(7_600);
    private static final String PATH = "/v1/reserved-instances";
    private static final String OFFERINGS = PATH + "/offerings";
    private static final String MODIFICATIONS = PATH + "/modifications";
    private static final String EXCHANGES = PATH + "/exchanges";
    private static final String QUOTES = PATH + "/exchange-quotes";
    private static final String LISTINGS = PATH + "/listings";

    @Inject
    StackClock clock;

    @Inject
    CommitmentStore store;

    @Inject
    Offerings offerings;

    @Inject
    Invoicing invoicing;

    @Inject
    Timers timers;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private final String account = account();

    @Test
    void aModificationIsDoneOnceAndTheHoursCostTheSame() throws IOException {
        String old = held(account, offering("m4.xlarge", "standard", "partial-upfront"), 1);
        Map<String, Object> order = Map.of(
                "reservedInstancesIds",
                List.of(old),
                "targetConfigurations",
                List.of(
                        Map.of("scope", "region", "instanceType", "m4.large", "instanceCount", 1),
                        Map.of("availabilityZone", "us-east-1a", "instanceType", "m4.large", "instanceCount", 1)),
                "clientToken",
                "once");

        ValidatableResponse done = post(account, MODIFICATIONS, order)
                .statusCode(201)
                .body("status", equalTo("fulfilled"))
                .body("reservedInstancesIds", contains(old))
                .body("modificationResults.targetConfiguration.availabilityZone", contains(null, "us-east-1a"));
        String id = done.extract().path("id");
        List<String> made = done.extract().path("modificationResults.reservedInstancesId");
        post(account, MODIFICATIONS, order).statusCode(201).body("id", equalTo(id));
        post(account, MODIFICATIONS, with(order, "reservedInstancesIds", List.of(made.getFirst())))
                .statusCode(409)
                .body("code", equalTo("IdempotentParameterMismatch"));
        post(account, MODIFICATIONS, with(order, "clientToken", "twice"))
                .statusCode(409)
                .body("field", equalTo("reservedInstancesIds"));

        get(account, MODIFICATIONS + "/" + id).statusCode(200).body("modificationResults", hasSize(2));
        get(account, MODIFICATIONS).body("modifications.id", contains(id));
        get(account, PATH + "/" + old)
                .body("state", equalTo("retired"))
                .body("retirementReason", equalTo("modified"))
                .body("replacedBy", equalTo(made));
        Instant hour = Instant.parse(done.extract().path("effectiveAt"));
        assertThat(amortized(hour.plus(1, ChronoUnit.HOURS)))
                .isCloseTo(amortized(hour), within(new BigDecimal("0.000000001")))
                .isPositive();
        get(account, "/v1/bills/" + month(hour))
                .body("lines.commitmentId", hasItems(made.get(0), made.get(1)))
                .body(
                        "lines.findAll { it.commitmentId in ['%s', '%s'] }.category"
                                .formatted(made.get(0), made.get(1)),
                        not(hasItem("ri-upfront")));

        JsonNode event = lastEvent(old, "commitment.retired");
        assertThat(event.path("retirementReason").asText()).isEqualTo("modified");
        assertThat(event.path("replacedBy").valueStream().map(JsonNode::asText)).isEqualTo(made);
        assertThat(lastEvent(made.getFirst(), "commitment.purchased")
                        .path("instanceType")
                        .asText())
                .isEqualTo("m4.large");
    }

    @Test
    void anExchangeBillsTheTrueUpThatItsQuoteSaid() throws IOException {
        String old = held(account, offering("m4.large", "convertible", "partial-upfront"), 1);
        Map<String, Object> order = Map.of(
                "reservedInstancesIds",
                List.of(old),
                "targetOfferings",
                List.of(Map.of("offeringId", offering("m4.xlarge", "convertible", "all-upfront"))));

        ValidatableResponse quote = post(account, QUOTES, order)
                .statusCode(200)
                .body("isValidExchange", equalTo(true))
                .body("targets.instanceCount", contains(1));
        post(
                        account,
                        QUOTES,
                        with(
                                order,
                                "targetOfferings",
                                List.of(Map.of("offeringId", offering("m4.xlarge", "convertible", "no-upfront")))))
                .statusCode(200)
                .body("isValidExchange", equalTo(false))
                .body("validationFailureReason", containsString("targetOfferings[0].offeringId"))
                .body("paymentDue", nullValue());
        ValidatableResponse done = post(account, EXCHANGES, with(order, "clientToken", "once"))
                .statusCode(201)
                .body("reservedInstances", hasSize(1))
                .body("reservedInstances[0].instanceType", equalTo("m4.xlarge"))
                .body(
                        "reservedInstances[0].endsAt",
                        equalTo(quote.extract().path("outputReservedInstancesWillExpireAt")));
        post(account, EXCHANGES, with(order, "clientToken", "once"))
                .statusCode(201)
                .body("exchangeId", equalTo(done.extract().path("exchangeId")));

        String got = done.extract().path("reservedInstances[0].id");
        Instant hour = Instant.parse(done.extract().path("effectiveAt"));
        BigDecimal paymentDue = new BigDecimal(quote.extract().<String>path("paymentDue"));
        assertThat(paymentDue).isPositive();
        assertThat(upfrontOnBill(account, hour, got))
                .isEqualByComparingTo(paymentDue.setScale(10, RoundingMode.HALF_EVEN));
        assertThat(lastEvent(old, "commitment.retired").path("retirementReason").asText())
                .isEqualTo("exchanged");
    }

    @Test
    void whatIsSoldIsRetiredPaidByTheBuyerAndOwedToTheSeller() throws IOException {
        String buyer = account();
        String offered = offering("c4.large", "standard", "all-upfront");
        String old = held(account, offered, 3);
        Map<String, Object> order = Map.of(
                "reservedInstancesId",
                old,
                "instanceCount",
                2,
                "priceSchedules",
                List.of(Map.of("term", 10, "price", "100.50"), Map.of("term", 3, "price", "20")),
                "clientToken",
                "once");
        post(account, LISTINGS, order).statusCode(409).body("field", equalTo("reservedInstancesId"));
        closeMonthOf(old);

        ValidatableResponse listed = post(account, LISTINGS, order)
                .statusCode(201)
                .body("status", equalTo("active"))
                .body("priceSchedules", hasSize(10));
        String listing = listed.extract().path("id");
        post(account, LISTINGS, order).statusCode(201).body("id", equalTo(listing));
        post(account, LISTINGS, with(order, "clientToken", "twice")).statusCode(409);
        post(
                        account,
                        MODIFICATIONS,
                        Map.of(
                                "reservedInstancesIds",
                                List.of(old),
                                "targetConfigurations",
                                List.of(Map.of(
                                        "availabilityZone",
                                        "us-east-1a",
                                        "instanceType",
                                        "c4.large",
                                        "instanceCount",
                                        3))))
                .statusCode(409)
                .body("detail", containsString(listing));

        assertThat(forSale(account, "c4.large")).isEmpty();
        ValidatableResponse offer = get(buyer, OFFERINGS + "?marketplace=true&instanceType=c4.large")
                .body("offerings", hasSize(1))
                .body("offerings[0].monthsLeft", equalTo(10))
                .body("offerings[0].upfront", equalTo("100.5"))
                .body("offerings[0].hourly", equalTo("0"))
                .body("offerings[0].instanceCount", equalTo(2));
        assertThat(offer.extract().asString()).doesNotContain(account).doesNotContain(old);
        String offeringId = offer.extract().path("offerings[0].offeringId");
        Map<String, Object> purchase = Map.of("offeringId", offeringId, "limitPrice", "100.49");
        post(buyer, PATH, purchase).statusCode(400).body("field", equalTo("limitPrice"));
        post(buyer, PATH, with(purchase, "instanceCount", 3)).statusCode(503).body("field", equalTo("instanceCount"));
        post(buyer, PATH, Map.of("offeringId", offered, "limitPrice", "1"))
                .statusCode(400)
                .body("field", equalTo("limitPrice"));
        post(account, PATH, Map.of("offeringId", offeringId)).statusCode(404).body("field", equalTo("offeringId"));

        Map<String, Object> accepted = Map.of("offeringId", offeringId, "limitPrice", "100.50", "clientToken", "once");
        ValidatableResponse bought = post(buyer, PATH, accepted)
                .statusCode(201)
                .body("instanceCount", equalTo(1))
                .body("upfront", equalTo("100.5"))
                .body("purchasedTogether", nullValue());
        String id = bought.extract().path("id");
        post(buyer, PATH, accepted).statusCode(201).body("id", equalTo(id));

        String rest = get(account, PATH + "/" + old)
                .body("retirementReason", equalTo("sold"))
                .body("replacedBy", hasSize(1))
                .extract()
                .path("replacedBy[0]");
        get(account, PATH + "/" + rest).body("state", equalTo("active")).body("instanceCount", equalTo(2));
        get(account, "/v1/ledger-entries")
                .body("entries.findAll { it.kind == 'marketplace-sale' }.reference", contains(old))
                .body(
                        "entries.find { it.kind == 'marketplace-sale' }.postings",
                        equalTo(Map.of(
                                "cost/marketplace",
                                "100.5",
                                "payable/" + account,
                                "-88.44",
                                "revenue/marketplace-fee",
                                "-12.06")));
        assertThat(upfrontOnBill(buyer, Instant.parse(bought.extract().path("startsAt")), id))
                .isEqualByComparingTo("100.5");
        JsonNode event = lastEvent(old, "commitment.retired");
        assertThat(event.path("retirementReason").asText()).isEqualTo("sold");
        assertThat(event.toString()).contains(rest).doesNotContain(buyer).doesNotContain(id);

        as(account)
                .delete(LISTINGS + "/" + listing)
                .then()
                .statusCode(200)
                .body("status", equalTo("cancelled"))
                .body("reservedInstancesId", equalTo(rest))
                .body("instanceCounts", equalTo(Map.of("available", 0, "sold", 1, "cancelled", 1)));
        assertThat(forSale(buyer, "c4.large")).isEmpty();
        as(account).delete(LISTINGS + "/" + listing).then().statusCode(409);
    }

    @Test
    void whoBuysAtTheSameMomentNeverGetsTheSame() throws Exception {
        String other = account();
        for (String seller : List.of(account, other)) {
            String owned = held(seller, offering("r4.large", "standard", "all-upfront"), 3);
            closeMonthOf(seller, owned);
            post(seller, LISTINGS, Map.of("reservedInstancesId", owned, "instanceCount", 3))
                    .statusCode(201);
        }
        String offeringId = forSale(account(), "r4.large").getFirst();

        List<String> buyers = new ArrayList<>();
        List<Future<Integer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < 6; i++) {
                String buyer = account();
                buyers.add(buyer);
                answers.add(threads.submit(() -> post(buyer, PATH, Map.of("offeringId", offeringId, "instanceCount", 2))
                        .extract()
                        .statusCode()));
            }
        }
        int done = 0;
        for (Future<Integer> answer : answers) {
            assertThat(answer.get()).isIn(201, 404, 503);
            done += answer.get() == 201 ? 1 : 0;
        }

        assertThat(done).isEqualTo(3);
        int bought = 0;
        for (String buyer : buyers) {
            bought +=
                    get(buyer, PATH)
                            .extract()
                            .jsonPath()
                            .getList("reservedInstances.instanceCount", Integer.class)
                            .stream()
                            .mapToInt(Integer::intValue)
                            .sum();
        }
        assertThat(bought).isEqualTo(6);
        for (String seller : List.of(account, other)) {
            get(seller, LISTINGS)
                    .body("listings[0].status", equalTo("closed"))
                    .body("listings[0].instanceCounts.sold", equalTo(3));
            get(seller, PATH).body("reservedInstances.findAll { it.state == 'active' }", empty());
        }
        assertThat(forSale(account(), "r4.large")).isEmpty();
    }

    @Test
    void aPurchaseFromTwoSellersTellsAllThatWasBought() {
        String other = account();
        for (String seller : List.of(account, other)) {
            String owned = held(seller, offering("r4.xlarge", "standard", "all-upfront"), 1);
            closeMonthOf(seller, owned);
            post(
                            seller,
                            LISTINGS,
                            Map.of(
                                    "reservedInstancesId",
                                    owned,
                                    "instanceCount",
                                    1,
                                    "priceSchedules",
                                    List.of(Map.of("term", 10, "price", seller.equals(account) ? "30" : "20"))))
                    .statusCode(201);
        }
        String buyer = account();
        Map<String, Object> order =
                Map.of("offeringId", forSale(buyer, "r4.xlarge").getFirst(), "instanceCount", 2, "clientToken", "both");

        ValidatableResponse bought = post(buyer, PATH, order)
                .statusCode(201)
                .body("upfront", equalTo("20"))
                .body("purchasedTogether", hasSize(2));
        post(buyer, PATH, order)
                .statusCode(201)
                .body("purchasedTogether", equalTo(bought.extract().path("purchasedTogether")));
        get(buyer, PATH).body("reservedInstances.upfront", hasItems("20", "30"));
    }

    @Test
    void anotherAccountsAreLikeOnesThatDoNotExistAndAListingIsClosedByItsTimer() {
        String standard = held(account, offering("m4.large", "standard", "no-upfront"), 2);
        String listing = post(
                        account,
                        LISTINGS,
                        Map.of(
                                "reservedInstancesId",
                                standard,
                                "instanceCount",
                                1,
                                "priceSchedules",
                                List.of(Map.of("term", 10, "price", "1"))))
                .statusCode(201)
                .extract()
                .path("id");
        String stranger = account();
        String missing = UUID.randomUUID().toString();
        for (String id : List.of(standard, missing)) {
            Map<String, Object> target = Map.of("scope", "region", "instanceType", "m4.large", "instanceCount", 2);
            post(
                            stranger,
                            MODIFICATIONS,
                            Map.of("reservedInstancesIds", List.of(id), "targetConfigurations", List.of(target)))
                    .statusCode(404)
                    .body("field", equalTo("reservedInstancesIds"));
            Map<String, Object> exchange = Map.of(
                    "reservedInstancesIds",
                    List.of(id),
                    "targetOfferings",
                    List.of(Map.of("offeringId", offering("m4.large", "convertible", "all-upfront"))));
            post(stranger, QUOTES, exchange).statusCode(404).body("field", equalTo("reservedInstancesIds"));
            post(stranger, EXCHANGES, exchange).statusCode(404);
            post(stranger, LISTINGS, Map.of("reservedInstancesId", id, "instanceCount", 1))
                    .statusCode(404)
                    .body("field", equalTo("reservedInstancesId"));
        }
        for (String id : List.of(listing, missing)) {
            get(stranger, LISTINGS + "/" + id)
                    .statusCode(404)
                    .body("code", equalTo("InvalidReservedInstancesListingId"));
            as(stranger).delete(LISTINGS + "/" + id).then().statusCode(404);
        }
        get(stranger, MODIFICATIONS + "/" + missing)
                .statusCode(404)
                .body("code", equalTo("InvalidReservedInstancesModificationId"));
        get(account, LISTINGS + "/" + listing).body("status", equalTo("active"));

        // The timer of the moment from which on less than a month is left, brought forward.
        QuarkusTransaction.requiringNew().run(() -> timers.schedule("listing-closes", listing, clock.instant(), ""));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> get(account, LISTINGS + "/" + listing)
                        .body("status", equalTo("closed"))
                        .body("instanceCounts.available", equalTo(0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            modifications   | {"targetConfigurations": []}                                         | reservedInstancesIds
            modifications   | {"reservedInstancesIds": ["x"], "targetConfigurations": []}          | targetConfigurations
            modifications   | {"reservedInstancesIds": ["x"], "targetConfigurations": [{"instanceType": "m4.large", "instanceCount": 1}]} | targetConfigurations[0].scope
            modifications   | {"reservedInstancesIds": ["x"], "targetConfigurations": [{"scope": "region", "availabilityZone": "us-east-1a", "instanceType": "m4.large", "instanceCount": 1}]} | targetConfigurations[0].scope
            modifications   | {"reservedInstancesIds": ["x"], "targetConfigurations": [{"scope": "region", "instanceType": "m4.huge", "instanceCount": 1}]} | targetConfigurations[0].instanceType
            modifications   | {"reservedInstancesIds": ["x"], "targetConfigurations": [{"scope": "region", "instanceType": "m4.large"}]} | targetConfigurations[0].instanceCount
            exchange-quotes | {"reservedInstancesIds": ["x"]}                                      | targetOfferings
            exchanges       | {"reservedInstancesIds": [null], "targetOfferings": [{}]}            | reservedInstancesIds[0]
            listings        | {"instanceCount": 1}                                                 | reservedInstancesId
            listings        | {"reservedInstancesId": "x"}                                         | instanceCount
            listings        | {"reservedInstancesId": "x", "instanceCount": 1, "priceSchedules": [{"term": 1, "price": "1e3"}]} | priceSchedules[0].price
            """)
    void whatCannotBeReadIsRefusedWithTheField(String path, String body, String field) {
        as(account)
                .contentType(ContentType.JSON)
                .body(body)
                .post(PATH + "/" + path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("field", equalTo(field));
    }

    /** What the hour before a moment costs, upfront fees spread. */
    private BigDecimal amortized(Instant end) {
        return new BigDecimal(as(account)
                .queryParam("from", end.minus(1, ChronoUnit.HOURS).toString())
                .queryParam("until", end.toString())
                .get("/v1/costs/commitments")
                .then()
                .statusCode(200)
                .body("commitments.commitmentId", notNullValue())
                .extract()
                .<String>path("total.totalAmortizedCommitment"));
    }

    private static BigDecimal upfrontOnBill(String payer, Instant at, String commitmentId) {
        return new BigDecimal(get(payer, "/v1/bills/" + month(at))
                .extract()
                .<String>path("lines.find { it.category == 'ri-upfront' && it.commitmentId == '%s' }.billedCost"
                        .formatted(commitmentId)));
    }

    private static YearMonth month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    /** Reserved Instances that an account has had for 45 days; ten whole months of their year are left. */
    private String held(String owner, String offeringId, int count) {
        Instant since = clock.instant().minus(Duration.ofDays(45)).truncatedTo(ChronoUnit.MICROS);
        PurchasedCommitment commitment = new PurchasedCommitment(
                UUID.randomUUID().toString(),
                new AccountId(owner),
                offerings
                        .reservedInstances(new Region("us-east-1"), offeringId, count, clock.instant())
                        .orThrow(),
                since,
                since,
                null,
                1);
        QuarkusTransaction.requiringNew().run(() -> store.insert(commitment));
        return commitment.id();
    }

    private void closeMonthOf(String commitmentId) {
        closeMonthOf(account, commitmentId);
    }

    private void closeMonthOf(String owner, String commitmentId) {
        YearMonth month = month(
                store.find(new AccountId(owner), commitmentId).orElseThrow().startsAt());
        Closing.Ready ready = (Closing.Ready) invoicing.prepare(new AccountId(owner), month, Optional.empty());
        assertThat(QuarkusTransaction.requiringNew().call(() -> invoicing.close(ready)))
                .isTrue();
    }

    private static String offering(String type, String offeringClass, String paymentOption) {
        return as(account())
                .queryParams(Map.of(
                        "instanceType", type,
                        "os", "linux",
                        "offeringClass", offeringClass,
                        "paymentOption", paymentOption,
                        "termYears", "1"))
                .get(OFFERINGS)
                .then()
                .statusCode(200)
                .body("offerings", hasSize(1))
                .extract()
                .path("offerings[0].offeringId");
    }

    private static List<String> forSale(String buyer, String type) {
        return get(buyer, OFFERINGS + "?marketplace=true&instanceType=" + type)
                .statusCode(200)
                .extract()
                .path("offerings.offeringId");
    }

    private static Map<String, Object> with(Map<String, Object> body, String field, Object value) {
        Map<String, Object> more = new HashMap<>(body);
        more.put(field, value);
        return more;
    }

    private static String account() {
        return "%012d".formatted(ACCOUNTS.incrementAndGet());
    }

    private static RequestSpecification as(String caller) {
        return given().header("Authorization", "Bearer " + caller);
    }

    private static ValidatableResponse get(String caller, String path) {
        return as(caller).get(path).then();
    }

    private static ValidatableResponse post(String caller, String path, Map<String, Object> body) {
        return as(caller).contentType(ContentType.JSON).body(body).post(path).then();
    }

    /** The last event of a commitment, once it is of a type; it has the form of the contract. */
    private JsonNode lastEvent(String id, String type) throws IOException {
        List<ConsumerRecord<String, byte[]>> last = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            ServiceFixture.records(brokers, Topic.BILLING_COMMITMENTS.topicName()).stream()
                    .filter(record -> id.equals(record.key()))
                    .forEach(last::add);
            return !last.isEmpty()
                    && type.equals(new String(
                            last.getLast()
                                    .headers()
                                    .lastHeader(CloudEventHeaders.TYPE)
                                    .value(),
                            StandardCharsets.UTF_8));
        });
        ObjectMapper json = new ObjectMapper();
        JsonNode event = json.readTree(last.getLast().value());
        assertThat(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(json.readTree(Schemas.schema(EventType.COMMITMENT_RETIRED)))
                        .validate(event))
                .isEmpty();
        return event;
    }
}
