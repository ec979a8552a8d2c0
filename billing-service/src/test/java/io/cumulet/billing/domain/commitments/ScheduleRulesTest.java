package io.cumulet.billing.domain.commitments;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.Recurrence.Frequency;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.SlotSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScheduleRulesTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String SUNDAY = "2026-02-01T09:00:00Z";

    @Test
    void aScheduleHasAtLeast1200HoursInItsYear() {
        assertThat(fault(SUNDAY, Frequency.DAILY, 4)).isEmpty();
        assertThat(fault(SUNDAY, Frequency.DAILY, 3)).isEqualTo("slotDurationInHours");
        // 365 days that begin on a Sunday have 53 of them: 23 hours each are 1,219.
        assertThat(fault(SUNDAY, Frequency.WEEKLY, 23, 1)).isEmpty();
        assertThat(fault(SUNDAY, Frequency.WEEKLY, 22, 1)).isEqualTo("slotDurationInHours");
        assertThat(fault(SUNDAY, Frequency.MONTHLY, 100, 1)).isEmpty();
        assertThat(fault(SUNDAY, Frequency.MONTHLY, 99, 1)).isEqualTo("slotDurationInHours");
    }

    @Test
    void theFirstSlotIsOnADayOfTheRecurrenceWithinThreeMonths() {
        assertThat(fault("2026-02-02T09:00:00Z", Frequency.WEEKLY, 24, 1)).isEqualTo("firstSlotStartTime");
        assertThat(fault(NOW.toString(), Frequency.DAILY, 4)).isEmpty();
        assertThat(fault("2026-01-31T11:00:00Z", Frequency.DAILY, 4)).isEqualTo("firstSlotStartTime");
        // January's 31st and three months more.
        assertThat(fault("2026-04-30T12:00:00Z", Frequency.DAILY, 4)).isEmpty();
        assertThat(fault("2026-04-30T13:00:00Z", Frequency.DAILY, 4)).isEqualTo("firstSlotStartTime");
    }

    @Test
    void noSlotBeginsBeforeTheOneInFrontOfItHasEnded() {
        assertThat(fault(SUNDAY, Frequency.DAILY, 24)).isEmpty();
        assertThat(fault(SUNDAY, Frequency.DAILY, 25)).isEqualTo("slotDurationInHours");
        assertThat(fault(SUNDAY, Frequency.WEEKLY, 25, 1, 2)).isEqualTo("slotDurationInHours");
    }

    /** The field at fault; empty if there is none. */
    private static String fault(String firstSlot, Frequency frequency, int hours, Integer... days) {
        Instant start = Instant.parse(firstSlot);
        Optional<Refusal> startFault = ScheduleRules.startFault(start, NOW);
        SlotSchedule schedule = new SlotSchedule(
                new Interval(start, start.plus(Duration.ofDays(365))),
                new Recurrence(frequency, 1, List.of(days)),
                hours);
        return startFault
                .or(() -> ScheduleRules.fault(schedule))
                .map(Refusal::field)
                .orElse("");
    }
}
