package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Correction;
import io.cumulet.billing.domain.billing.Invoice;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows the bill of a month: what was invoiced once the month is closed, a draft before. */
@ApplicationScoped
public class Bills {

    private final Charging charging;
    private final Invoicing invoicing;
    private final InvoiceStore invoices;
    private final OrganizationStore organizations;
    private final InstantSource clock;

    public Bills(
            Charging charging,
            Invoicing invoicing,
            InvoiceStore invoices,
            OrganizationStore organizations,
            InstantSource clock) {
        this.charging = charging;
        this.invoicing = invoicing;
        this.invoices = invoices;
        this.organizations = organizations;
        this.clock = clock;
    }

    /**
     * The bill of what an account used and bought itself in a month, whoever pays.
     *
     * @param region null for all regions
     * @return the bill, or {@code BillNotFound} for a month that hasn't begun
     */
    public Outcome<Bill> bill(AccountId account, @Nullable Region region, YearMonth month) {
        Interval period = period(month);
        if (clock.instant().isBefore(period.from())) {
            return notBegun(month);
        }
        Optional<List<Invoice>> invoiced = invoices(account, month, Scope.OWN);
        if (invoiced.isPresent()) {
            List<Invoice> with = invoiced.get();
            List<Charge> charges = with.stream()
                    .flatMap(invoice -> invoices.charges(invoice, account).stream())
                    .toList();
            List<Correction> corrections = with.stream()
                    .flatMap(invoice -> invoices.corrections(invoice).stream())
                    .filter(correction -> correction.difference().account().equals(account))
                    .toList();
            return Outcome.done(Bill.invoiced(period, with, charges, corrections, region));
        }
        List<Correction> corrections = new ArrayList<>();
        for (AccountId payer : organizations.membershipsOf(Set.of(account)).everPaying(account)) {
            corrections(payer, month).stream()
                    .filter(correction -> correction.difference().account().equals(account))
                    .forEach(corrections::add);
        }
        return Outcome.done(Bill.draft(charging.charges(account, period).of(account), corrections, region));
    }

    /** The bill of what an account pays in a month, for itself and as its organization's management account. */
    public Outcome<Bill> consolidated(AccountId payer, YearMonth month) {
        Interval period = period(month);
        if (clock.instant().isBefore(period.from())) {
            return notBegun(month);
        }
        Optional<List<Invoice>> invoiced = invoices(payer, month, Scope.CONSOLIDATED);
        if (invoiced.isPresent()) {
            List<Invoice> invoice = invoiced.get();
            return Outcome.done(Bill.invoiced(
                    period,
                    invoice,
                    invoice.stream()
                            .flatMap(one -> invoices.charges(one, null).stream())
                            .toList(),
                    invoice.stream()
                            .flatMap(one -> invoices.corrections(one).stream())
                            .toList(),
                    null));
        }
        return Outcome.done(Bill.draft(charging.charges(payer, period).paidBy(payer), corrections(payer, month), null));
    }

    /** The invoices that an account's bill of a month was made from; empty while it is a draft. */
    Optional<List<Invoice>> invoices(AccountId account, YearMonth month, Scope scope) {
        return switch (scope) {
            case OWN ->
                organizations.membershipsOf(Set.of(account)).everPaying(account).stream()
                                .allMatch(payer -> isClosed(payer, month))
                        ? Optional.of(invoices.invoicesWith(account, month))
                        : Optional.empty();
            case CONSOLIDATED ->
                isClosed(account, month)
                        ? Optional.of(invoices.invoice(account, month).stream().toList())
                        : Optional.empty();
        };
    }

    private static Outcome<Bill> notBegun(YearMonth month) {
        return Outcome.refused(ErrorCode.BILL_NOT_FOUND, "month", "The month " + month + " has not begun");
    }

    private boolean isClosed(AccountId payer, YearMonth month) {
        return invoices.closedThrough(payer)
                .filter(closed -> !closed.isBefore(month))
                .isPresent();
    }

    /** Corrections are on the bill of the month that is closed next. */
    private List<Correction> corrections(AccountId payer, YearMonth month) {
        Optional<YearMonth> next = invoices.closedThrough(payer).map(closed -> closed.plusMonths(1));
        return next.equals(Optional.of(month)) ? invoicing.corrections(payer) : List.of();
    }

    static Interval period(YearMonth month) {
        return new Interval(startOf(month), startOf(month.plusMonths(1)));
    }

    private static Instant startOf(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
