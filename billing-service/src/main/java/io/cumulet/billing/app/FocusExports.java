package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Charges;
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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Exports the charges of a month in the form of FOCUS 1.2. */
@ApplicationScoped
public class FocusExports {

    private final Charging charging;
    private final TagStore tags;
    private final OnDemandPrices onDemandPrices;
    private final InstantSource clock;

    public FocusExports(Charging charging, TagStore tags, OnDemandPrices onDemandPrices, InstantSource clock) {
        this.charging = charging;
        this.tags = tags;
        this.onDemandPrices = onDemandPrices;
        this.clock = clock;
    }

    /**
     * The charges of a month as far as they are known.
     *
     * @param region null for all regions, and for what belongs to none
     * @return the dataset, or {@code BillNotFound} for a month that hasn't begun
     */
    public Outcome<FocusDataset> export(AccountId account, YearMonth month, Scope scope, @Nullable Region region) {
        Interval period = Bills.period(month);
        if (clock.instant().isBefore(period.from())) {
            return Outcome.refused(ErrorCode.BILL_NOT_FOUND, "month", "The month " + month + " has not begun");
        }
        Charges charges = scope.of(charging.charges(account, period), account);
        return Outcome.done(new FocusDataset(
                () -> charges.charges().stream()
                        .filter(charge -> region == null || region.equals(charge.region()))
                        .map(charge -> FocusCharge.notInvoiced(charge, period)),
                new Reference(tags.historiesOf(charges.instanceIds()), onDemandPrices)));
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
