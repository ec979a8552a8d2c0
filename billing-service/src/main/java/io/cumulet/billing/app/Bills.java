package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Billing;
import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Shows the bill of a month, computed from the runs as they are now. */
@ApplicationScoped
public class Bills {

    private final RunStore runs;
    private final SpotPriceStore spotPrices;
    private final Completeness completeness;
    private final CommitmentStore commitments;
    private final OnDemandPrices onDemandPrices;
    private final Offerings offerings;
    private final Billing billing;
    private final InstantSource clock;

    public Bills(
            RunStore runs,
            SpotPriceStore spotPrices,
            Completeness completeness,
            CommitmentStore commitments,
            OnDemandPrices onDemandPrices,
            Offerings offerings,
            Billing billing,
            InstantSource clock) {
        this.runs = runs;
        this.spotPrices = spotPrices;
        this.completeness = completeness;
        this.commitments = commitments;
        this.onDemandPrices = onDemandPrices;
        this.offerings = offerings;
        this.billing = billing;
        this.clock = clock;
    }

    /**
     * The bill of an account for a month.
     *
     * @param region null for all regions
     * @return the bill, or {@code BillNotFound} for a month that hasn't begun
     */
    public Outcome<Bill> bill(AccountId account, @Nullable Region region, YearMonth month) {
        Interval period = new Interval(startOf(month), startOf(month.plusMonths(1)));
        Instant now = clock.instant();
        if (now.isBefore(period.from())) {
            return Outcome.refused(ErrorCode.BILL_NOT_FOUND, "month", "The month " + month + " has not begun");
        }
        // Asked before the runs are read: what arrives in between makes the bill more complete than it says, not less.
        Optional<Instant> behindSince = completeness.behindSince();
        Instant knownUntil = behindSince
                .filter(since -> since.isBefore(now))
                .map(since -> since.isBefore(period.from()) ? period.from() : since)
                .orElse(now);
        List<UsageRun> usage = runs.runsDuring(account, period);
        List<PurchasedCommitment> bought = commitments.during(List.of(account), period);
        Map<SpotPool, NavigableMap<Instant, HourlyRate>> spot = spotPricesOf(usage, period);
        return Outcome.done(billing.bill(
                new Billing.Request(
                        account,
                        region,
                        period,
                        now,
                        knownUntil,
                        behindSince.isPresent(),
                        completeness.hasParkedEvents(account)),
                new Billing.Records(usage, bought),
                from -> new PricesInForce(from, spot, bought)));
    }

    private static Instant startOf(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    private Map<SpotPool, NavigableMap<Instant, HourlyRate>> spotPricesOf(List<UsageRun> usage, Interval period) {
        Set<SpotPool> pools = new HashSet<>();
        for (UsageRun run : usage) {
            if (run.thing().market() == Market.SPOT) {
                pools.add(new SpotPool(
                        run.thing().zone(),
                        run.thing().instanceType(),
                        run.thing().os()));
            }
        }
        Map<SpotPool, NavigableMap<Instant, HourlyRate>> prices = new HashMap<>();
        if (!pools.isEmpty()) {
            // By time and version: of two at the same moment the later one stays.
            for (SpotPrice price : spotPrices.pricesDuring(pools, period)) {
                prices.computeIfAbsent(price.pool(), pool -> new TreeMap<>()).put(price.at(), price.price());
            }
        }
        return prices;
    }

    /** The list prices in force at a moment, and the spot prices of every moment. */
    private final class PricesInForce implements Prices {

        private final Instant at;
        private final Map<SpotPool, NavigableMap<Instant, HourlyRate>> spot;

        private final Map<String, PurchasedCommitment> bought = new HashMap<>();

        PricesInForce(
                Instant at,
                Map<SpotPool, NavigableMap<Instant, HourlyRate>> spot,
                List<PurchasedCommitment> commitments) {
            this.at = at;
            this.spot = spot;
            commitments.forEach(commitment -> bought.put(commitment.id(), commitment));
        }

        @Override
        public Optional<HourlyRate> onDemand(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
            return onDemandPrices.inForce(region, type, os, tenancy, at).map(OnDemandPrice::hourly);
        }

        @Override
        public Optional<HourlyRate> spot(AvailabilityZone zone, InstanceType type, OperatingSystem os, Instant begin) {
            NavigableMap<Instant, HourlyRate> history = spot.get(new SpotPool(zone, type, os));
            Map.Entry<Instant, HourlyRate> inForce = history == null ? null : history.floorEntry(begin);
            return inForce == null ? Optional.empty() : Optional.of(inForce.getValue());
        }

        @Override
        public Optional<HourlyRate> dedicatedHost(Region region, String family) {
            return Optional.empty();
        }

        @Override
        public Optional<HourlyRate> savingsPlan(
                String planId, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
            PurchasedCommitment plan = bought.get(planId);
            return plan == null
                    ? Optional.empty()
                    : offerings.planRate(plan.terms(), plan.purchasedAt(), region, type, os, tenancy);
        }

        @Override
        public HourlyRate dedicatedRegionFee() {
            return USUAL_REGION_FEE;
        }
    }
}
