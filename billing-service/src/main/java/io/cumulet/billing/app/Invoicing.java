package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Bill.Provisional;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.Correction;
import io.cumulet.billing.domain.billing.Invoice;
import io.cumulet.billing.domain.ledger.JournalEntry;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.ResourceKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Closes months. A closed month's bill is what was invoiced; what comes to be known later is the difference between the
 * month as it would be rated now and all that was invoiced for it so far, and goes on the payer's next invoice.
 */
@ApplicationScoped
public class Invoicing {

    /** How long a month stays open for events that couldn't be applied and prices that aren't known. */
    private static final Duration PATIENCE = Duration.ofDays(3);

    private static final Duration AGAIN = Duration.ofDays(1);

    private final Charging charging;
    private final InvoiceStore invoices;
    private final LateUsageStore late;
    private final LedgerStore ledger;
    private final OrganizationStore organizations;
    private final InstantSource clock;

    public Invoicing(
            Charging charging,
            InvoiceStore invoices,
            LateUsageStore late,
            LedgerStore ledger,
            OrganizationStore organizations,
            InstantSource clock) {
        this.charging = charging;
        this.invoices = invoices;
        this.late = late;
        this.ledger = ledger;
        this.organizations = organizations;
        this.clock = clock;
    }

    /** A payer's months, rated and ready to be closed, or when to try again. */
    public sealed interface Closing {

        record Ready(
                AccountId payer,
                Optional<YearMonth> closedBefore,
                YearMonth through,
                List<Month> months,
                List<LateUsageStore.News> dealtWith,
                Map<AccountId, Set<YearMonth>> withoutPrice)
                implements Closing {}

        record NotYet(Instant again) implements Closing {}

        /** It is closed already. */
        record Done() implements Closing {}
    }

    /** What goes on the invoice of a month. */
    public record Month(YearMonth month, List<Charge> charges, List<Correction> corrections) {}

    /**
     * Rates a payer's open months up to one that is over. Outside of a transaction: that may take long.
     *
     * @param behindSince how complete the records were when the caller asked
     */
    @ActivateRequestContext
    public Closing prepare(AccountId payer, YearMonth through, Optional<Instant> behindSince) {
        Optional<YearMonth> closedBefore = invoices.closedThrough(payer);
        if (closedBefore.isPresent() && !closedBefore.get().isBefore(through)) {
            return new Closing.Done();
        }
        if (behindSince.isPresent()
                && behindSince.get().isBefore(Bills.period(through).until())) {
            return new Closing.NotYet(clock.instant().plus(1, ChronoUnit.MINUTES));
        }
        // Read before anything is rated: what comes in between stays news.
        List<LateUsageStore.News> news = late.newsFor(payer, everSharing(payer), through);
        Map<AccountId, Set<YearMonth>> withoutPrice = new HashMap<>();
        List<Correction> corrections = new ArrayList<>();
        for (YearMonth month :
                closedBefore.map(closed -> closedMonths(news, closed)).orElse(Set.of())) {
            Charges right =
                    charging.charges(payer, Bills.period(month), behindSince).paidBy(payer);
            note(right, month, withoutPrice);
            corrections.addAll(corrections(payer, month, right));
        }
        List<Month> months = new ArrayList<>();
        YearMonth first = closedBefore.map(closed -> closed.plusMonths(1)).orElseGet(() -> firstMonth(payer, through));
        for (YearMonth month = first; !month.isAfter(through); month = month.plusMonths(1)) {
            Interval period = Bills.period(month);
            Charges charges = charging.charges(payer, period, behindSince).paidBy(payer);
            Optional<Instant> again = notBefore(Bill.draft(charges, List.of(), null), period);
            if (again.isPresent()) {
                return new Closing.NotYet(again.get());
            }
            note(charges, month, withoutPrice);
            months.add(new Month(month, charges.charges(), corrections));
            corrections = List.of();
        }
        return new Closing.Ready(payer, closedBefore, through, months, news, withoutPrice);
    }

    /** A month that is closed without a price has to be looked at again. */
    private static void note(Charges charges, YearMonth month, Map<AccountId, Set<YearMonth>> withoutPrice) {
        for (Charges.UnratedRun unrated : charges.unrated()) {
            withoutPrice
                    .computeIfAbsent(unrated.run().thing().account(), account -> new TreeSet<>())
                    .add(month);
        }
    }

    /** Closes the months, in the running transaction; false if somebody else did so in between. */
    public boolean close(Closing.Ready ready) {
        if (!invoices.close(ready.payer(), ready.closedBefore(), ready.through())) {
            return false;
        }
        for (Month month : ready.months()) {
            if (!month.charges().isEmpty() || !month.corrections().isEmpty()) {
                issue(ready.payer(), month);
            }
        }
        late.billed(ready.payer(), ready.dealtWith());
        late.note(ready.withoutPrice());
        return true;
    }

    private void issue(AccountId payer, Month month) {
        Map<Category, Money> revenue = new EnumMap<>(Category.class);
        for (Charge charge : month.charges()) {
            revenue.merge(charge.category(), charge.costs().billed(), Money::plus);
        }
        for (Correction correction : month.corrections()) {
            Bill.Line difference = correction.difference();
            revenue.merge(difference.category(), difference.costs().billed(), Money::plus);
        }
        Money total = revenue.values().stream().reduce(Money.ZERO, Money::plus);
        Invoice invoice = new Invoice(
                ResourceKind.INVOICE.newId(),
                payer,
                month.month(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                total.toCents());
        invoices.add(invoice, month.charges(), month.corrections());
        if (revenue.values().stream().anyMatch(part -> !part.equals(Money.ZERO))) {
            ledger.post(JournalEntry.of(invoice, revenue));
        }
    }

    /** When to try again, if the bill of a month that is over can't be final yet. */
    private Optional<Instant> notBefore(Bill bill, Interval period) {
        Instant now = clock.instant();
        Set<Provisional> reasons = bill.provisional();
        if (reasons.contains(Provisional.PERIOD_NOT_OVER)) {
            return Optional.of(now.plus(1, ChronoUnit.MINUTES));
        }
        if (reasons.contains(Provisional.SPOT_HOUR_GOES_ON)) {
            return Optional.of(period.until().plus(1, ChronoUnit.HOURS));
        }
        boolean mayBeMended =
                reasons.contains(Provisional.EVENT_MISSING) || reasons.contains(Provisional.PRICE_MISSING);
        return mayBeMended && now.isBefore(period.until().plus(PATIENCE))
                ? Optional.of(now.plus(AGAIN))
                : Optional.empty();
    }

    /** What a payer's closed months need to be right; nothing of a month that isn't all known at present. */
    public List<Correction> corrections(AccountId payer) {
        List<Correction> corrections = new ArrayList<>();
        invoices.closedThrough(payer).ifPresent(closed -> {
            for (YearMonth month : closedMonths(late.newsFor(payer, everSharing(payer), closed), closed)) {
                Charges right = charging.charges(payer, Bills.period(month)).paidBy(payer);
                if (!right.request()
                        .knownUntil()
                        .isBefore(right.request().period().until())) {
                    corrections.addAll(corrections(payer, month, right));
                }
            }
        });
        return corrections;
    }

    private static Set<YearMonth> closedMonths(List<LateUsageStore.News> news, YearMonth closed) {
        return news.stream()
                .map(LateUsageStore.News::month)
                .filter(month -> !month.isAfter(closed))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Correction> corrections(AccountId payer, YearMonth month, Charges right) {
        return Correction.between(month, invoices.invoicedFor(payer, month), Bill.lines(right.charges(), null));
    }

    private Set<AccountId> everSharing(AccountId payer) {
        return organizations.sharingDuring(payer, new Interval(Instant.EPOCH, clock.instant()));
    }

    private YearMonth firstMonth(AccountId payer, YearMonth otherwise) {
        return invoices.firstUse(everSharing(payer))
                .map(first -> YearMonth.from(first.atOffset(ZoneOffset.UTC)))
                .orElse(otherwise);
    }
}
