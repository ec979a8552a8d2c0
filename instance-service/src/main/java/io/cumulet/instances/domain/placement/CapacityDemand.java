package io.cumulet.instances.domain.placement;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Room that on-demand waits for, since spot holds it. An account has at most one for a type in a zone.
 *
 * <pre>
 *   WAITING ── some launched ──► USED ── all launched, or time is over ──► gone
 *      └── time is over ──► RAN_OUT ── as long again ──► gone
 * </pre>
 *
 * @param need of one instance
 * @param count how many are to fit at once
 * @param since when it was first asked for
 * @param until when it is given up, unless it is asked for again
 */
public record CapacityDemand(Key key, Capacity need, int count, Instant since, Instant until, State state) {

    /** What has become of it. */
    public enum State {
        /** None of it is launched yet. */
        WAITING,
        /** Some of it was launched. */
        USED,
        /** Others lost their room for nothing: until then it can't be asked for again. */
        RAN_OUT
    }

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

    /** Whether room is taken back, and kept, for it. */
    public boolean isOpen() {
        return state != State.RAN_OUT;
    }

    /** Asked for once more: tries of the same launch don't add up. */
    public CapacityDemand again(int newCount, Instant newUntil) {
        return new CapacityDemand(
                key, need, Math.max(count, newCount), since, newUntil.isAfter(until) ? newUntil : until, state);
    }

    /** What is left of it after so many were launched; none if that is all. */
    public Optional<CapacityDemand> without(int launched) {
        return launched >= count
                ? Optional.empty()
                : Optional.of(new CapacityDemand(key, need, count - launched, since, until, State.USED));
    }

    /** What is left of it when its time is over: if nothing was launched, that it was for nothing. */
    public Optional<CapacityDemand> over(Instant barredUntil) {
        return state == State.WAITING
                ? Optional.of(new CapacityDemand(key, need, count, since, barredUntil, State.RAN_OUT))
                : Optional.empty();
    }
}
