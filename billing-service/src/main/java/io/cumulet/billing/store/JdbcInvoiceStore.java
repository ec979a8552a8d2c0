package io.cumulet.billing.store;

import io.cumulet.billing.app.InvoiceStore;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Bill.BilledThing;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Correction;
import io.cumulet.billing.domain.billing.Invoice;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.RatedRow;
import io.cumulet.billing.domain.rating.RatedSegment;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.SqlArrays;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Invoices in PostgreSQL, written once, by whole batches. */
@ApplicationScoped
class JdbcInvoiceStore implements InvoiceStore {

    private static final int BATCH = 5_000;

    private static final String ADD_CHARGES = """
            INSERT INTO invoice_charge (invoice_id, number, account, category, resource_id, commitment_id,
                availability_zone, instance_type, os, tenancy, market, host_id, hourly_rate, charge_from, hours, seconds,
                list_cost, billed_cost, effective_cost)
            SELECT ?, * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String ADD_CORRECTIONS = """
            INSERT INTO invoice_correction (invoice_id, number, corrected_month, account, category, resource_id,
                commitment_id, region, availability_zone, instance_type, os, tenancy, market, hourly_rate, charge_from,
                rated_rows, seconds, list_cost, billed_cost, effective_cost)
            SELECT ?, * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    /** Walks from account to account along the index: there are far fewer of them than runs. */
    private static final String ACCOUNTS = """
            WITH RECURSIVE used AS (
                (SELECT account FROM usage_run ORDER BY account LIMIT 1)
                UNION ALL
                SELECT (SELECT account FROM usage_run WHERE account > used.account ORDER BY account LIMIT 1)
                FROM used WHERE used.account IS NOT NULL)
            SELECT account FROM used WHERE account IS NOT NULL UNION SELECT DISTINCT account FROM commitment""";

    private final DataSource dataSource;
    private final CommitmentRepository commitments;

    JdbcInvoiceStore(DataSource dataSource, CommitmentRepository commitments) {
        this.dataSource = dataSource;
        this.commitments = commitments;
    }

    /** Reads one row. */
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> List<T> select(String sql, Reader<T> reader, Object... values) {
        List<T> rows = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = Rows.prepare(connection, sql, values);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.add(reader.read(row));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read invoices", e);
        }
        return rows;
    }

    private int execute(String sql, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = Rows.prepare(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep an invoice", e);
        }
    }

    @Override
    public Optional<YearMonth> closedThrough(AccountId payer) {
        return select("SELECT month FROM closed_month WHERE payer = ?", row -> Rows.month(row, "month"), payer.value())
                .stream()
                .findFirst();
    }

    @Override
    public boolean close(AccountId payer, Optional<YearMonth> before, YearMonth through) {
        return before.map(month -> execute(
                                "UPDATE closed_month SET month = ? WHERE payer = ? AND month = ?",
                                through.atDay(1),
                                payer.value(),
                                month.atDay(1)))
                        .orElseGet(() -> execute(
                                "INSERT INTO closed_month (payer, month) VALUES (?, ?) ON CONFLICT DO NOTHING",
                                payer.value(),
                                through.atDay(1)))
                == 1;
    }

    @Override
    public void add(Invoice invoice, List<Charge> charges, List<Correction> corrections) {
        execute(
                "INSERT INTO invoice (id, payer, month, issued_at, total) VALUES (?, ?, ?, ?, ?)",
                invoice.id(),
                invoice.payer().value(),
                invoice.month().atDay(1),
                invoice.issuedAt().atOffset(ZoneOffset.UTC),
                invoice.total().usd());
        for (int from = 0; from < charges.size(); from += BATCH) {
            addCharges(invoice, from, charges.subList(from, Math.min(charges.size(), from + BATCH)));
        }
        if (!corrections.isEmpty()) {
            addCorrections(invoice, corrections);
        }
    }

    private void addCharges(Invoice invoice, int firstNumber, List<Charge> charges) {
        insert(ADD_CHARGES, invoice, firstNumber, charges, columns -> {
            columns.text(charge -> charge.account().value());
            columns.text(charge -> charge.category().code());
            columns.text(Charge::resourceId);
            columns.text(Charge::commitmentId);
            columns.text(charge -> of(charge.thing(), thing -> thing.zone().value()));
            columns.text(
                    charge -> of(charge.thing(), thing -> thing.instanceType().value()));
            columns.text(charge -> of(charge.thing(), thing -> thing.os().code()));
            columns.text(charge -> of(charge.thing(), thing -> thing.tenancy().code()));
            columns.text(charge -> of(charge.thing(), thing -> thing.market().code()));
            columns.text(charge -> of(charge.thing(), MeteredThing::hostId));
            columns.text(charge -> of(charge.rate(), HourlyRate::toString));
            columns.add("timestamptz", charge -> charge.from().toString());
            columns.add("bigint", Charge::hours);
            columns.number(Charge::seconds);
            columns.number(charge -> charge.costs().list().usd());
            columns.number(charge -> charge.costs().billed().usd());
            columns.number(charge -> charge.costs().effective().usd());
        });
    }

    private void addCorrections(Invoice invoice, List<Correction> corrections) {
        insert(ADD_CORRECTIONS, invoice, 0, corrections, columns -> {
            columns.add("date", correction -> correction.month().atDay(1).toString());
            columns.text(correction -> correction.difference().account().value());
            columns.text(correction -> correction.difference().category().code());
            columns.text(correction -> correction.difference().resourceId());
            columns.text(correction -> correction.difference().commitmentId());
            columns.text(correction -> of(correction.difference().region(), Region::value));
            columns.text(correction -> of(correction.difference().thing(), BilledThing::availabilityZone));
            columns.text(correction -> of(correction.difference().thing(), BilledThing::instanceType));
            columns.text(correction -> of(correction.difference().thing(), BilledThing::os));
            columns.text(correction -> of(correction.difference().thing(), BilledThing::tenancy));
            columns.text(correction -> of(correction.difference().thing(), BilledThing::market));
            columns.text(correction -> of(correction.difference().hourlyRate(), HourlyRate::toString));
            columns.add(
                    "timestamptz", correction -> correction.difference().from().toString());
            columns.add("bigint", correction -> correction.difference().rows());
            columns.number(correction -> correction.difference().seconds());
            columns.number(correction -> correction.difference().costs().list().usd());
            columns.number(
                    correction -> correction.difference().costs().billed().usd());
            columns.number(
                    correction -> correction.difference().costs().effective().usd());
        });
    }

    private static <A, B> @Nullable B of(@Nullable A from, Function<A, @Nullable B> value) {
        return from == null ? null : value.apply(from);
    }

    /** Adds columns to a statement, after the invoice's id and the numbers. */
    private interface Filling<T> {
        void fill(Columns<T> columns) throws SQLException;
    }

    private <T> void insert(String sql, Invoice invoice, int firstNumber, List<T> rows, Filling<T> filling) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, invoice.id());
            Integer[] numbers = new Integer[rows.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = firstNumber + i;
            }
            insert.setArray(2, connection.createArrayOf("integer", numbers));
            filling.fill(new Columns<>(connection, insert, rows));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not keep the lines of an invoice", e);
        }
    }

    /** The columns of an insert, one array after the other. */
    private static final class Columns<T> {

        private final Connection connection;
        private final PreparedStatement statement;
        private final List<T> rows;
        private int index = 2;

        Columns(Connection connection, PreparedStatement statement, List<T> rows) {
            this.connection = connection;
            this.statement = statement;
            this.rows = rows;
        }

        void add(String type, Function<T, @Nullable Object> value) throws SQLException {
            statement.setArray(++index, SqlArrays.column(connection, type, rows, value));
        }

        void text(Function<T, @Nullable Object> value) throws SQLException {
            add("text", value);
        }

        void number(Function<T, @Nullable BigDecimal> value) throws SQLException {
            add("numeric", row -> of(value.apply(row), BigDecimal::toPlainString));
        }
    }

    @Override
    public List<Invoice> invoices(AccountId payer) {
        return select(
                "SELECT * FROM invoice WHERE payer = ? ORDER BY month DESC", JdbcInvoiceStore::invoice, payer.value());
    }

    @Override
    public List<Invoice> invoicesWith(AccountId account, YearMonth month) {
        return select("""
                SELECT * FROM invoice WHERE month = ? AND (
                    EXISTS (SELECT 1 FROM invoice_charge WHERE invoice_id = id AND account = ?)
                    OR EXISTS (SELECT 1 FROM invoice_correction WHERE invoice_id = id AND account = ?))
                ORDER BY payer""", JdbcInvoiceStore::invoice, month.atDay(1), account.value(), account.value());
    }

    @Override
    public Optional<Invoice> invoice(AccountId payer, YearMonth month) {
        return select(
                        "SELECT * FROM invoice WHERE payer = ? AND month = ?",
                        JdbcInvoiceStore::invoice,
                        payer.value(),
                        month.atDay(1))
                .stream()
                .findFirst();
    }

    @Override
    public List<Charge> charges(Invoice invoice, @Nullable AccountId account) {
        Function<String, PurchasedCommitment> byId = commitmentsOn("invoice_charge", invoice);
        return select(
                "SELECT * FROM invoice_charge WHERE invoice_id = ? AND (? OR account = ?) ORDER BY number",
                row -> charge(
                        row,
                        invoice.payer(),
                        Rows.requiredInstant(row, "charge_from"),
                        row.getLong("hours"),
                        row.getString("host_id"),
                        byId),
                invoice.id(),
                account == null,
                account == null ? "" : account.value());
    }

    @Override
    public List<Charge> correctionsAsCharges(Invoice invoice) {
        Function<String, PurchasedCommitment> byId = commitmentsOn("invoice_correction", invoice);
        return select(
                "SELECT * FROM invoice_correction WHERE invoice_id = ? ORDER BY number",
                row -> charge(
                        row,
                        invoice.payer(),
                        Rows.month(row, "corrected_month")
                                .atDay(1)
                                .atStartOfDay()
                                .toInstant(ZoneOffset.UTC),
                        1,
                        null,
                        byId),
                invoice.id());
    }

    /** Read before the rows that name them: no second connection while one is in use. */
    private Function<String, PurchasedCommitment> commitmentsOn(String table, Invoice invoice) {
        List<String> ids = select(
                "SELECT DISTINCT commitment_id FROM " + table + " WHERE invoice_id = ? AND commitment_id IS NOT NULL",
                row -> row.getString("commitment_id"),
                invoice.id());
        Map<String, PurchasedCommitment> bought = new HashMap<>();
        if (!ids.isEmpty()) {
            commitments.list("id in ?1", ids).forEach(row -> bought.put(row.id, row.commitment()));
        }
        return id -> Objects.requireNonNull(bought.get(id), "what was bought stays");
    }

    @Override
    public List<Correction> corrections(Invoice invoice) {
        return select(
                "SELECT * FROM invoice_correction WHERE invoice_id = ? ORDER BY number",
                JdbcInvoiceStore::correction,
                invoice.id());
    }

    @Override
    public List<Bill.Line> invoicedFor(AccountId payer, YearMonth month) {
        List<Bill.Line> lines = new ArrayList<>();
        invoice(payer, month).ifPresent(invoice -> lines.addAll(Bill.lines(charges(invoice, null), null)));
        select("""
                        SELECT invoice_correction.* FROM invoice_correction JOIN invoice ON invoice.id = invoice_id
                        WHERE payer = ? AND corrected_month = ?""", JdbcInvoiceStore::correction, payer.value(), month.atDay(1))
                .forEach(correction -> lines.add(correction.difference()));
        return lines;
    }

    private static Invoice invoice(ResultSet row) throws SQLException {
        return new Invoice(
                row.getString("id"),
                new AccountId(row.getString("payer")),
                Rows.month(row, "month"),
                Rows.requiredInstant(row, "issued_at"),
                new Money(row.getBigDecimal("total")));
    }

    private static Charge charge(
            ResultSet row,
            AccountId payer,
            Instant from,
            long hours,
            @Nullable String hostId,
            Function<String, PurchasedCommitment> commitments)
            throws SQLException {
        BigDecimal seconds = row.getBigDecimal("seconds");
        String commitmentId = row.getString("commitment_id");
        Costs costs = costs(row);
        RatedRow each = new RatedRow(
                from,
                new AccountId(row.getString("account")),
                category(row),
                row.getString("resource_id"),
                commitmentId,
                seconds == null ? null : each(seconds, hours),
                new Costs(each(costs.list(), hours), each(costs.billed(), hours), each(costs.effective(), hours)));
        return new Charge(
                payer,
                new RatedSegment(each, hours, rate(row), null),
                row.getString("availability_zone") == null ? null : Rows.thing(row, hostId, null),
                commitmentId == null ? null : commitments.apply(commitmentId));
    }

    /** Of one of the hours: they are alike, so that this ends. */
    private static BigDecimal each(BigDecimal total, long hours) {
        return total.divide(BigDecimal.valueOf(hours)).stripTrailingZeros();
    }

    private static Money each(Money total, long hours) {
        return new Money(each(total.usd(), hours));
    }

    private static Correction correction(ResultSet row) throws SQLException {
        String region = row.getString("region");
        String zone = row.getString("availability_zone");
        return new Correction(
                Rows.month(row, "corrected_month"),
                new Bill.Line(
                        new AccountId(row.getString("account")),
                        category(row),
                        row.getString("resource_id"),
                        row.getString("commitment_id"),
                        region == null ? null : new Region(region),
                        zone == null
                                ? null
                                : new BilledThing(
                                        zone,
                                        row.getString("instance_type"),
                                        row.getString("os"),
                                        row.getString("tenancy"),
                                        row.getString("market")),
                        rate(row),
                        Rows.requiredInstant(row, "charge_from"),
                        row.getLong("rated_rows"),
                        row.getBigDecimal("seconds"),
                        costs(row)));
    }

    private static Category category(ResultSet row) throws SQLException {
        return Category.ofCode(row.getString("category"));
    }

    private static @Nullable HourlyRate rate(ResultSet row) throws SQLException {
        String rate = row.getString("hourly_rate");
        return rate == null ? null : HourlyRate.of(rate);
    }

    private static Costs costs(ResultSet row) throws SQLException {
        return new Costs(
                new Money(row.getBigDecimal("list_cost")),
                new Money(row.getBigDecimal("billed_cost")),
                new Money(row.getBigDecimal("effective_cost")));
    }

    @Override
    public Optional<Instant> firstUse(Collection<AccountId> accounts) {
        String[] names = accounts.stream().map(AccountId::value).toArray(String[]::new);
        return select("""
                        SELECT least((SELECT min(started_at) FROM usage_run WHERE account = ANY (?)),
                            (SELECT min(starts_at) FROM commitment WHERE account = ANY (?))) AS first""", row -> Optional.ofNullable(Rows.instant(row, "first")), names, names)
                .getFirst();
    }

    @Override
    public Set<AccountId> accounts() {
        return new HashSet<>(select(ACCOUNTS, row -> new AccountId(row.getString("account"))));
    }
}
