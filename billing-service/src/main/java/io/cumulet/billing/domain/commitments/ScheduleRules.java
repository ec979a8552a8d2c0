package io.cumulet.billing.domain.commitments;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.SlotSchedule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Which schedules can be bought.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeScheduledInstanceAvailability.html">
 *     DescribeScheduledInstanceAvailability: at most three months ahead, at least 1,200 hours a year</a>
 */
public final class ScheduleRules {

    public static final int LEAST_HOURS = 1_200;
    private static final int MOST_MONTHS_AHEAD = 3;

    private ScheduleRules() {}

    /** Whether a first slot can't begin then; looked at before a term is made of it. */
    public static Optional<Refusal> startFault(Instant start, Instant now) {
        if (start.isBefore(now) || start.isAfter(lastStart(now))) {
            return fault(
                    "firstSlotStartTime",
                    "The first slot begins within the next " + MOST_MONTHS_AHEAD + " months, not at " + start);
        }
        return start.equals(start.truncatedTo(ChronoUnit.HOURS))
                ? Optional.empty()
                : fault("firstSlotStartTime", "A slot begins on the hour, in UTC, not at " + start);
    }

    /** What is wrong with a schedule whose start is right, if anything is. */
    public static Optional<Refusal> fault(SlotSchedule schedule) {
        Instant start = schedule.term().from();
        LocalDate first = start.atOffset(ZoneOffset.UTC).toLocalDate();
        if (!schedule.recurrence().isOn(first, first)) {
            return fault(
                    "firstSlotStartTime", "The first slot is on one of the days of the recurrence, not on " + first);
        }
        if (schedule.overlaps()) {
            return fault(
                    "slotDurationInHours",
                    "A slot of " + schedule.slotHours() + " hours hasn't ended when the next begins");
        }
        if (schedule.totalHours() < LEAST_HOURS) {
            return fault(
                    "slotDurationInHours",
                    "A schedule has at least " + LEAST_HOURS + " hours a year; this one has " + schedule.totalHours());
        }
        return Optional.empty();
    }

    /** The latest moment at which a first slot may begin. */
    public static Instant lastStart(Instant now) {
        return OffsetDateTime.ofInstant(now, ZoneOffset.UTC)
                .plusMonths(MOST_MONTHS_AHEAD)
                .toInstant();
    }

    private static Optional<Refusal> fault(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }
}
