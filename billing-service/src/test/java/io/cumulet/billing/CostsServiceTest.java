package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.contract.EventType;
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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Costs by time, group and tag, and how commitments are used, over REST. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class CostsServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(300);
    private static final Instant JANUARY = Instant.parse("2026-01-10T22:00:00Z");

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    @Inject
    DataSource dataSource;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    @Test
    void costsStandInThePeriodInWhichTheirHourBegins() {
        // Three hours and a half over midnight, at 0.1 an hour.
        tell(life("us-east-1a").launched(JANUARY).terminated(JANUARY.plusSeconds(12_600)).events);

        costs("from", "2026-01-10T00:00:00Z", "until", "2026-01-12T00:00:00Z", "granularity", "daily")
                .body("periods.start", contains("2026-01-10T00:00:00Z", "2026-01-11T00:00:00Z"))
                .body("periods[0].groups", hasSize(1))
                .body("periods[0].groups[0].billedCost", equalTo("0.2"))
                .body("periods[1].groups[0].billedCost", equalTo("0.15"))
                .body("periods[1].groups[0].seconds", equalTo("5400"))
                .body("totals.listCost", equalTo("0.35"))
                .body("provisional", equalTo(false));
        costs("from", "2026-01-10T23:00:00Z", "until", "2026-01-11T02:00:00Z", "granularity", "hourly")
                .body("periods.groups.billedCost.flatten()", contains("0.1", "0.1", "0.05"));
        costs("from", "2026-01-01T00:00:00Z", "until", "2026-02-01T00:00:00Z", "granularity", "monthly")
                .body("periods", hasSize(1))
                .body("totals.billedCost", equalTo("0.35"));
    }

    @Test
    void costsAreGroupedByWhatTheyAreForAndByRegionAndAccount() {
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        told.addAll(life("us-east-1a").launched(JANUARY).terminated(JANUARY.plusSeconds(3_600)).events);
        told.addAll(life("eu-west-1a").launched(JANUARY).terminated(JANUARY.plusSeconds(3_600)).events);
        tell(told);

        costs("groupBy", "region,purchase-option", "groupBy", "os")
                .body("groupBy", contains("region", "purchase-option", "os"))
                .body("periods[0].groups.keys.region", contains("eu-west-1", "us-east-1"))
                .body("periods[0].groups.keys.'purchase-option'", everyItem(equalTo("on-demand")))
                .body("periods[0].groups.billedCost", contains("0.111", "0.1"));
        costs("region", "eu-west-1").body("totals.billedCost", equalTo("0.111"));
        costs("account", account).body("totals.billedCost", equalTo("0.211"));
        costs("account", "999999999999").body("totals.billedCost", equalTo("0"));
    }

    @Test
    void anHourHasTheTagsInForceWhenItBegins() {
        Life life = life("us-east-1a")
                .tagged(Map.of("team", "red"))
                .launched(JANUARY.plusSeconds(1_800))
                .tagged(Map.of("team", "blue"))
                .then(EventType.INSTANCE_MODIFIED, "running", JANUARY.plusSeconds(5_400));
        life.tagged(Map.of()).then(EventType.INSTANCE_MODIFIED, "running", JANUARY.plusSeconds(7_200));
        life.terminated(JANUARY.plusSeconds(10_800));
        tell(life.events);

        costs("from", "2026-01-10T22:00:00Z", "until", "2026-01-11T01:00:00Z", "groupBy", "tag:team")
                .body("periods[0].groups.keys.'tag:team'", contains("red"))
                .body("periods[0].groups.billedCost", contains("0.15"))
                .body("periods[1].groups[0].keys", equalTo(Map.of()))
                .body("periods[1].groups.billedCost", contains("0.1"));
        // No row says what the one before it says.
        assertThat(tagsOf(life)).containsExactly("1 {\"team\": \"red\"}", "3 {\"team\": \"blue\"}", "4 {}");
    }

    @Test
    void tagsAreTheSameInAnyOrderAndAfterARebuild() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Life life = life("us-east-1a");
            Instant at = JANUARY;
            life.tagged(Map.of("team", "t" + random.nextInt(3))).launched(at);
            for (int change = 0; change < 5; change++) {
                at = at.plusSeconds(random.nextInt(5_000));
                life.tagged(random.nextInt(4) == 0 ? Map.of() : Map.of("team", "t" + random.nextInt(3)))
                        .then(EventType.INSTANCE_MODIFIED, "running", at);
            }
            told.addAll(life.terminated(at.plusSeconds(4_000)).events);
        }
        tell(told.reversed());
        String byTeam = costs("groupBy", "tag:team,instance", "granularity", "hourly")
                .extract()
                .asString();
        Collections.shuffle(told, random);
        tell(told);
        assertThat(costs("groupBy", "tag:team,instance", "granularity", "hourly")
                        .extract()
                        .asString())
                .as("seed %d", seed)
                .isEqualTo(byTeam);

        given().header("Authorization", "Bearer operator")
                .post("/v1/projections/metering/rebuild")
                .then()
                .statusCode(200);

        assertThat(costs("groupBy", "tag:team,instance", "granularity", "hourly")
                        .extract()
                        .asString())
                .as("seed %d", seed)
                .isEqualTo(byTeam);
    }

    @Test
    void utilizationAndSavingsOfAPlanFollowFromWhatItPaidFor() {
        ValidatableResponse bought = caller().contentType(ContentType.JSON)
                .body(Map.of(
                        "planType", "ec2-instance",
                        "family", "m4",
                        "commitmentHourly", "0.124",
                        "paymentOption", "no-upfront",
                        "termYears", 1))
                .post("/v1/savings-plans")
                .then()
                .statusCode(201);
        String plan = bought.extract().path("id");
        Instant hour = Instant.parse(bought.extract().path("startsAt")).truncatedTo(ChronoUnit.HOURS);
        // A whole hour of an m4.large, at 0.062, is half of the plan.
        tell(life("us-east-1a").launched(hour).terminated(hour.plusSeconds(3_600)).events);

        caller().queryParam("from", hour.toString())
                .queryParam("until", hour.plusSeconds(3_600).toString())
                .get("/v1/costs/commitments")
                .then()
                .statusCode(200)
                .body("commitments.commitmentId", contains(plan))
                .body("commitments[0].kind", equalTo("ec2-instance-savings-plan"))
                .body("commitments[0].utilization.utilizationPercentage", equalTo("50.00"))
                .body("commitments[0].utilization.onDemandCostEquivalent", equalTo("0.1"))
                .body("commitments[0].utilization.netSavings", equalTo("-0.024"))
                .body("total.totalAmortizedCommitment", equalTo("0.124"))
                .body("total.usedCommitment", equalTo("0.062"))
                .body("coverage.byType.kind", contains("ec2-instance-savings-plan"))
                .body("coverage.coveragePercentage", equalTo("100.00"));
        costs("from", hour.toString(), "until", hour.plusSeconds(3_600).toString(), "groupBy", "commitment,category")
                .body("periods[0].groups.keys.category", hasItems("sp-covered", "sp-recurring"))
                .body("periods[0].groups.keys.commitment", everyItem(equalTo(plan)));
    }

    @Test
    void reportsHaveWhatAFilterLetsThroughAndSayHowCommitmentsAreUsed() {
        String plan = caller().queryParam("planType", "ec2-instance")
                .queryParam("family", "m4")
                .queryParam("paymentOption", "partial-upfront")
                .queryParam("termYears", 1)
                .get("/v1/savings-plans/offerings")
                .then()
                .statusCode(200)
                .extract()
                .path("offerings.find { it.region == 'us-east-1' }.offeringId");
        ValidatableResponse bought = caller().contentType(ContentType.JSON)
                .body(Map.of("offeringId", plan, "commitmentHourly", "0.118"))
                .post("/v1/savings-plans")
                .then()
                .statusCode(201)
                .body("family", equalTo("m4"))
                .body("offeringId", equalTo(plan))
                .body("recurringPaymentAmount", equalTo("0.059"))
                .body("upfrontPaymentAmount", equalTo("516.84"));
        Instant hour = Instant.parse(bought.extract().path("startsAt")).truncatedTo(ChronoUnit.HOURS);
        String rate = caller().get("/v1/savings-plans/" + bought.extract().path("id") + "/rates?maxResults=1000")
                .then()
                .statusCode(200)
                .extract()
                .path("rates.find { it.instanceType == 'm4.large' && it.os == 'linux' }.hourly");
        tell(life("us-east-1a")
                .tagged(Map.of("team", "red"))
                .launched(hour)
                .terminated(hour.plusSeconds(3_600))
                .events);

        report(
                        "utilization",
                        hour,
                        "commitment",
                        Map.of("dimension", "commitment-kind", "values", List.of("ec2-instance-savings-plan")))
                .body("periods", hasSize(1))
                .body("periods[0].groups[0].value.fees.totalAmortizedCommitment", equalTo("0.118"))
                .body("periods[0].groups[0].value.fees.usedCommitment", equalTo(rate))
                .body("totals.recurringFees", equalTo("0.059"))
                .body("totals.spreadUpfrontFees", equalTo("0.059"));
        report("coverage", hour, "instance-family", Map.of("dimension", "tag:team", "values", List.of("red")))
                .body("periods[0].groups.keys.'instance-family'", contains("m4"))
                .body("totals.savingsPlans.listCost", equalTo("0.1"))
                .body("totals.savingsPlans.normalizedSeconds", equalTo("14400"))
                .body("totals.onDemand.listCost", equalTo("0"));
        report(
                        "",
                        hour,
                        "usage-type",
                        Map.of(
                                "not",
                                Map.of(
                                        "dimension",
                                        "category",
                                        "match",
                                        "starts-with",
                                        "values",
                                        List.of("sp-re", "sp-up"))))
                .body("periods[0].groups.keys.'usage-type'", hasItems("BoxUsage:m4.large"))
                .body("totals.billedCost", equalTo("0"))
                .body("totals.effectiveCost", equalTo("0.118"));
        report("tags", hour, "os", Map.of("dimension", "os", "values", List.of("linux")))
                .body("tags.team", contains("red"));
        report("tags", hour, "os", Map.of("dimension", "os", "values", List.of("windows")))
                .body("tags", equalTo(Map.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"and": [], "or": []}                                          | filter
            {"and": []}                                                    | filter.and
            {"dimension": "colour", "values": ["red"]}                     | filter.dimension
            {"not": {"dimension": "os"}}                                   | filter.not.values
            {"dimension": "os", "match": "absent", "values": ["linux"]}    | filter.values
            {"dimension": "os", "match": "like", "values": ["linux"]}      | filter.match
            """)
    void aConditionThatIsNoneIsRefusedWithItsPlace(String filter, String field) {
        caller().contentType(ContentType.JSON)
                .body("{\"from\": \"2026-01-01T00:00:00Z\", \"until\": \"2026-01-02T00:00:00Z\", \"filter\": " + filter
                        + "}")
                .post("/v1/cost-reports")
                .then()
                .statusCode(400)
                .body("field", equalTo(field));
    }

    /** Of one hour. */
    private ValidatableResponse report(String path, Instant hour, String groupBy, Map<String, Object> filter) {
        return caller().contentType(ContentType.JSON)
                .body(Map.of(
                        "from", hour.toString(),
                        "until", hour.plusSeconds(3_600).toString(),
                        "granularity", "whole",
                        "groupBy", List.of(groupBy),
                        "filter", filter))
                .post("/v1/cost-reports/" + path)
                .then()
                .statusCode(200);
    }

    @Test
    void whatIsStillToComeCostsNothing() {
        costs("from", "2999-01-01T00:00:00Z", "until", "2999-01-02T00:00:00Z", "granularity", "hourly")
                .body("periods", hasSize(24))
                .body("periods.groups.flatten()", empty())
                .body("provisionalReasons", contains("period-not-over"));
        caller().queryParam("from", "2999-01-01T00:00:00Z")
                .queryParam("until", "2999-01-02T00:00:00Z")
                .get("/v1/costs/commitments")
                .then()
                .statusCode(200)
                .body("commitments", empty())
                .body("total.utilizationPercentage", nullValue());
    }

    @Test
    void aManagementAccountSeesWhatItPaysAndAnotherAccountNothing() {
        tell(life("us-east-1a").launched(JANUARY).terminated(JANUARY.plusSeconds(3_600)).events);

        costs("scope", "consolidated").body("totals.billedCost", equalTo("0.1"));
        given().header("Authorization", "Bearer 999999999999")
                .queryParam("from", "2026-01-10T00:00:00Z")
                .queryParam("until", "2026-01-11T00:00:00Z")
                .queryParam("account", account)
                .queryParam("scope", "consolidated")
                .get("/v1/costs")
                .then()
                .statusCode(200)
                .body("totals.billedCost", equalTo("0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            until=2026-01-02T00:00:00Z                                                              | from
            from=2026-01-01T00:00:00Z                                                               | until
            from=2026-01-01T00:30:00Z&until=2026-01-02T00:00:00Z                                    | from
            from=2026-01-02T00:00:00Z&until=2026-01-02T00:00:00Z                                    | until
            from=2026-01-01T00:00:00Z&until=2027-02-06T00:00:00Z                                    | until
            from=2026-01-01T00:00:00Z&until=2026-02-01T01:00:00Z&granularity=hourly                 | until
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&granularity=weekly                 | granularity
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&groupBy=colour                     | groupBy
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&groupBy=tag:                       | groupBy
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&groupBy=os,os                      | groupBy
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&groupBy=os,account,region,category | groupBy
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&account=12                         | account
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&scope=all                          | scope
            from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&colour=red                         | colour
            """)
    void whatCannotBeAnsweredIsRefusedWithTheField(String query, String field) {
        caller().get("/v1/costs?" + query).then().statusCode(400).body("field", equalTo(field));
    }

    private Life life(String zone) {
        return new Life(account, zone, "m4.large", "linux", "on-demand", clock.epoch());
    }

    private void tell(List<ProducerRecord<String, byte[]>> records) {
        ServiceFixture.send(producer, records);
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);
    }

    private RequestSpecification caller() {
        return given().header("Authorization", "Bearer " + account);
    }

    /** Names and values; of the tenth and eleventh of January if not said. */
    private ValidatableResponse costs(String... query) {
        RequestSpecification request = caller();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < query.length; i += 2) {
            names.add(query[i]);
            request.queryParam(query[i], query[i + 1]);
        }
        if (!names.contains("from")) {
            request.queryParam("from", "2026-01-10T00:00:00Z").queryParam("until", "2026-01-12T00:00:00Z");
        }
        return request.get("/v1/costs").then().statusCode(200);
    }

    private List<String> tagsOf(Life life) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version || ' ' || tags FROM instance_tags WHERE"
                        + " instance_id = '" + life.id + "' ORDER BY version")) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
