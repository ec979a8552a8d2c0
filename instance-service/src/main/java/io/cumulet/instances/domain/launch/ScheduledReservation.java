package io.cumulet.instances.domain.launch;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.SlotSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Scheduled Reserved Instances, as far as launches into them depend on it. What was bought never changes.
 *
 * <pre>
 *   slot       |===================================|
 *   launches   |===============================|       up to so many at once
 *   3 minutes                                  |===|   what runs is terminated when they begin
 * </pre>
 *
 * @param count how many may be there at once
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunScheduledInstances.html">
 *     RunScheduledInstances</a>
 */
public record ScheduledReservation(
        String id,
        AvailabilityZone zone,
        InstanceType instanceType,
        OperatingSystem os,
        int count,
        SlotSchedule schedule) {

    private static final String FIELD = "scheduledInstanceId";

    /** How long before the end of a slot its instances are terminated. */
    private static final Duration BEFORE_THE_END = Duration.ofMinutes(3);

    /**
     * What a moment leaves to be launched.
     *
     * @param most how many instances, at least 1
     * @param terminateAt when they will be terminated; later than the moment
     */
    public record Opening(int most, Instant terminateAt) {}

    /** An order, bound to this reservation and its zone, if it asks for what was bought. */
    public Outcome<LaunchOrder> fit(LaunchOrder order) {
        if (!order.type().type().equals(instanceType)) {
            return mismatch(
                    "instanceType",
                    "of the type " + instanceType + ", not " + order.type().type());
        }
        if (order.image().os() != os) {
            return mismatch("imageId", "with " + os + ", not " + order.image().os());
        }
        if (order.zone() != null && !order.zone().equals(zone)) {
            return mismatch("placement.availabilityZone", "in " + zone + ", not in " + order.zone());
        }
        return Outcome.done(order.into(this));
    }

    private <T> Outcome<T> mismatch(String field, String what) {
        return Outcome.refused(
                ErrorCode.SCHEDULED_INSTANCE_PARAMETER_MISMATCH,
                field,
                "The Scheduled Instance " + id + " is one " + what);
    }

    /**
     * Whether instances can be launched at a moment.
     *
     * @param there how many there are already that aren't terminated
     * @param least how many are needed
     */
    public Outcome<Opening> open(int there, int least, Instant now) {
        Optional<Interval> slot = schedule.slotAt(now);
        if (slot.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.SCHEDULED_INSTANCE_SLOT_NOT_OPEN,
                    FIELD,
                    "The Scheduled Instance " + id + " has no time slot now; "
                            + schedule.nextAfter(now)
                                    .map(next -> "the next one begins at " + next.from())
                                    .orElse("its last one is over"));
        }
        Instant terminateAt = slot.get().until().minus(BEFORE_THE_END);
        if (!now.isBefore(terminateAt)) {
            return Outcome.refused(
                    ErrorCode.SCHEDULED_INSTANCE_SLOT_UNAVAILABLE,
                    FIELD,
                    "The time slot of the Scheduled Instance " + id + " ends at "
                            + slot.get().until() + "; nothing is launched in its last " + BEFORE_THE_END.toMinutes()
                            + " minutes");
        }
        if (there + least > count) {
            return Outcome.refused(
                    ErrorCode.SCHEDULED_INSTANCE_SLOT_UNAVAILABLE,
                    FIELD,
                    "The Scheduled Instance " + id + " is for " + count + " at once, and " + there + " are there");
        }
        return Outcome.done(new Opening(count - there, terminateAt));
    }
}
