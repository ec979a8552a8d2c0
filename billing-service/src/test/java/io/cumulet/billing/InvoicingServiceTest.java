package io.cumulet.billing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.cumulet.billing.ServiceFixture.Life;
import io.cumulet.billing.api.focus.FocusFiles;
import io.cumulet.billing.app.Invoicing;
import io.cumulet.billing.app.Invoicing.Closing;
import io.cumulet.billing.domain.focus.FocusColumn;
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
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

/** What is final stays as it was invoiced, and what turns out later is corrected on the next invoice. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "billing"))
class InvoicingServiceTest {

    private static final AtomicInteger ACCOUNTS = new AtomicInteger(900);
    private static final YearMonth JANUARY = YearMonth.of(2026, 1);
    private static final YearMonth FEBRUARY = YearMonth.of(2026, 2);
    private static final Instant TENTH = Instant.parse("2026-01-10T00:00:00Z");

    @Inject
    StackClock clock;

    @Inject
    Producer<String, byte[]> producer;

    @Inject
    ConsumerLag lag;

    @Inject
    Invoicing invoicing;

    @Inject
    DataSource dataSource;

    private final String account = "%012d".formatted(ACCOUNTS.incrementAndGet());

    @Test
    void aClosedMonthIsInvoicedAndBookedOnce() {
        Life life = life().launched(TENTH).terminated(TENTH.plusSeconds(5_000));
        send(life);
        ValidatableResponse draft =
                bill(JANUARY).body("status", equalTo("draft")).body("invoiceIds", empty());

        assertThat(close(JANUARY)).isTrue();

        ValidatableResponse invoiced =
                bill(JANUARY).body("status", equalTo("final")).body("invoiceIds", hasSize(1));
        for (String part : List.of("lines", "totals", "invoiceTotal", "corrections")) {
            assertThat(invoiced.extract().<Object>path(part))
                    .isEqualTo(draft.extract().path(part));
        }
        String id = invoiced.extract().path("invoiceIds[0]");
        caller().get("/v1/invoices")
                .then()
                .body("invoices.id", contains(id))
                .body("invoices[0].month", equalTo("2026-01"))
                // 5,000 s of an m5.large: 0.096 an hour.
                .body("invoices[0].total", equalTo("0.13"));
        caller().get("/v1/ledger-entries")
                .then()
                .body("entries", hasSize(1))
                .body("entries[0].reference", equalTo(id))
                .body(
                        "entries[0].postings",
                        equalTo(Map.of(
                                "receivable/" + account,
                                "0.13",
                                "revenue/on-demand",
                                "-0.1333333333",
                                "rounding",
                                "0.0033333333")));
        assertThat(invoicing.prepare(new AccountId(account), JANUARY, Optional.empty()))
                .isInstanceOf(Closing.Done.class);
        given().header("Authorization", "Bearer 000000000999")
                .get("/v1/invoices")
                .then()
                .body("invoices", empty());
    }

    @Test
    void aLateEventOfAClosedMonthBecomesACorrectionOnTheNextInvoice() throws IOException {
        Life life = life().launched(TENTH);
        send(life);
        close(JANUARY);
        ValidatableResponse january = bill(JANUARY);

        // It had been terminated on the tenth; the event comes after the month was closed.
        life.events.clear();
        send(life.terminated(TENTH.plusSeconds(7_200)));

        assertThat(bill(JANUARY).extract().asString())
                .isEqualTo(january.extract().asString());
        ValidatableResponse draft = bill(FEBRUARY)
                .body("lines", empty())
                .body("corrections", hasSize(1))
                .body("corrections[0].month", equalTo("2026-01"))
                .body("corrections[0].resourceId", equalTo(life.id));
        BigDecimal invoiced = billed(january);
        assertThat(billed(draft)).isEqualByComparingTo(new BigDecimal("0.192").subtract(invoiced));

        assertThat(close(FEBRUARY)).isTrue();

        ValidatableResponse february = bill(FEBRUARY).body("status", equalTo("final"));
        assertThat(february.extract().<Object>path("corrections"))
                .isEqualTo(draft.extract().path("corrections"));
        bill(YearMonth.of(2026, 3)).body("corrections", empty());
        List<Map<FocusColumn, String>> exported = focus(FEBRUARY);
        assertThat(exported).hasSize(1);
        assertThat(exported.getFirst())
                .containsEntry(FocusColumn.CHARGE_CLASS, "Correction")
                .containsEntry(FocusColumn.CHARGE_PERIOD_START, "2026-01-01T00:00:00Z")
                .containsEntry(FocusColumn.CHARGE_PERIOD_END, "2026-02-01T00:00:00Z")
                .containsEntry(FocusColumn.BILLING_PERIOD_START, "2026-02-01T00:00:00Z")
                .containsEntry(FocusColumn.INVOICE_ID, february.extract().path("invoiceIds[0]"));
        assertThat(new BigDecimal(exported.getFirst().get(FocusColumn.BILLED_COST)))
                .isEqualByComparingTo(billed(february));
        // January's file is what was invoiced, whatever is known by now.
        assertThat(focus(JANUARY).stream()
                        .map(row -> new BigDecimal(row.get(FocusColumn.BILLED_COST)))
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(invoiced);
        // Both invoices together ask for what was used.
        caller().get("/v1/ledger-entries").then().body("entries", hasSize(2));
        assertThat(billed(bill(JANUARY)).add(billed(february))).isEqualByComparingTo("0.192");
    }

    @Test
    void aMonthIsNotClosedWhileItsRecordsAreUnread() {
        send(life().launched(TENTH).terminated(TENTH.plusSeconds(3_600)));

        assertThat(invoicing.prepare(new AccountId(account), JANUARY, Optional.of(TENTH)))
                .isInstanceOf(Closing.NotYet.class);
        assertThat(invoicing.prepare(new AccountId(account), JANUARY, Optional.of(Instant.EPOCH)))
                .isInstanceOf(Closing.NotYet.class);
        // What is unread since the month ended doesn't matter.
        assertThat(invoicing.prepare(
                        new AccountId(account), JANUARY, Optional.of(Instant.parse("2026-02-01T00:00:00Z"))))
                .isInstanceOf(Closing.Ready.class);
    }

    @Test
    void aMinimumThatReachesIntoAClosedMonthIsCorrectedThere() {
        send(life().launched(TENTH).terminated(TENTH.plusSeconds(60)));
        close(JANUARY);
        close(FEBRUARY);

        Instant end = Instant.parse("2026-01-31T23:59:30Z");
        send(life().launched(end).terminated(end.plusSeconds(10)));

        bill(YearMonth.of(2026, 3)).body("corrections.month", contains("2026-01", "2026-02"));
    }

    @Test
    void usageWhosePriceComesToBeKnownLateIsCorrected() {
        Life spot = new Life(account, "us-east-1c", "m5.large", "linux", "spot", clock.epoch());
        send(spot.launched(TENTH).terminated(TENTH.plusSeconds(3_600)));
        bill(JANUARY).body("unrated", hasSize(1)).body("provisionalReasons", contains("price-missing"));
        close(JANUARY);

        ServiceFixture.send(
                producer,
                List.of(ServiceFixture.spotPrice(
                        "us-east-1c", "m5.large", "linux", 1, "0.03", TENTH.minusSeconds(60), clock.epoch())));
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);

        bill(FEBRUARY).body("corrections.month", contains("2026-01")).body("totals.billedCost", equalTo("0.03"));
    }

    @Test
    void redeliveredEventsOfAClosedMonthChangeNothing() {
        Life life = life().launched(TENTH).terminated(TENTH.plusSeconds(3_600));
        send(life);
        close(JANUARY);

        send(life);

        bill(FEBRUARY).body("corrections", empty()).body("totals.billedCost", equalTo("0"));
        close(FEBRUARY);
        caller().get("/v1/invoices").then().body("invoices.month", contains("2026-01"));
    }

    @Test
    void aCorrectionIsCorrectedAgainAndTheSumIsRight() {
        Life stopped = life().launched(TENTH);
        send(stopped);
        close(JANUARY);
        stopped.events.clear();
        stopped.terminated(TENTH.plusSeconds(3_600));
        // The end reaches us a month late, what came before it later still.
        Life other = life().launched(TENTH).terminated(TENTH.plusSeconds(1_800));
        send(stopped);
        close(FEBRUARY);
        send(other);
        close(YearMonth.of(2026, 3));

        BigDecimal sum = billed(bill(JANUARY)).add(billed(bill(FEBRUARY))).add(billed(bill(YearMonth.of(2026, 3))));
        assertThat(sum).isEqualByComparingTo("0.144");
        bill(YearMonth.of(2026, 4)).body("corrections", empty());
    }

    @Test
    void linesLeadToTheEventsBehindThem() {
        Life life = life().launched(TENTH)
                .terminated(TENTH.plusSeconds(3_600))
                .then(EventType.INSTANCE_MODIFIED, "terminated", Instant.parse("2026-02-02T00:00:00Z"));
        send(life);

        caller().queryParam("instanceId", life.id)
                .get("/v1/bills/2026-01/events")
                .then()
                .statusCode(200)
                .body("events.version", contains(1, 2, 3, 4))
                .body("events.kind", contains("requested", "launched", "terminating", "terminated"))
                .body("events.eventId", everyItem(notNullValue()));
        given().header("Authorization", "Bearer 000000000999")
                .queryParam("instanceId", life.id)
                .get("/v1/bills/2026-01/events")
                .then()
                .statusCode(200)
                .body("events", empty());
        caller().get("/v1/bills/2026-01/events").then().statusCode(400).body("field", equalTo("instanceId"));
    }

    @Test
    void theDatabaseItselfRefusesChangesAndEntriesThatDoNotBalance() {
        send(life().launched(TENTH).terminated(TENTH.plusSeconds(3_600)));
        close(JANUARY);

        for (String table : List.of("invoice", "invoice_charge", "invoice_correction", "journal_entry", "posting")) {
            assertThatThrownBy(() -> execute("DELETE FROM " + table)).hasMessageContaining("written once");
        }
        assertThatThrownBy(() -> execute("UPDATE invoice SET total = 0")).hasMessageContaining("written once");
        String entry = "INSERT INTO journal_entry (account, kind, reference, posted_at)"
                + " VALUES ('000000000998', 'test', gen_random_uuid()::text, now())";
        assertThatThrownBy(() -> execute(entry)).hasMessageContaining("does not balance");
        assertThatThrownBy(() -> execute("WITH entry AS (" + entry + " RETURNING id)"
                        + " INSERT INTO posting SELECT id, 'receivable/000000000998', 1 FROM entry"))
                .hasMessageContaining("does not balance");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean close(YearMonth month) {
        Closing.Ready ready = (Closing.Ready) invoicing.prepare(new AccountId(account), month, Optional.empty());
        return QuarkusTransaction.requiringNew().call(() -> invoicing.close(ready));
    }

    private Life life() {
        return new Life(account, "us-east-1a", "m5.large", "linux", "on-demand", clock.epoch());
    }

    private void send(Life life) {
        ServiceFixture.send(producer, life.events);
        await().atMost(Duration.ofSeconds(30)).until(() -> lag.total() == 0);
    }

    private List<Map<FocusColumn, String>> focus(YearMonth month) throws IOException {
        return FocusFiles.csv(caller().queryParam("month", month.toString())
                .get("/v1/exports/focus")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray());
    }

    private ValidatableResponse bill(YearMonth month) {
        return caller().get("/v1/bills/" + month).then().statusCode(200);
    }

    private static BigDecimal billed(ValidatableResponse bill) {
        return new BigDecimal(bill.extract().<String>path("totals.billedCost"));
    }

    private RequestSpecification caller() {
        return given().header("Authorization", "Bearer " + account);
    }
}
