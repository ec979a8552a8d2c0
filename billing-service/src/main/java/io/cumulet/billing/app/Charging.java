package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Billing;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Charges for what is recorded, as far as it is known now. Nothing is stored. */
@ApplicationScoped
public class Charging {

    private final RunStore runs;
    private final SpotPriceStore spotPrices;
    private final Completeness completeness;
    private final CommitmentStore commitments;
    private final OrganizationStore organizations;
    private final OnDemandPrices onDemandPrices;
    private final Offerings offerings;
    private final Billing billing;
    private final InstantSource clock;

    public Charging(
            RunStore runs,
            SpotPriceStore spotPrices,
            Completeness completeness,
            CommitmentStore commitments,
            OrganizationStore organizations,
            OnDemandPrices onDemandPrices,
            Offerings offerings,
            Billing billing,
            InstantSource clock) {
        this.runs = runs;
        this.spotPrices = spotPrices;
        this.completeness = completeness;
        this.commitments = commitments;
        this.organizations = organizations;
        this.onDemandPrices = onDemandPrices;
        this.offerings = offerings;
        this.billing = billing;
        this.clock = clock;
    }

    /**
     * What an account, and whoever shares commitments with it, are charged in a period. Of the others only what the account
     * pays is complete: take {@link Charges#of} or {@link Charges#paidBy} the account.
     *
     * @param period starts and ends on the hour; has begun
     */
    public Charges charges(AccountId account, Interval period) {
        return charges(recorded(account, period));
    }

    /** The same, as somebody has asked before how complete the records are; they can only have become more complete. */
    Charges charges(AccountId account, Interval period, Optional<Instant> behindSince) {
        return charges(recorded(account, period, behindSince));
    }

    /** What is recorded about a period: all that charges follow from but prices. */
    record Recorded(Billing.Request request, Billing.Records records) {

        /** As if what runs went on to the period's end, and what is queued until then began. */
        Recorded goingOn() {
            Interval period = request.period();
            Instant now = later(request.now(), period.until());
            return new Recorded(
                    new Billing.Request(period, now, later(request.knownUntil(), period.until()), false, false),
                    records);
        }

        private static Instant later(Instant one, Instant other) {
            return one.isAfter(other) ? one : other;
        }
    }

    Recorded recorded(AccountId account, Interval period) {
        // Asked before the runs are read: what arrives in between makes the charges more complete than they say, not
        // less.
        return recorded(account, period, completeness.behindSince());
    }

    Recorded recorded(AccountId account, Interval period, Optional<Instant> behindSince) {
        Instant now = clock.instant();
        Set<AccountId> accounts = organizations.sharingDuring(account, period);
        Instant knownUntil = behindSince
                .filter(since -> since.isBefore(now))
                .map(since -> since.isBefore(period.from()) ? period.from() : since)
                .orElse(now);
        Billing.Request request = new Billing.Request(
                period, now, knownUntil, behindSince.isPresent(), completeness.hasParkedEvents(accounts));
        return new Recorded(
                request,
                new Billing.Records(
                        runs.runsDuring(accounts, sinceItsMonthBegan(period)),
                        commitments.during(accounts, period),
                        organizations.membershipsOf(accounts)));
    }

    /** Charges for records, as they are or as they might have been. */
    Charges charges(Recorded recorded) {
        return billing.charges(
                recorded.request(),
                recorded.records(),
                prices(recorded, run -> run.thing().market() == Market.SPOT));
    }

    /** Records as they are rated, in parts; with the spot prices of whatever runs, as it might have been on the market. */
    List<Scenario> scenarios(Recorded recorded) {
        return billing.scenarios(recorded.request(), recorded.records(), prices(recorded, run -> true));
    }

    private Function<Instant, Prices> prices(Recorded recorded, Predicate<UsageRun> needsSpotPrice) {
        List<PurchasedCommitment> commitments = recorded.records().commitments();
        Map<SpotPool, NavigableMap<Instant, HourlyRate>> spot = spotPricesOf(
                recorded.records().runs().stream().filter(needsSpotPrice),
                recorded.request().period());
        return from -> new PricesInForce(onDemandPrices, offerings, from, spot, commitments);
    }

    private static Interval sinceItsMonthBegan(Interval period) {
        LocalDate first = LocalDate.ofInstant(period.from(), ZoneOffset.UTC).withDayOfMonth(1);
        return new Interval(first.atStartOfDay().toInstant(ZoneOffset.UTC), period.until());
    }

    private Map<SpotPool, NavigableMap<Instant, HourlyRate>> spotPricesOf(Stream<UsageRun> usage, Interval period) {
        Set<SpotPool> pools = usage.map(run -> new SpotPool(
                        run.thing().zone(),
                        run.thing().instanceType(),
                        run.thing().os()))
                .collect(Collectors.toSet());
        Map<SpotPool, NavigableMap<Instant, HourlyRate>> prices = new HashMap<>();
        if (!pools.isEmpty()) {
            // By time and version: of two at the same moment the later one stays.
            for (SpotPrice price : spotPrices.pricesDuring(pools, period)) {
                prices.computeIfAbsent(price.pool(), pool -> new TreeMap<>()).put(price.at(), price.price());
            }
        }
        return prices;
    }
}
