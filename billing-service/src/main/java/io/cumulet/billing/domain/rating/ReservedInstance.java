package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.util.List;

/**
 * Reserved Instances bought together.
 *
 * @param count how many
 * @param unitFees what one of them costs
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html">How Reserved Instances are
 *     applied</a>
 */
public record ReservedInstance(
        String place,
        String id,
        AccountId account,
        InstanceType type,
        OperatingSystem os,
        Tenancy tenancy,
        Scope scope,
        int count,
        Term term,
        Fees unitFees)
        implements Commitment {

    /** Where it applies. */
    public sealed interface Scope {}

    /** To usage in one Availability Zone, outside of capacity reservations. */
    public record Zonal(AvailabilityZone zone) implements Scope {}

    /** To usage anywhere in a region, of any size in the family if it is size-flexible. */
    public record Regional(Region region) implements Scope {}

    /**
     * To what was launched into it, in a zone and in time slots.
     *
     * @param slots whole hours, in order
     */
    public record Scheduled(AvailabilityZone zone, List<Interval> slots) implements Scope {}

    /** The region it applies in, or in a zone of. */
    public Region region() {
        return switch (scope) {
            case Regional regional -> regional.region();
            case Zonal zonal -> zonal.zone().region();
            case Scheduled scheduled -> scheduled.zone().region();
        };
    }

    @Override
    public Fees fees() {
        return unitFees.times(count);
    }

    @Override
    public List<Interval> active() {
        return scope instanceof Scheduled scheduled ? scheduled.slots() : Commitment.super.active();
    }

    /** Whether it discounts other sizes of its family, too: if regional, of Linux and default tenancy. */
    boolean isSizeFlexible() {
        return NormalizationFactors.ofFlexible(type, os, tenancy, scope instanceof Regional)
                .isPresent();
    }
}
