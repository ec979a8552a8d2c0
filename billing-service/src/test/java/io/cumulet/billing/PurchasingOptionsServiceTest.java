package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.billing.app.CommitmentStore;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.PaymentOption;
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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which purchasing option is right, asked over REST for what was recorded. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class PurchasingOptionsServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(1000);
    private static final Instant DECEMBER = Instant.parse("2017-12-01T00:00:00Z");
    private static final Instant JANUARY = Instant.parse("2018-01-01T00:00:00Z");
    private static final BigDecimal LAST_PLACE = new BigDecimal("0.001");

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    @Inject
    CommitmentStore commitments;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    /**
     * The well-known comparison for an m4.large that runs for a whole month, from the price lists of that time. The figures
     * and the lists are rounded to three places.
     */
    @Test
    void anM4LargeUnderEachPurchasingOption() {
        Life life = life("us-east-1f", "m4.large").launched(DECEMBER).terminated(JANUARY);
        send(life);
        ServiceFixture.send(
                producer,
                List.of(ServiceFixture.spotPrice(
                        "us-east-1f", "m4.large", "linux", 1, "0.0313", DECEMBER.minusSeconds(60), clock.epoch())));
        awaitRead();
        Map<String, String> expected = new HashMap<>();
        List<Map<String, Object>> portfolios = new ArrayList<>();
        portfolios.add(Map.of("name", "on-demand"));
        expected.put("on-demand", "0.100");
        portfolios.add(Map.of("name", "spot", "market", "spot"));
        expected.put("spot", "0.0313");
        for (String option : List.of(
                "standard 1 no-upfront 0.062",
                "standard 1 all-upfront 0.058",
                "standard 3 no-upfront 0.043",
                "standard 3 all-upfront 0.037",
                "convertible 1 no-upfront 0.071",
                "convertible 1 all-upfront 0.066")) {
            String[] words = option.split(" ");
            portfolios.add(Map.of(
                    "name",
                    option,
                    "reservedInstances",
                    List.of(Map.of(
                            "instanceType",
                            "m4.large",
                            "offeringClass",
                            words[0],
                            "termYears",
                            Integer.parseInt(words[1]),
                            "paymentOption",
                            words[2]))));
            expected.put(option, words[3]);
        }
        portfolios.add(Map.of(
                "name",
                "savings plan",
                "savingsPlans",
                List.of(Map.of(
                        "planType", "ec2-instance",
                        "family", "m4",
                        "commitmentHourly", "0.062",
                        "termYears", 1,
                        "paymentOption", "no-upfront"))));
        expected.put("savings plan", "0.062");

        ValidatableResponse answer = whatIf(DECEMBER, JANUARY, portfolios).statusCode(200);

        for (Map<String, Object> portfolio : portfolios) {
            String name = String.valueOf(portfolio.get("name"));
            Map<String, Object> result = answer.extract().path("portfolios.find { it.name == '" + name + "' }");
            assertThat(new BigDecimal(String.valueOf(result.get("effectiveCostHourly")))
                            .setScale(3, RoundingMode.HALF_UP)
                            .subtract(new BigDecimal(expected.get(name)))
                            .abs())
                    .as(name)
                    .isLessThanOrEqualTo(LAST_PLACE);
            assertThat((List<?>) result.get("unrated")).as(name).isEmpty();
        }
        answer.body("portfolios[0].totals.billedCost", equalTo("74.4"));
        // Nothing was bought: the bill is what it was.
        as(account)
                .get("/v1/bills/2017-12")
                .then()
                .body("totals.billedCost", equalTo("74.4"))
                .body("lines.category", equalTo(List.of("on-demand")));
    }

    /**
     * The rest of the comparison. A host of m4 holds 22 m4.large: filled, one of them costs what it costs on demand. The region fee of
     * dedicated instances is shared by all of them.
     */
    @Test
    void twentyTwoM4LargeOnADedicatedHostAsDedicatedInstancesAndInReservedCapacity() {
        List<Life> lives = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            lives.add(life("us-east-1b", "m4.large").launched(DECEMBER).terminated(JANUARY));
        }
        lives.forEach(life -> ServiceFixture.send(producer, life.events));
        awaitRead();
        List<Map<String, Object>> hosts = List.of(Map.of("family", "m4"));

        ValidatableResponse answer = whatIf(
                        DECEMBER,
                        JANUARY,
                        List.of(
                                Map.of("name", "host", "tenancy", "host", "dedicatedHosts", hosts),
                                Map.of(
                                        "name",
                                        "reserved host",
                                        "tenancy",
                                        "host",
                                        "dedicatedHosts",
                                        hosts,
                                        "hostReservations",
                                        List.of(Map.of("family", "m4", "termYears", 1, "hourly", "1.54"))),
                                Map.of("name", "dedicated", "tenancy", "dedicated"),
                                Map.of(
                                        "name",
                                        "capacity",
                                        "capacityReservations",
                                        List.of(Map.of(
                                                "instanceType", "m4.large",
                                                "availabilityZone", "us-east-1b",
                                                "instanceCount", 25)))))
                .statusCode(200)
                .body("portfolios.unrated.flatten()", hasSize(0));

        assertThat(answer.extract().<List<String>>path("portfolios.effectiveCostHourly").stream()
                        .map(BigDecimal::new))
                .usingElementComparator(BigDecimal::compareTo)
                .containsExactly(
                        new BigDecimal("2.2"),
                        new BigDecimal("1.54"),
                        // 22 instances and the fee; 22 instances and 3 more that nobody runs.
                        new BigDecimal("4.2"),
                        new BigDecimal("2.5"));
        // One more than the host holds isn't on it, and isn't paid for.
        send(life("us-east-1b", "m4.large").launched(DECEMBER.plusSeconds(60)).terminated(JANUARY));
        whatIf(DECEMBER, JANUARY, List.of(Map.of("name", "host", "tenancy", "host", "dedicatedHosts", hosts)))
                .body("portfolios[0].totals.effectiveCost", equalTo("1636.8"))
                .body("portfolios[0].unrated", hasSize(1))
                .body("portfolios[0].unrated[0].from", equalTo("2017-12-01T00:00:00Z"));
    }

    /** What we export can be read again: on demand, it costs the list cost that the bill has. */
    @Test
    void anExportedMonthCostsItsListCostWhenItIsUploadedAndRatedOnDemand() {
        Instant tenth = Instant.parse("2017-12-10T10:20:00Z");
        send(life("us-east-1c", "m4.large").launched(tenth).terminated(tenth.plusSeconds(200_000)));
        send(life("us-east-1c", "c4.large").launched(tenth).terminated(tenth.plusSeconds(45)));
        send(new Life(account, "us-east-1c", "m4.large", "linux", "spot", clock.epoch())
                .launched(tenth)
                .terminated(tenth.plusSeconds(9_999)));
        byte[] export = as(account)
                .get("/v1/exports/focus?month=2017-12")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        String list = as(account).get("/v1/bills/2017-12").then().extract().path("totals.listCost");

        as(account)
                .multiPart("usage", "december.csv.gz", export)
                .multiPart("portfolios", "[{\"name\": \"on demand\", \"market\": \"on-demand\"}]")
                .post("/v1/what-ifs")
                .then()
                .statusCode(200)
                .body("from", equalTo("2017-12-10T10:00:00Z"))
                .body("upload.ignoredRows", anEmptyMap())
                .body("portfolios[0].unrated", hasSize(0))
                .body("portfolios[0].totals.listCost", equalTo(list))
                .body("portfolios[0].totals.billedCost", equalTo(list));
        Map<String, String> fields = Map.of(
                "[{\"name\": 1}]",
                "portfolios[0].name",
                "[{\"nome\": \"x\"}]",
                "portfolios[0].nome",
                "[{\"name\": ",
                "portfolios",
                "nonsense",
                "portfolios");
        fields.forEach((bad, field) -> as(account)
                .multiPart("usage", "december.csv.gz", export)
                .multiPart("portfolios", bad)
                .post("/v1/what-ifs")
                .then()
                .statusCode(400)
                .body("field", startsWith(field)));
        as(account)
                .multiPart("usage", "december.csv.gz", Arrays.copyOf(export, export.length - 9))
                .multiPart("portfolios", "[{\"name\": \"x\"}]")
                .post("/v1/what-ifs")
                .then()
                .statusCode(400)
                .body("field", equalTo("usage"));
        as(account)
                .multiPart("usage", "december.csv.gz", export)
                .multiPart("portfolios", "[{\"name\": \"x\"}]")
                .multiPart("from", "+999999999-01-01T00:00:00Z")
                .multiPart("until", "+999999999-01-02T00:00:00Z")
                .post("/v1/what-ifs")
                .then()
                .statusCode(400)
                .body("field", oneOf("from", "until"));
        as(account)
                .multiPart("usage", "december.csv", "ChargeCategory,ChargePeriodStart\nUsage,noon\n".getBytes(UTF_8))
                .multiPart("portfolios", "[{\"name\": \"x\"}]")
                .post("/v1/what-ifs")
                .then()
                .statusCode(400)
                .body("field", equalTo("usage"));
    }

    @Test
    void aScenarioIsRatedAtItsOwnPricesUnderEachPortfolio() {
        String body = """
                {"scenario": {
                   "period": {"start": "2018-01-01T00:00:00Z", "end": "2018-01-01T10:00:00Z"},
                   "prices": {"onDemand": [{"region": "us-east-1", "instanceType": "m4.large", "os": "linux", "hourly": "0.50"}]},
                   "instances": [{"id": "i-1", "account": "111111111111", "instanceType": "m4.large", "os": "linux",
                     "availabilityZone": "us-east-1a", "runs": [{"start": "2018-01-01T00:00:00Z"}]}]},
                 "portfolios": [{"name": "on demand"}, {"name": "dedicated", "tenancy": "dedicated"},
                   {"name": "plan", "savingsPlans": [{"planType": "ec2-instance", "family": "m4", "commitmentHourly": "0.062",
                     "termYears": 1, "paymentOption": "no-upfront"}]}]}""";

        as(account)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/what-ifs")
                .then()
                .statusCode(200)
                .body("portfolios.totals.billedCost", equalTo(List.of("5", "25", "0.62")))
                .body("portfolios[2].savingsAgainstOnDemand", equalTo("4.38"));
        as(account)
                .contentType(ContentType.JSON)
                .body(body.replace("\"0.50\"", "0.50"))
                .post("/v1/what-ifs")
                .then()
                .statusCode(422)
                .body("field", equalTo("/scenario/prices/onDemand/0/hourly"));
    }

    @Test
    void whatHasNoPriceUnderAPortfolioIsSaidAndInNoCost() {
        send(life("us-east-1b", "m4.xlarge").launched(DECEMBER).terminated(JANUARY));

        whatIf(DECEMBER, JANUARY, List.of(Map.of("name", "spot", "market", "spot")))
                .statusCode(200)
                .body("portfolios[0].totals.listCost", equalTo("0"))
                .body("portfolios[0].unrated[0].reason", notNullValue());
    }

    @Test
    void theRecommendedPlanIsTheCheapestAndConfirmedByAWhatIf() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.HOURS);
        // One that always runs, one that ran half of the week, and one that did for a month before.
        send(life("us-east-1a", "m4.large").launched(now.minus(Duration.ofDays(40))));
        send(life("us-east-1a", "m4.xlarge")
                .launched(now.minus(Duration.ofDays(7)))
                .terminated(now.minus(Duration.ofHours(84))));

        ValidatableResponse answer = recommend(Map.of(
                        "lookbackDays", 7,
                        "planType", "ec2-instance",
                        "family", "m4",
                        "termYears", 1,
                        "paymentOption", "no-upfront"))
                .statusCode(200)
                // The xlarge runs half of the time: at 0.62 of the on-demand rate that isn't worth it.
                .body("commitmentHourly", equalTo("0.062"))
                .body("utilization", equalTo("1.0000"))
                .body("breakEvenUtilization", equalTo("0.6200"))
                .body("worstCase", equalTo("543.12"))
                .body("outOfSample.regret", equalTo("0"));
        BigDecimal saves = new BigDecimal("0.038").multiply(BigDecimal.valueOf(168));
        assertThat(new BigDecimal(answer.extract().<String>path("savings"))).isEqualByComparingTo(saves);

        List<Map<String, Object>> portfolios = new ArrayList<>();
        for (String commitment : List.of("0.061", "0.062", "0.063")) {
            portfolios.add(Map.of(
                    "name",
                    commitment,
                    "savingsPlans",
                    List.of(Map.of(
                            "planType", "ec2-instance",
                            "family", "m4",
                            "commitmentHourly", commitment,
                            "termYears", 1,
                            "paymentOption", "no-upfront"))));
        }
        ValidatableResponse around =
                whatIf(now.minus(Duration.ofDays(7)), now, portfolios).statusCode(200);
        List<BigDecimal> costs = around.extract().<List<String>>path("portfolios.totals.effectiveCost").stream()
                .map(BigDecimal::new)
                .toList();
        assertThat(costs.get(1)).isLessThan(costs.get(0)).isLessThan(costs.get(2));
        assertThat(costs.get(1)).isEqualByComparingTo(answer.extract().<String>path("costWith"));
    }

    @Test
    void reservedInstancesAndAPlanAreRecommendedTogetherAndNoNeighbourIsCheaper() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.HOURS);
        Instant weekAgo = now.minus(Duration.ofDays(7));
        // Two that always run: reserved, and what runs by turns in two families: a Compute plan.
        send(life("us-east-1a", "m4.large").launched(now.minus(Duration.ofDays(20))));
        send(life("us-east-1a", "m4.large").launched(now.minus(Duration.ofDays(20))));
        send(life("us-east-1a", "c4.large").launched(weekAgo).terminated(now.minus(Duration.ofHours(84))));
        send(life("us-east-1a", "r4.large").launched(now.minus(Duration.ofHours(84))));

        ValidatableResponse answer = recommend(Map.of(
                        "lookbackDays", 7,
                        "offeringClass", "standard",
                        "planType", "compute",
                        "termYears", 1,
                        "paymentOption", "no-upfront"))
                .statusCode(200)
                .body("reservedInstances.instanceType", equalTo(List.of("m4.large")))
                .body("reservedInstances[0].instanceCount", equalTo(2))
                .body("reservedInstances[0].utilization", equalTo("1.0000"));
        BigDecimal commitment = new BigDecimal(answer.extract().<String>path("commitmentHourly"));
        BigDecimal cost = new BigDecimal(answer.extract().<String>path("costWith"));
        assertThat(commitment).isPositive();
        // In the 13 days before, the plan would have had nothing to pay for.
        assertThat(new BigDecimal(answer.extract().<String>path("outOfSample.regret")))
                .isEqualByComparingTo(commitment.multiply(BigDecimal.valueOf(13 * 24)));
        assertThat(new BigDecimal(answer.extract().<String>path("gap"))).isLessThan(new BigDecimal("0.002"));
        assertThat(new BigDecimal(answer.extract().<String>path("leastPossibleCost")))
                .isLessThanOrEqualTo(cost);

        List<Map<String, Object>> around = new ArrayList<>();
        for (int count : List.of(2, 1, 3)) {
            for (String step : List.of("0", "-0.001", "0.001")) {
                around.add(Map.of(
                        "name",
                        count + " " + step,
                        "reservedInstances",
                        List.of(Map.of(
                                "instanceType", "m4.large",
                                "offeringClass", "standard",
                                "instanceCount", count,
                                "termYears", 1,
                                "paymentOption", "no-upfront")),
                        "savingsPlans",
                        List.of(Map.of(
                                "planType",
                                "compute",
                                "commitmentHourly",
                                commitment.add(new BigDecimal(step)).toPlainString(),
                                "termYears",
                                1,
                                "paymentOption",
                                "no-upfront"))));
            }
        }
        List<String> costs =
                whatIf(weekAgo, now, around).statusCode(200).extract().path("portfolios.totals.effectiveCost");
        assertThat(new BigDecimal(costs.getFirst())).isEqualByComparingTo(cost);
        assertThat(costs.stream().skip(1).map(BigDecimal::new)).allMatch(other -> other.compareTo(cost) > 0);
    }

    @Test
    void nothingIsSaidOfTheLeastPossibleCostWhereAnOlderPlanMightBeFreed() {
        send(life("us-east-1a", "m4.large").launched(clock.instant().minus(Duration.ofDays(8))));
        Map<String, Object> wish =
                Map.of("lookbackDays", 7, "offeringClass", "standard", "termYears", 1, "paymentOption", "no-upfront");
        recommend(wish)
                .statusCode(200)
                .body("leastPossibleCost", notNullValue())
                .body("gap", equalTo("0.000001"));

        Instant before = clock.instant().minus(Duration.ofDays(9)).truncatedTo(ChronoUnit.MICROS);
        QuarkusTransaction.requiringNew()
                .run(() -> commitments.insert(new PurchasedCommitment(
                        UUID.randomUUID().toString(),
                        new AccountId(account),
                        new Terms.ComputeSavingsPlan(1, PaymentOption.NO_UPFRONT, HourlyRate.of("0.001")),
                        before,
                        before,
                        null,
                        1)));
        recommend(wish)
                .statusCode(200)
                .body("reservedInstances[0].instanceCount", equalTo(1))
                .body("leastPossibleCost", nullValue())
                .body("gap", nullValue());
        // Another Compute plan comes last.
        recommend(Map.of("lookbackDays", 7, "planType", "compute", "termYears", 1, "paymentOption", "no-upfront"))
                .statusCode(200)
                .body("leastPossibleCost", notNullValue())
                // At most what rows are rounded by.
                .body("gap", in(List.of("0.000000", "0.000001")));
    }

    @Test
    void withoutUsageNoPlanIsRecommended() {
        recommend(Map.of("lookbackDays", 30, "planType", "compute", "termYears", 3, "paymentOption", "all-upfront"))
                .statusCode(200)
                .body("commitmentHourly", equalTo("0"))
                .body("savings", equalTo("0"))
                .body("utilization", nullValue());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what-ifs        | {"until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x"}]} | from
            what-ifs        | {"from": "2017-12-01T00:00:01Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x"}]} | from
            what-ifs        | {"from": "2018-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x"}]} | until
            what-ifs        | {"from": "2016-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x"}]} | until
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z"} | portfolios
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": []} | portfolios
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{}]} | portfolios[0].name
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x"}, {"name": "x"}]} | portfolios[1].name
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x", "market": "black"}]} | portfolios[0].market
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x", "tenancy": "host"}]} | portfolios[0].dedicatedHosts
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x", "tenancy": "host", "dedicatedHosts": [{"family": "t2"}]}]} | portfolios[0].dedicatedHosts[0].family
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x", "capacityReservations": [{"instanceType": "m4.large", "availabilityZone": "eu-west-1a"}]}]} | portfolios[0].capacityReservations[0].availabilityZone
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x", "reservedInstances": [{"instanceType": "m4.large"}]}]} | portfolios[0].reservedInstances[0].termYears
            what-ifs        | {"from": "2017-12-01T00:00:00Z", "until": "2018-01-01T00:00:00Z", "portfolios": [{"name": "x", "savingsPlans": [{"planType": "compute", "commitmentHourly": "0", "termYears": 1, "paymentOption": "no-upfront"}]}]} | portfolios[0].savingsPlans[0].commitmentHourly
            recommendations | {"planType": "compute", "termYears": 1, "paymentOption": "no-upfront"} | lookbackDays
            recommendations | {"lookbackDays": 8, "planType": "compute", "termYears": 1, "paymentOption": "no-upfront"} | lookbackDays
            recommendations | {"lookbackDays": 7, "termYears": 1, "paymentOption": "no-upfront"} | planType
            recommendations | {"lookbackDays": 7, "offeringClass": "scheduled", "termYears": 1, "paymentOption": "no-upfront"} | offeringClass
            recommendations | {"lookbackDays": 7, "offeringClass": "standard", "family": "m4", "termYears": 1, "paymentOption": "no-upfront"} | family
            recommendations | {"lookbackDays": 7, "planType": "all", "termYears": 1, "paymentOption": "no-upfront"} | planType
            """)
    void whatCannotBeAskedIsRefusedWithTheField(String path, String body, String field) {
        as(account)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/" + path)
                .then()
                .statusCode(400)
                .body("field", equalTo(field));
    }

    private ValidatableResponse whatIf(Instant from, Instant until, List<Map<String, Object>> portfolios) {
        return as(account)
                .contentType(ContentType.JSON)
                .body(Map.of("from", from.toString(), "until", until.toString(), "portfolios", portfolios))
                .post("/v1/what-ifs")
                .then();
    }

    private ValidatableResponse recommend(Map<String, Object> body) {
        return as(account)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/recommendations")
                .then();
    }

    private Life life(String zone, String type) {
        return new Life(account, zone, type, "linux", "on-demand", clock.epoch());
    }

    private void send(Life life) {
        ServiceFixture.send(producer, life.events);
        awaitRead();
    }

    private void awaitRead() {
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);
    }

    private static RequestSpecification as(String account) {
        return given().header("Authorization", "Bearer " + account);
    }
}
