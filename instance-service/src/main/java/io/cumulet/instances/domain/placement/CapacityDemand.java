package io.cumulet.instances.domain.placement;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Room that on-demand waits for, since spot holds it. An account has at most one for a type in a zone.
 *
 * @param need of one instance
 * @param count how many are to fit at once
 * @param since when it was first asked for
 * @param until when it is given up, unless it is asked for again
 */
public record CapacityDemand(Key key, Capacity need, int count, Instant since, Instant until) {

    /** Who waits for what. */
    public record Key(AccountId account, InstanceType type) {}

    /** First come, first served. */
    static final Comparator<CapacityDemand> FIRST_COME = Comparator.comparing(CapacityDemand::since)
            .thenComparing(demand -> demand.key.account.value())
            .thenComparing(demand -> demand.key.type.value());

    public CapacityDemand {
        if (count < 1) {
            throw new IllegalArgumentException("A demand for nothing: " + count + " " + key.type);
        }
    }

    public String family() {
        return key.type.family();
    }

    /** Asked for once more: tries of the same launch don't add up. */
    public CapacityDemand again(int newCount, Instant newUntil) {
        return new CapacityDemand(
                key, need, Math.max(count, newCount), since, newUntil.isAfter(until) ? newUntil : until);
    }

    /** What is left of it after so many were launched; none if that is all. */
    public Optional<CapacityDemand> without(int launched) {
        return launched >= count
                ? Optional.empty()
                : Optional.of(new CapacityDemand(key, need, count - launched, since, until));
    }
}
