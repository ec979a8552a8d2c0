package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.billing.app.RunStore;
import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.contract.BudgetAlert;
import io.cumulet.contract.ContractJson;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets over REST, and their alerts on Kafka while the clock is moved. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class BudgetsServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(3000);
    private static final Duration HOUR = Duration.ofHours(1);

    @Inject
    StackClock clock;

    @Inject
    ClockCoordinator coordinator;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    DataSource dataSource;

    @Inject
    RunStore runs;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    /** So that what changes is evaluated at once. */
    @BeforeEach
    void freeze() {
        coordinator.freeze();
    }

    @AfterEach
    void run() {
        coordinator.run();
    }

    @Test
    void aThresholdIsToldOnceWhenItIsForecastAndOnceWhenItIsPassed() {
        Instant hour = anHourWithThreeMoreInItsMonth();
        // What isn't tagged doesn't count.
        send(life("m5.large").launched(hour));
        // 0.096 an hour: 0.15 is passed when the second hour is over.
        send(life("m5.large").tagged(Map.of("team", "a")).launched(hour));
        String id = create(budget("team-a", "0.15"));
        assertThat(create(budget("team-a", "0.15"))).as("the same client token").isEqualTo(id);
        awaitState(id, "forecasted", "alarm");
        get(id).body("notifications.find { it.type == 'actual' }.state", equalTo("ok"))
                .body("notifications.find { it.type == 'actual' }.toldAt", nullValue())
                .body("calculatedSpend.month", equalTo(month(hour).toString()));

        coordinator.advance(Duration.between(clock.instant(), hour.plus(HOUR.multipliedBy(2)))
                .plusMinutes(1));

        get(id).body(
                        "notifications.find { it.type == 'actual' }.toldAt",
                        equalTo(hour.plus(HOUR.multipliedBy(2)).toString()));
        // The month is rated again: by what was used and is told late, and by what budgets say.
        send(life("m5.xlarge").tagged(Map.of("team", "a")).launched(hour));
        as(account)
                .contentType(ContentType.JSON)
                .body(budget("renamed", "0.1"))
                .put("/v1/budgets/" + id)
                .then()
                .statusCode(200)
                .body("name", equalTo("renamed"))
                .body("limit", equalTo("0.1"))
                .body("notifications.state", contains("alarm", "alarm"));
        // Evaluated together with the first: what is told of this one shows that the first was looked at, too.
        Map<String, Object> other = budget("others", "0.01");
        other.put("clientToken", "another");
        String otherId = create(other);
        awaitState(otherId, "actual", "alarm");

        List<BudgetAlert> told = alerts(id, 2);
        assertThat(told).extracting(BudgetAlert::version).containsExactly(1L, 2L);
        assertThat(told).extracting(BudgetAlert::type).containsExactly("forecasted", "actual");
        BudgetAlert passed = told.get(1);
        assertThat(new BigDecimal(passed.actualSpend())).isEqualByComparingTo("0.192");
        assertThat(passed.occurredAt()).isEqualTo(hour.plus(HOUR.multipliedBy(2)));
        assertThat(new BigDecimal(passed.forecastedSpend())).isGreaterThan(new BigDecimal("0.192"));

        String stranger = "%012d".formatted(ACCOUNTS.incrementAndGet());
        as(stranger).get("/v1/budgets").then().body("budgets", empty());
        for (String path : List.of(id, "0dead0de-0000-4000-8000-00000dead000")) {
            as(stranger).get("/v1/budgets/" + path).then().statusCode(404).body("code", equalTo("NotFoundException"));
            as(stranger).delete("/v1/budgets/" + path).then().statusCode(404);
        }
        as(account).get("/v1/budgets").then().body("budgets", hasSize(2));
        as(account).delete("/v1/budgets/" + otherId).then().statusCode(204);
        as(account).get("/v1/budgets").then().body("budgets.id", contains(id));
    }

    @Test
    void anEndedMonthIsJudgedHoweverLateThatSucceeds() throws SQLException {
        Instant hour = anHourWithThreeMoreInItsMonth();
        YearMonth ended = month(hour).minusMonths(1);
        Instant lastHour = start(month(hour)).minus(HOUR);
        // 0.096 is all of the limit with the ended month's last hour; the running month costs nothing.
        send(life("m5.large")
                .tagged(Map.of("team", "a"))
                .launched(lastHour)
                .terminated(lastHour.plus(HOUR).minusSeconds(1)));
        String id = create(budget("team-a", "0.09"));
        coordinator.advance(Duration.ofMinutes(1));
        assertThat(strings("SELECT judged_through FROM budgeted_account WHERE account = '" + account + "'"))
                .containsExactly(month(hour).atDay(1).toString());
        assertThat(alerts(id, 0)).as("of a month before the budget").isEmpty();

        // As if it had been there, and nobody had evaluated it since the month ended.
        execute("UPDATE budget SET created_at = '" + lastHour + "' WHERE id = '" + id + "'");
        execute("UPDATE budgeted_account SET judged_through = '" + ended.atDay(1) + "' WHERE account = '" + account
                + "'");
        execute("ALTER TABLE budget_alert ADD CONSTRAINT fault CHECK (budget_id <> '" + id + "') NOT VALID");
        try {
            for (String name : List.of("once", "twice")) {
                rename(id, name);
                coordinator.advance(Duration.ofMinutes(1));
            }
        } finally {
            execute("ALTER TABLE budget_alert DROP CONSTRAINT fault");
        }
        assertThat(strings("SELECT subject FROM timer WHERE kind = 'budgets' AND subject LIKE '" + account
                        + "%' ORDER BY subject"))
                .as("the month's end, and one for all that failed")
                .containsExactly(account, account + "@again");
        coordinator.advance(HOUR);

        assertThat(alerts(id, 1))
                .extracting(BudgetAlert::month, BudgetAlert::type)
                .containsExactly(tuple(ended.toString(), "actual"));
        get(id).body("notifications.state", contains("ok", "ok"));
    }

    @Test
    void aSpotPriceConcernsWhoeverRunsInItsPoolAndNobodyTwice() {
        Instant hour = anHourWithThreeMoreInItsMonth();
        for (int i = 0; i < 2; i++) {
            send(new Life(account, "eu-west-1b", "r4.large", "linux", "spot", clock.epoch()).launched(hour));
        }
        String former = "%012d".formatted(ACCOUNTS.incrementAndGet());
        send(new Life(former, "eu-west-1b", "r4.large", "linux", "spot", clock.epoch())
                .launched(hour.minus(HOUR))
                .terminated(hour));
        coordinator.advance(Duration.ofMinutes(1));

        Set<SpotPool> pools = Set.of(
                new SpotPool(new AvailabilityZone("eu-west-1b"), new InstanceType("r4.large"), OperatingSystem.LINUX));
        assertThat(runs.spotAccountsSince(pools, hour)).containsExactly(new AccountId(account));
        assertThat(runs.spotAccountsSince(pools, hour.minusSeconds(1)))
                .containsExactlyInAnyOrder(new AccountId(account), new AccountId(former));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"limit": "1", "notifications": [{"type": "actual", "thresholdPercent": 80}]} | name
            {"name": "x", "notifications": [{"type": "actual", "thresholdPercent": 80}]} | limit
            {"name": "x", "limit": "0", "notifications": [{"type": "actual", "thresholdPercent": 80}]} | limit
            {"name": "x", "limit": "-1", "notifications": [{"type": "actual", "thresholdPercent": 80}]} | limit
            {"name": "x", "limit": "1", "notifications": []} | notifications
            {"name": "x", "limit": "1", "notifications": [{"type": "actual", "thresholdPercent": 0}]} | notifications[0].thresholdPercent
            {"name": "x", "limit": "1", "notifications": [{"type": "felt", "thresholdPercent": 1}]} | notifications[0].type
            {"name": "x", "limit": "1", "notifications": [{"type": "actual", "thresholdPercent": 1}, {"type": "actual", "thresholdPercent": 1}]} | notifications[1]
            {"name": "x", "limit": "1", "costType": "list", "notifications": [{"type": "actual", "thresholdPercent": 1}]} | costType
            {"name": "x", "limit": "1", "filter": {"dimension": "colour", "values": ["a"]}, "notifications": [{"type": "actual", "thresholdPercent": 1}]} | filter.dimension
            """)
    void whatIsNoBudgetIsRefusedWithTheField(String body, String field) {
        as(account)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/budgets")
                .then()
                .statusCode(400)
                .body("field", equalTo(field));
        as(account).get("/v1/budgets").then().body("budgets", empty());
    }

    /** The present hour; the clock is moved into the next month if this one is as good as over. */
    private Instant anHourWithThreeMoreInItsMonth() {
        if (!month(clock.instant()).equals(month(clock.instant().plus(HOUR.multipliedBy(4))))) {
            coordinator.advance(HOUR.multipliedBy(4));
        }
        return clock.instant().truncatedTo(ChronoUnit.HOURS);
    }

    private static YearMonth month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private void rename(String id, String name) {
        as(account)
                .contentType(ContentType.JSON)
                .body(budget(name, "0.09"))
                .put("/v1/budgets/" + id)
                .then()
                .statusCode(200);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> strings(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private static Map<String, Object> budget(String name, String limit) {
        return new HashMap<>(Map.of(
                "name",
                name,
                "limit",
                limit,
                "filter",
                Map.of("dimension", "tag:team", "values", List.of("a")),
                "notifications",
                List.of(
                        Map.of("type", "actual", "thresholdPercent", 100),
                        Map.of("type", "forecasted", "thresholdPercent", 100)),
                "clientToken",
                "once"));
    }

    private String create(Map<String, Object> body) {
        return as(account)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v1/budgets")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private ValidatableResponse get(String id) {
        return as(account).get("/v1/budgets/" + id).then().statusCode(200);
    }

    private void awaitState(String id, String type, String state) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> get(id).body("notifications.find { it.type == '" + type + "' }.state", equalTo(state)));
    }

    private List<BudgetAlert> alerts(String id, int count) {
        List<BudgetAlert> alerts = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            alerts.clear();
            for (ConsumerRecord<String, byte[]> record : ServiceFixture.records(brokers, "billing.budgets")) {
                if (record.key().equals(id)) {
                    alerts.add(ContractJson.read(record.value(), BudgetAlert.class));
                }
            }
            return alerts.size() >= count;
        });
        return alerts;
    }

    private Life life(String type) {
        return new Life(account, "us-east-1a", type, "linux", "on-demand", clock.epoch());
    }

    private void send(Life life) {
        ServiceFixture.send(producer, life.events);
    }

    private static RequestSpecification as(String account) {
        return given().header("Authorization", "Bearer " + account);
    }
}
