package io.cumulet.kernel;

import io.cumulet.kernel.OperatingSystem.Granularity;
import java.time.Instant;

/**
 * The instance-hours of a run of a spot instance: when each begins, for how many seconds it is charged, and whether it is
 * free. Each costs the price its pool has when it begins.
 *
 * <pre>
 *   run        start |=========|=========|=====x interrupted
 *   index                 0         1       2
 *   charged            price 0   price 1   free, by the policy
 * </pre>
 *
 * Systems that are charged to the second pay at least {@value #MINIMUM_SECONDS} s for a run that its owner ended.
 *
 * @param start whole seconds
 * @param lengthSeconds how long it ran, or runs as far as is known; below 0 for one that starts only later
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html">Billing for
 *     interrupted Spot Instances</a>
 */
public record SpotRunHours(
        Instant start, long lengthSeconds, End end, Granularity granularity, SpotInterruptionPolicy policy) {

    /** The length of an instance-hour. */
    public static final long HOUR = 3600;

    public static final long MINIMUM_SECONDS = 60;

    /** What ended a run. */
    public enum End {
        /** Nothing: it goes on. */
        NONE,
        OWNER,
        INTERRUPTION
    }

    public SpotRunHours {
        boolean hasMinimum = end == End.OWNER && granularity == Granularity.PER_SECOND;
        lengthSeconds = hasMinimum ? Math.max(lengthSeconds, MINIMUM_SECONDS) : lengthSeconds;
    }

    /** @param until when it ended, or until when it is known to run; whole seconds */
    public static SpotRunHours of(
            Instant start, Instant until, End end, OperatingSystem os, SpotInterruptionPolicy policy) {
        return new SpotRunHours(start, until.getEpochSecond() - start.getEpochSecond(), end, os.granularity(), policy);
    }

    /** How many there are, the last begun one counted. */
    public long count() {
        return Math.ceilDiv(Math.max(0, lengthSeconds), HOUR);
    }

    /** When one begins, in seconds of the epoch. */
    public long begin(long index) {
        return start.getEpochSecond() + index * HOUR;
    }

    /** For how many seconds one is charged, or would be if it weren't free. */
    public long seconds(long index) {
        return isFree(index) || granularity == Granularity.PER_SECOND ? used(index) : HOUR;
    }

    /** Whether nothing is charged for it, since it was interrupted before it was complete. */
    public boolean isFree(long index) {
        if (end != End.INTERRUPTION || used(index) == HOUR) {
            return false;
        }
        return switch (policy) {
            case INTERRUPTED_HOUR_FREE -> true;
            case FIRST_HOUR_FREE -> index == 0 || granularity == Granularity.PER_HOUR;
        };
    }

    private long used(long index) {
        return Math.min(HOUR, lengthSeconds - index * HOUR);
    }
}
