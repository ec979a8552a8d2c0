package io.cumulet.instances.domain.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.instances.domain.launch.ScheduledReservation.Opening;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.Recurrence.Frequency;
import io.cumulet.kernel.SlotSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduledReservationTest {

    private static final Instant START = Instant.parse("2026-01-31T22:00:00Z");
    private static final Instant END = Instant.parse("2026-02-01T02:00:00Z");
    private static final Instant LAST = END.minus(Duration.ofMinutes(3));

    /** Three at once, from 22 to 2 every day. */
    private static final ScheduledReservation RESERVATION = new ScheduledReservation(
            "s-1",
            new AvailabilityZone("us-east-1a"),
            new InstanceType("m4.large"),
            OperatingSystem.LINUX,
            3,
            new SlotSchedule(
                    new Interval(START, START.plus(Duration.ofDays(365))),
                    new Recurrence(Frequency.DAILY, 1, List.of()),
                    4));

    @Test
    void aSlotIsOpenFromItsFirstMomentUntilThreeMinutesBeforeItsEnd() {
        assertThat(RESERVATION.open(0, 1, START)).isEqualTo(Outcome.done(new Opening(3, LAST)));
        assertThat(RESERVATION.open(0, 1, LAST.minusNanos(1))).isEqualTo(Outcome.done(new Opening(3, LAST)));
        assertThat(refusal(RESERVATION.open(0, 1, LAST))).isEqualTo("ScheduledInstanceSlotUnavailable");
        assertThat(refusal(RESERVATION.open(0, 1, END.minusNanos(1)))).isEqualTo("ScheduledInstanceSlotUnavailable");
        assertThat(refusal(RESERVATION.open(0, 1, END))).isEqualTo("ScheduledInstanceSlotNotOpen");
    }

    @Test
    void beforeBetweenAndAfterTheSlotsNothingIsLaunched() {
        assertThat(refusal(RESERVATION.open(0, 1, START.minusNanos(1)))).isEqualTo("ScheduledInstanceSlotNotOpen");
        assertThat(refusal(RESERVATION.open(0, 1, END.plus(Duration.ofHours(10)))))
                .isEqualTo("ScheduledInstanceSlotNotOpen");
        assertThat(RESERVATION.open(0, 1, START.plus(Duration.ofDays(364)))).isInstanceOf(Outcome.Done.class);
        assertThat(refusal(RESERVATION.open(0, 1, START.plus(Duration.ofDays(365)))))
                .isEqualTo("ScheduledInstanceSlotNotOpen");
    }

    @Test
    void thereAreNeverMoreThanWereBought() {
        assertThat(RESERVATION.open(2, 1, START)).isEqualTo(Outcome.done(new Opening(1, LAST)));
        assertThat(refusal(RESERVATION.open(2, 2, START))).isEqualTo("ScheduledInstanceSlotUnavailable");
        assertThat(refusal(RESERVATION.open(3, 1, START))).isEqualTo("ScheduledInstanceSlotUnavailable");
    }

    private static String refusal(Outcome<Opening> outcome) {
        return outcome instanceof Outcome.Refused<Opening> refused
                ? refused.refusal().code().code()
                : "none: " + outcome;
    }
}
