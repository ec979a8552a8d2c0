package io.cumulet.spotmarket.app;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows what pools cost and why, and sets how they are priced. */
@ApplicationScoped
public class PoolPricing {

    private final PoolList list;
    private final Pools pools;
    private final Market market;
    private final Tariffs tariffs;
    private final TraceReplays traceReplays;
    private final Replays replays;
    private final Traces traces;
    private final PriceSmoothing smoothing;
    private final StackClock clock;

    public PoolPricing(
            PoolList list,
            Pools pools,
            Market market,
            Tariffs tariffs,
            TraceReplays traceReplays,
            Replays replays,
            Traces traces,
            PriceSmoothing smoothing,
            StackClock clock) {
        this.list = list;
        this.pools = pools;
        this.market = market;
        this.tariffs = tariffs;
        this.traceReplays = traceReplays;
        this.replays = replays;
        this.traces = traces;
        this.smoothing = smoothing;
        this.clock = clock;
    }

    /**
     * A pool as it is shown.
     *
     * @param since from when on its price is in force
     * @param onDemand what the same costs on demand; null if it isn't on offer any more
     * @param floor the least price; null likewise
     * @param cap the most anybody pays; null likewise
     */
    public record Priced(
            Pools.Pool pool,
            Instant since,
            @Nullable HourlyRate onDemand,
            @Nullable HourlyRate floor,
            @Nullable HourlyRate cap) {}

    /** What an operator wants of a pool. */
    public sealed interface Wish {

        record Auction() implements Wish {}

        record Smoothed(PricingPolicy.Smoothed policy) implements Wish {}

        /** @param from the moment of the history it begins at; its first change if null */
        record Trace(String traceId, int speed, @Nullable Instant from) implements Wish {}
    }

    /** A page of a region's pools; see {@link PoolList#page}. */
    @Transactional
    public List<Priced> page(Region region, PoolList.Filter filter, @Nullable String after, int size) {
        return list.page(region, filter, after, size).stream().map(this::priced).toList();
    }

    @Transactional
    public Outcome<Priced> find(PoolId id) {
        return list.find(id).map(this::priced).map(Outcome::done).orElseGet(() -> noPool(id));
    }

    private static Outcome<Priced> noPool(PoolId id) {
        return Outcome.refused(
                Refusal.of(ErrorCode.NOT_FOUND, "There is no pool " + id + ": no host of its zone has it"));
    }

    private Priced priced(PoolList.Entry entry) {
        Optional<HourlyRate> onDemand = tariffs.onDemand(entry.pool().id(), clock.instant());
        return new Priced(
                entry.pool(),
                entry.since(),
                onDemand.orElse(null),
                onDemand.map(price -> tariffs.floor(entry.pool(), price)).orElse(null),
                onDemand.map(price -> tariffs.cap(entry.pool(), price)).orElse(null));
    }

    /**
     * Sets how a pool is priced from now on, and clears it. A pool that no host has yet is made, if its kind of instance is
     * on offer. What it replayed it leaves.
     *
     * @param floor null for the configured share of on-demand
     * @param cap null for on-demand
     */
    @Transactional
    public Outcome<Priced> set(PoolId id, Wish wish, @Nullable HourlyRate floor, @Nullable HourlyRate cap) {
        return bounds(id, floor, cap).flatMap(fine -> policy(id, wish)).map(possible -> {
            market.lock(Set.of(id));
            replays.hold();
            // Whoever removes a history holds the replays: from here on it stays, so it is looked for once more.
            apply(id, policy(id, wish).orThrow(), floor, cap);
            return priced(list.find(id).orElseThrow());
        });
    }

    /** Has a pool priced as configured from now on, and clears it. What it replayed it leaves. */
    @Transactional
    public Outcome<Priced> reset(PoolId id) {
        if (list.find(id).isEmpty()) {
            return noPool(id);
        }
        market.lock(Set.of(id));
        replays.hold();
        smoothing.stop(id);
        price(id, null, null, null, clock.instant());
        market.clear(Set.of(id), null);
        return Outcome.done(priced(list.find(id).orElseThrow()));
    }

    /** Floor, cap and on-demand stand in this order; names the field that doesn't. */
    private Outcome<PoolId> bounds(PoolId id, @Nullable HourlyRate floor, @Nullable HourlyRate cap) {
        Optional<HourlyRate> offered = tariffs.onDemand(id, clock.instant());
        if (offered.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.UNSUPPORTED,
                    "instanceType",
                    id.type() + " isn't on offer for " + id.os() + " in "
                            + id.zone().region());
        }
        HourlyRate onDemand = offered.get();
        if (cap != null && cap.compareTo(onDemand) > 0) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "cap", "It is at most the On-Demand price, " + onDemand);
        }
        HourlyRate most = cap == null ? onDemand : cap;
        HourlyRate least = floor == null ? tariffs.floor(onDemand) : floor;
        if (least.compareTo(most) > 0) {
            return floor == null
                    ? Outcome.refused(
                            ErrorCode.INVALID_PARAMETER_VALUE, "cap", "It lies below the pool's floor, " + least)
                    : Outcome.refused(ErrorCode.INVALID_PARAMETER_VALUE, "floor", "It lies above the cap, " + most);
        }
        return Outcome.done(id);
    }

    private Outcome<PricingPolicy> policy(PoolId id, Wish wish) {
        return switch (wish) {
            case Wish.Auction auction -> Outcome.done(PricingPolicy.AUCTION);
            case Wish.Smoothed(PricingPolicy.Smoothed policy) -> Outcome.done(policy);
            case Wish.Trace(String traceId, int speed, Instant from) ->
                traceReplays
                        .policy(traceId, speed, from)
                        .flatMap(policy -> traces.series(traceId, id).isEmpty()
                                ? Outcome.refused(
                                        ErrorCode.INVALID_PARAMETER_VALUE,
                                        "traceId",
                                        "The history has no prices of " + id)
                                : Outcome.done(policy));
        };
    }

    /** The pool is locked, and the replays are held. */
    private void apply(PoolId id, PricingPolicy policy, @Nullable HourlyRate floor, @Nullable HourlyRate cap) {
        Instant now = clock.instant();
        smoothing.stop(id);
        switch (policy) {
            case PricingPolicy.Trace trace -> {
                // The bounds alone: the replay remembers the policy that stands until it begins.
                pools.setBounds(id, floor, cap);
                traceReplays.begin(id, trace);
            }
            case PricingPolicy.Auction auction -> price(id, auction, floor, cap, now);
            case PricingPolicy.Smoothed smoothed -> price(id, smoothed, floor, cap, now);
        }
        market.clear(Set.of(id), null);
    }

    /** Where nobody bids no clearing brings the price between its bounds. */
    private void price(
            PoolId id,
            @Nullable PricingPolicy policy,
            @Nullable HourlyRate floor,
            @Nullable HourlyRate cap,
            Instant now) {
        traceReplays.leave(id);
        pools.setPolicy(id, policy);
        pools.setBounds(id, floor, cap);
        Pools.Pool pool = pools.find(id).orElseThrow();
        market.price(Map.of(id, tariffs.within(pool, pool.price(), now)), null);
    }
}
