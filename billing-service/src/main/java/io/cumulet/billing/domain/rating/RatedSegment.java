package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.HourlyRate;
import org.jspecify.annotations.Nullable;

/**
 * The same rated row in consecutive hours.
 *
 * @param first the row of the first hour; the others differ in their start alone
 * @param hours how many rows it stands for, at least 1
 * @param rate the price it was rated at; null where no hourly price applies
 * @param place JSON pointer to what it is for in the scenario; null for a fee that several cause together
 */
public record RatedSegment(
        RatedRow first,
        long hours,
        @Nullable HourlyRate rate,
        @Nullable String place) {

    static final long STEP_SECONDS = 3_600;

    public Costs costs() {
        return first.costs().times(hours);
    }

    /** The row of an hour, counted from 0. */
    public RatedRow row(long index) {
        if (index == 0) {
            return first;
        }
        return new RatedRow(
                first.chargePeriodStart().plusSeconds(index * STEP_SECONDS),
                first.account(),
                first.category(),
                first.resourceId(),
                first.commitmentId(),
                first.seconds(),
                first.costs());
    }
}
