package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.billing.app.Invoicing;
import io.cumulet.billing.app.Invoicing.Closing;
import io.cumulet.contract.EventType;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ConsumerLag;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

/** What is left of an account's bill after a reset: nothing, whatever is told again. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class AccountResetServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(7_300);
    private static final YearMonth JANUARY = YearMonth.of(2026, 1);
    private static final YearMonth FEBRUARY = YearMonth.of(2026, 2);
    private static final Instant JANUARY_TENTH = Instant.parse("2026-01-10T00:00:00Z");
    private static final Instant FEBRUARY_TENTH = Instant.parse("2026-02-10T00:00:00Z");

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    @Inject
    Invoicing invoicing;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());
    private final String neighbour = "%012d".formatted(ACCOUNTS.incrementAndGet());

    @Test
    void usageBillsAndCommitmentsAreGoneAndComeBackNeitherByRedeliveryNorByARebuild() {
        Life old = life(account).launched(JANUARY_TENTH).terminated(JANUARY_TENTH.plusSeconds(5_000));
        Life open = life(account).launched(FEBRUARY_TENTH);
        Life others = life(neighbour).launched(JANUARY_TENTH).terminated(JANUARY_TENTH.plusSeconds(5_000));
        send(old, open, others);
        close(account);
        close(neighbour);
        as(account)
                .contentType("application/json")
                .body(Map.of(
                        "name",
                        "all",
                        "limit",
                        "10",
                        "notifications",
                        List.of(Map.of("type", "actual", "thresholdPercent", 100))))
                .post("/v1/budgets")
                .then()
                .statusCode(201);
        as(account).post("/v1/organizations").then().statusCode(201);

        reset();

        isZero(JANUARY);
        isZero(FEBRUARY);
        as(account).get("/v1/invoices").then().body("invoices", empty());
        as(account).get("/v1/ledger-entries").then().body("entries", empty());
        as(account).get("/v1/budgets").then().body("budgets", empty());
        as(account).get("/v1/organizations").then().body("organizations", empty());
        as(neighbour).get("/v1/invoices").then().body("invoices", hasSize(1));

        // Late, and once more.
        open.terminated(FEBRUARY_TENTH.plusSeconds(10_000));
        send(old, open);
        isZero(JANUARY);
        isZero(FEBRUARY);
        given().header("Authorization", "Bearer operator")
                .post("/v1/projections/metering/rebuild")
                .then()
                .statusCode(200);
        isZero(FEBRUARY);
        bill(neighbour, JANUARY).body("totals.billedCost", equalTo("0.1333333333"));

        // What it runs from now on counts.
        Life anew = life(account).then(EventType.INSTANCE_REQUESTED, "pending", clock.instant());
        anew.then(EventType.INSTANCE_LAUNCHED, "running", clock.instant());
        send(anew);
        YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        // Once it has run for a second.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(bill(account, now).extract().<String>path("totals.billedCost"))
                        .isNotEqualTo("0"));
        reset();
        reset();
        isZero(now);
    }

    private void isZero(YearMonth month) {
        bill(account, month).body("totals.billedCost", equalTo("0")).body("lines", empty());
    }

    private void reset() {
        given().header("Authorization", "Bearer operator")
                .post("/v1/accounts/" + account + "/reset")
                .then()
                .statusCode(204);
    }

    private void close(String payer) {
        Closing.Ready ready = (Closing.Ready) invoicing.prepare(new AccountId(payer), JANUARY, Optional.empty());
        assertThat(QuarkusTransaction.requiringNew().call(() -> invoicing.close(ready)))
                .isTrue();
    }

    private Life life(String owner) {
        return new Life(owner, "us-east-1a", "m5.large", "linux", "on-demand", clock.epoch());
    }

    private void send(Life... lives) {
        for (Life life : lives) {
            ServiceFixture.send(producer, life.events);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);
    }

    private ValidatableResponse bill(String owner, YearMonth month) {
        return as(owner).get("/v1/bills/" + month).then().statusCode(200);
    }

    private static RequestSpecification as(String owner) {
        return given().header("Authorization", "Bearer " + owner);
    }
}
