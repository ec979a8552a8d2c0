package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Invoice;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.billing.domain.focus.FocusCharge;
import io.cumulet.billing.domain.focus.FocusDataset;
import io.cumulet.billing.domain.focus.FocusReference;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Exports the charges of a month in the form of FOCUS 1.2. */
@ApplicationScoped
public class FocusExports {

    private final Charging charging;
    private final Bills bills;
    private final InvoiceStore invoices;
    private final TagStore tags;
    private final OnDemandPrices onDemandPrices;
    private final InstantSource clock;

    public FocusExports(
            Charging charging,
            Bills bills,
            InvoiceStore invoices,
            TagStore tags,
            OnDemandPrices onDemandPrices,
            InstantSource clock) {
        this.charging = charging;
        this.bills = bills;
        this.invoices = invoices;
        this.tags = tags;
        this.onDemandPrices = onDemandPrices;
        this.clock = clock;
    }

    /**
     * The charges of a month: as they were invoiced once it is closed, as far as they are known before.
     *
     * @param region null for all regions, and for what belongs to none
     * @return the dataset, or {@code BillNotFound} for a month that hasn't begun
     */
    public Outcome<FocusDataset> export(AccountId account, YearMonth month, Scope scope, @Nullable Region region) {
        Interval period = Bills.period(month);
        if (clock.instant().isBefore(period.from())) {
            return Outcome.refused(ErrorCode.BILL_NOT_FOUND, "month", "The month " + month + " has not begun");
        }
        Predicate<Charge> isWanted =
                charge -> (scope == Scope.CONSOLIDATED || charge.account().equals(account))
                        && (region == null || region.equals(charge.region()));
        List<FocusCharge> charges = bills.invoices(account, month, scope)
                .map(invoiced -> invoiced.stream()
                        .flatMap(invoice -> invoiced(invoice, scope == Scope.OWN ? account : null, period))
                        .filter(one -> isWanted.test(one.charge()))
                        .toList())
                .orElseGet(() -> scope.of(charging.charges(account, period), account).charges().stream()
                        .filter(isWanted)
                        .map(charge -> FocusCharge.notInvoiced(charge, period))
                        .toList());
        Set<String> instanceIds = new HashSet<>();
        for (FocusCharge one : charges) {
            String resourceId = one.charge().resourceId();
            if (one.charge().thing() != null && resourceId != null) {
                instanceIds.add(resourceId);
            }
        }
        return Outcome.done(
                new FocusDataset(charges::stream, new Reference(tags.historiesOf(instanceIds), onDemandPrices)));
    }

    private Stream<FocusCharge> invoiced(Invoice invoice, @Nullable AccountId account, Interval period) {
        return Stream.concat(
                invoices.charges(invoice, account).stream()
                        .map(charge -> new FocusCharge(charge, period, invoice.id(), false)),
                invoices.correctionsAsCharges(invoice).stream()
                        .map(charge -> new FocusCharge(charge, period, invoice.id(), true)));
    }

    private record Reference(Map<String, TagHistory> histories, OnDemandPrices prices) implements FocusReference {

        @Override
        public TagHistory tagsOf(String instanceId) {
            return histories.getOrDefault(instanceId, TagHistory.NONE);
        }

        @Override
        public Optional<HourlyRate> listPrice(MeteredThing thing, Instant at) {
            return prices.inForce(thing.region(), thing.instanceType(), thing.os(), thing.tenancy(), at)
                    .map(OnDemandPrice::hourly);
        }

        @Override
        public String nameOf(Region region) {
            return Regions.find(region).map(RegionFacts::name).orElse(region.value());
        }
    }
}
