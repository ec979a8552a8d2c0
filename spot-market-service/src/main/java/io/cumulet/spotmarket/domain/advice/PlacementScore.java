package io.cumulet.spotmarket.domain.advice;

import io.cumulet.spotmarket.domain.market.PoolId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How well a target capacity would do as spot in a zone or region, from 1 to 10. No promise: what is free now may be gone in
 * a moment.
 *
 * <pre>
 *   room      what the asked pools could take now, in the unit of the target; pools of one zone and family share hosts, so
 *             of each family the pool that yields most counts. Bids that wait and offer at least their pool's price, or were
 *             just given room, come first: the vCPUs they ask for are taken off.
 *   points    1 + 9 × room / (2 × target), rounded up, 10 at most:  0 → 1,  target → 6,  twice the target → 10
 *   less      0 to 4, by the {@link InterruptionFrequency} of the asked pools in the last days; 0 if nothing ran
 *   less      1 if each asked pool had a price above twice its lowest in these days
 *   least     1
 * </pre>
 *
 * @param score 1 to 10
 * @param room in the unit of the target
 * @param frequency null if nothing ran
 * @param steady whether a pool's price stayed below or at twice its lowest
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-spot-placement-score.html">Spot placement
 *     score: 10 is "highly likely but not guaranteed to succeed", 1 "not likely to succeed at all"</a>
 */
public record PlacementScore(int score, long room, @Nullable InterruptionFrequency frequency, boolean steady) {

    private static final int BEST = 10;

    /** What a target is counted in. */
    public enum CapacityUnit {
        UNITS,
        VCPU,
        MEMORY_MIB;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<CapacityUnit> ofCode(String code) {
            for (CapacityUnit unit : values()) {
                if (unit.code().equals(code)) {
                    return Optional.of(unit);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A pool that would do.
     *
     * @param fits how many more units its hosts could run
     * @param runs how many ran in the last days
     * @param interrupted those of them that the market took back
     * @param steady whether its price stayed below or at twice its lowest in these days
     */
    public record Candidate(
            PoolId id, int vcpus, int memoryMib, int fits, long runs, long interrupted, boolean steady) {}

    /**
     * Scores. A pure function.
     *
     * @param pools those of the zone or region that would do
     * @param waitingVcpus what bids wait for, by zone and family
     * @param target at least 1
     */
    public static PlacementScore of(
            Collection<Candidate> pools, Map<String, Long> waitingVcpus, CapacityUnit unit, long target) {
        Map<String, Long> roomByFamily = new HashMap<>();
        long runs = 0;
        long interrupted = 0;
        boolean steady = pools.isEmpty();
        for (Candidate pool : pools) {
            String family = pool.id.familyKey();
            roomByFamily.merge(family, room(pool, waitingVcpus.getOrDefault(family, 0L), unit), Math::max);
            runs += pool.runs;
            interrupted += pool.interrupted;
            steady |= pool.steady;
        }
        long room = roomByFamily.values().stream().mapToLong(Long::longValue).sum();
        InterruptionFrequency frequency = InterruptionFrequency.of(interrupted, runs);
        long twice = 2 * target;
        int points = 1 + (int) Math.ceilDiv((BEST - 1) * Math.min(room, twice), twice);
        int less = (frequency == null ? 0 : frequency.steps()) + (steady ? 0 : 1);
        return new PlacementScore(Math.max(1, points - less), room, frequency, steady);
    }

    private static long room(Candidate pool, long waitingVcpus, CapacityUnit unit) {
        long units = Math.max(0, pool.fits - Math.ceilDiv(waitingVcpus, pool.vcpus));
        return switch (unit) {
            case UNITS -> units;
            case VCPU -> units * pool.vcpus;
            case MEMORY_MIB -> units * pool.memoryMib;
        };
    }
}
