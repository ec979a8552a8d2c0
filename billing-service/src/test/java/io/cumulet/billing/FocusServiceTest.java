package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.billing.api.focus.FocusFiles;
import io.cumulet.billing.domain.focus.FocusColumn;
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
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The FOCUS export over REST. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class FocusServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(500);
    private static final Instant JANUARY = Instant.parse("2026-01-10T22:00:00Z");

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    @Test
    void aMonthIsExportedHourByHourWithTagsAndListPrices() throws IOException {
        Life life = life("us-east-1a")
                .tagged(Map.of("team", "red", "Name", "web"))
                .launched(JANUARY)
                .terminated(JANUARY.plusSeconds(4_000));
        tell(life.events);

        List<Map<FocusColumn, String>> rows = FocusFiles.csv(export("csv", "2026-01")
                .contentType("application/gzip")
                .header("Content-Disposition", "attachment; filename=\"focus-2026-01.csv.gz\"")
                .extract()
                .asByteArray());

        assertThat(rows).hasSize(2);
        assertThat(rows.get(1))
                .containsEntry(FocusColumn.CHARGE_PERIOD_START, "2026-01-10T23:00:00Z")
                .containsEntry(FocusColumn.CHARGE_PERIOD_END, "2026-01-11T00:00:00Z")
                .containsEntry(FocusColumn.BILLING_PERIOD_START, "2026-01-01T00:00:00Z")
                .containsEntry(FocusColumn.BILLED_COST, "0.0111111111")
                .containsEntry(FocusColumn.LIST_UNIT_PRICE, "0.1")
                .containsEntry(FocusColumn.PRICING_QUANTITY, "0.111111111111")
                .containsEntry(FocusColumn.CONSUMED_QUANTITY, "400")
                .containsEntry(FocusColumn.BILLING_ACCOUNT_ID, account)
                .containsEntry(FocusColumn.REGION_NAME, "US East (N. Virginia)")
                .containsEntry(FocusColumn.RESOURCE_ID, life.id)
                .containsEntry(FocusColumn.RESOURCE_NAME, "web")
                .containsEntry(FocusColumn.SKU_PRICE_ID, "us-east-1/m4.large/linux/default/on-demand")
                .containsEntry(FocusColumn.TAGS, "{\"Name\":\"web\",\"team\":\"red\"}")
                .doesNotContainKeys(FocusColumn.CHARGE_CLASS, FocusColumn.INVOICE_ID);
    }

    @Test
    void bothFormatsHaveTheSameRowsAndSumUpToTheBill() throws IOException {
        ValidatableResponse bought = caller().contentType(ContentType.JSON)
                .body(Map.of(
                        "planType", "ec2-instance",
                        "family", "m4",
                        "commitmentHourly", "0.124",
                        "paymentOption", "partial-upfront",
                        "termYears", 1))
                .post("/v1/savings-plans")
                .then()
                .statusCode(201);
        Instant start = Instant.parse(bought.extract().path("startsAt"));
        List<ProducerRecord<String, byte[]>> told = new ArrayList<>();
        told.addAll(life("us-east-1a").launched(start).terminated(start.plusSeconds(60)).events);
        told.addAll(life("eu-west-1a").launched(start).terminated(start.plusSeconds(60)).events);
        tell(told);
        String month = start.toString().substring(0, 7);

        List<Map<FocusColumn, String>> csv =
                FocusFiles.csv(export("csv", month).extract().asByteArray());
        List<Map<FocusColumn, String>> parquet = FocusFiles.parquet(export("parquet", month)
                .contentType("application/vnd.apache.parquet")
                .header("Content-Disposition", "attachment; filename=\"focus-" + month + ".parquet\"")
                .extract()
                .asByteArray());

        assertThat(parquet).containsExactlyInAnyOrderElementsOf(csv);
        assertThat(csv)
                .extracting(row -> row.get(FocusColumn.CHARGE_FREQUENCY))
                .contains("One-Time", "Recurring", "Usage-Based");
        BigDecimal billed = csv.stream()
                .map(row -> new BigDecimal(row.get(FocusColumn.BILLED_COST)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        caller().get("/v1/bills/" + month)
                .then()
                .body("totals.billedCost", equalTo(billed.stripTrailingZeros().toPlainString()));
        assertThat(FocusFiles.csv(caller().queryParam("month", month)
                        .queryParam("region", "eu-west-1")
                        .get("/v1/exports/focus")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray()))
                .extracting(row -> row.get(FocusColumn.REGION_ID))
                .isNotEmpty()
                .containsOnly("eu-west-1");
    }

    @Test
    void anotherAccountsMonthIsEmptyAndOneThatHasNotBegunIsNotThere() throws IOException {
        tell(life("us-east-1a").launched(JANUARY).terminated(JANUARY.plusSeconds(60)).events);

        byte[] others = given().header("Authorization", "Bearer 999999999999")
                .queryParam("month", "2026-01")
                .queryParam("scope", "consolidated")
                .get("/v1/exports/focus")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(FocusFiles.csv(others)).isEmpty();
        caller().queryParam("month", "2999-01")
                .get("/v1/exports/focus")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("BillNotFound"));
    }

    @Test
    void aManagementAccountsExportHasItsMembersChargesAndWhatItsCommitmentsPaidForThem() throws IOException {
        String member = "%012d".formatted(ACCOUNTS.incrementAndGet());
        String organization = as(account)
                .post("/v1/organizations")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String invitation = as(account)
                .body(Map.of("account", member))
                .post("/v1/organizations/" + organization + "/invitations")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        as(member)
                .post("/v1/organization-invitations/" + invitation + "/accept")
                .then()
                .statusCode(200);
        ValidatableResponse bought = as(account)
                .body(Map.of(
                        "planType", "ec2-instance",
                        "family", "m4",
                        "commitmentHourly", "0.031",
                        "paymentOption", "no-upfront",
                        "termYears", 1))
                .post("/v1/savings-plans")
                .then()
                .statusCode(201);
        String plan = bought.extract().path("id");
        Instant hour = Instant.parse(bought.extract().path("startsAt")).truncatedTo(ChronoUnit.HOURS);
        Life life = new Life(member, "us-east-1a", "m4.large", "linux", "on-demand", clock.epoch())
                .launched(hour)
                .terminated(hour.plusSeconds(3_600));
        tell(life.events);

        List<Map<FocusColumn, String>> rows = FocusFiles.csv(as(account)
                .queryParam("month", hour.toString().substring(0, 7))
                .queryParam("scope", "consolidated")
                .get("/v1/exports/focus")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray());
        assertThat(rows)
                .filteredOn(row -> life.id.equals(row.get(FocusColumn.RESOURCE_ID)))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .containsEntry(FocusColumn.BILLING_ACCOUNT_ID, account)
                        .containsEntry(FocusColumn.SUB_ACCOUNT_ID, member))
                .anySatisfy(row -> assertThat(row)
                        .containsEntry(FocusColumn.COMMITMENT_DISCOUNT_ID, plan)
                        .containsEntry(FocusColumn.COMMITMENT_DISCOUNT_STATUS, "Used")
                        .containsEntry(FocusColumn.COMMITMENT_DISCOUNT_QUANTITY, "0.031")
                        .containsEntry(FocusColumn.BILLED_COST, "0")
                        .containsEntry(FocusColumn.EFFECTIVE_COST, "0.031"));
        as(account)
                .queryParam("from", hour.toString())
                .queryParam("until", hour.plusSeconds(3_600).toString())
                .get("/v1/costs/commitments")
                .then()
                .statusCode(200)
                .body("commitments[0].utilization.utilizationPercentage", equalTo("100.00"))
                .body("coverage.totalCost", equalTo("0"));
        as(account)
                .queryParam("from", hour.toString())
                .queryParam("until", hour.plusSeconds(3_600).toString())
                .queryParam("scope", "consolidated")
                .queryParam("groupBy", "account,category")
                .get("/v1/costs")
                .then()
                .statusCode(200)
                .body("periods[0].groups.keys.account", contains(account, member, member))
                .body("periods[0].groups.keys.category", contains("sp-recurring", "on-demand", "sp-covered"))
                .body("totals.billedCost", equalTo("0.081"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            format=csv                    | month
            month=2026-13                 | month
            month=january                 | month
            month=2026-01&format=xlsx     | format
            month=2026-01&scope=all       | scope
            month=2026-01&colour=red      | colour
            """)
    void whatCannotBeExportedIsRefusedWithTheField(String query, String field) {
        caller().get("/v1/exports/focus?" + query)
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("field", equalTo(field));
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

    private static RequestSpecification as(String account) {
        return given().header("Authorization", "Bearer " + account).contentType(ContentType.JSON);
    }

    private ValidatableResponse export(String format, String month) {
        return caller().queryParam("month", month)
                .queryParam("format", format)
                .get("/v1/exports/focus")
                .then()
                .statusCode(200);
    }
}
