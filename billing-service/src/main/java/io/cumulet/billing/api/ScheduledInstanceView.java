package io.cumulet.billing.api;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.SlotSchedule;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Scheduled Reserved Instances in EC2's words. */
@Schema(name = "ScheduledInstance", description = "Reserved Instances for time slots that recur")
public record ScheduledInstanceView(
        @Schema(description = "What POST /v1/instances takes to launch into them")
        String scheduledInstanceId,

        @Schema(description = "queued until the first slot, then active; retired after the term")
        String state,

        String availabilityZone,
        String instanceType,
        String os,
        int instanceCount,
        RecurrenceView recurrence,
        int slotDurationInHours,

        @Schema(description = "USD for one in each hour of a slot, used or not")
        String hourlyPrice,

        @Schema(description = "The hours of all slots of the term, for one")
        long totalScheduledInstanceHours,

        @Schema(description = "When it was bought") Instant createDate,

        Instant termStartDate,
        Instant termEndDate,

        @Schema(description = "Left out if none has ended yet") @Nullable
        Instant previousSlotEndTime,

        @Schema(description = "Left out if none is left") @Nullable
        Instant nextSlotStartTime) {

    @Schema(name = "ScheduledInstanceRecurrence", description = "On which days slots begin, in UTC")
    public record RecurrenceView(
            @Schema(description = "daily, weekly or monthly")
            String frequency,

            @Schema(description = "Every how many days, weeks or months")
            int interval,

            @Schema(description = "Days of the week, 1 is Sunday, or of the month")
            List<Integer> occurrenceDays) {

        static RecurrenceView of(Recurrence recurrence) {
            return new RecurrenceView(
                    recurrence.frequency().code(), recurrence.interval(), recurrence.occurrenceDays());
        }
    }

    static ScheduledInstanceView of(PurchasedCommitment bought, Instant now) {
        if (!(bought.terms() instanceof Terms.ScheduledInstances terms)) {
            throw new IllegalArgumentException("Not scheduled: " + bought.terms());
        }
        SlotSchedule schedule = terms.schedule(bought.term());
        return new ScheduledInstanceView(
                bought.id(),
                bought.stateAt(now).code(),
                terms.zone().value(),
                terms.instanceType().value(),
                terms.os().code(),
                terms.count(),
                RecurrenceView.of(terms.recurrence()),
                terms.slotHours(),
                terms.hourly().toPlainString(),
                schedule.totalHours(),
                bought.purchasedAt(),
                bought.startsAt(),
                bought.endsAt(),
                schedule.lastEndedBy(now).map(Interval::until).orElse(null),
                schedule.nextAfter(now).map(Interval::from).orElse(null));
    }
}
