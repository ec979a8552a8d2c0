package io.cumulet.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.kernel.Recurrence.Frequency;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotScheduleTest {

    @Test
    void aDailySlotComesAtTheSameHourOnEachDayOfTheYear() {
        SlotSchedule schedule = schedule("2026-01-10T22:00:00Z", Frequency.DAILY, 1, 4);
        assertThat(schedule.slots()).hasSize(365).startsWith(slot("2026-01-10T22:00:00Z", "2026-01-11T02:00:00Z"));
        assertThat(schedule.totalHours()).isEqualTo(1_460);
        assertThat(schedule(schedule.term().from().toString(), Frequency.DAILY, 3, 4)
                        .slots())
                .hasSize(122);
    }

    @Test
    void aSlotGoesOnOverMidnightAndTheEndOfAMonth() {
        SlotSchedule schedule = schedule("2026-01-31T22:00:00Z", Frequency.DAILY, 1, 4);
        assertThat(schedule.slotAt(Instant.parse("2026-02-01T01:59:59Z")))
                .contains(slot("2026-01-31T22:00:00Z", "2026-02-01T02:00:00Z"));
        assertThat(schedule.slotAt(Instant.parse("2026-02-01T02:00:00Z"))).isEmpty();
        assertThat(schedule.slotAt(Instant.parse("2026-01-31T21:59:59Z"))).isEmpty();
    }

    @Test
    void aWeekBeginsOnSundayAndHasItsDaysEverySoManyWeeks() {
        // 2026-01-07 is a Wednesday; so the Sunday of that week has passed, and the next one is in the second week.
        SlotSchedule schedule = schedule("2026-01-07T09:00:00Z", Frequency.WEEKLY, 2, 24, 1, 4);
        assertThat(schedule.slots())
                .startsWith(
                        slot("2026-01-07T09:00:00Z", "2026-01-08T09:00:00Z"),
                        slot("2026-01-18T09:00:00Z", "2026-01-19T09:00:00Z"),
                        slot("2026-01-21T09:00:00Z", "2026-01-22T09:00:00Z"),
                        slot("2026-02-01T09:00:00Z", "2026-02-02T09:00:00Z"));
    }

    @Test
    void aMonthWithoutThe31stGoesWithoutIt() {
        SlotSchedule schedule = schedule("2026-01-31T20:00:00Z", Frequency.MONTHLY, 1, 48, 31);
        assertThat(schedule.slots())
                .extracting(Interval::from)
                .containsExactly(
                        Instant.parse("2026-01-31T20:00:00Z"),
                        Instant.parse("2026-03-31T20:00:00Z"),
                        Instant.parse("2026-05-31T20:00:00Z"),
                        Instant.parse("2026-07-31T20:00:00Z"),
                        Instant.parse("2026-08-31T20:00:00Z"),
                        Instant.parse("2026-10-31T20:00:00Z"),
                        Instant.parse("2026-12-31T20:00:00Z"));
    }

    @Test
    void a29thOfFebruaryIsThereInLeapYearsAlone() {
        assertThat(schedule("2028-01-29T00:00:00Z", Frequency.MONTHLY, 1, 24, 29)
                        .slotAt(Instant.parse("2028-02-29T12:00:00Z")))
                .isPresent();
        assertThat(schedule("2026-01-29T00:00:00Z", Frequency.MONTHLY, 1, 24, 29)
                        .slots())
                .hasSize(11)
                .noneMatch(slot -> slot.contains(Instant.parse("2026-03-01T12:00:00Z")));
        // A term of 8,760 hours ends a day earlier if there is one.
        assertThat(schedule("2028-01-01T00:00:00Z", Frequency.DAILY, 1, 24).slots())
                .hasSize(365)
                .endsWith(slot("2028-12-30T00:00:00Z", "2028-12-31T00:00:00Z"));
    }

    @Test
    void noSlotReachesOverTheEndOfTheTerm() {
        // 1 January 2027 lies in it, but not all of its 48 hours.
        SlotSchedule schedule = schedule("2026-01-02T12:00:00Z", Frequency.MONTHLY, 1, 48, 1, 2);
        assertThat(schedule.slots())
                .allSatisfy(slot -> assertThat(slot.until())
                        .isBeforeOrEqualTo(schedule.term().until()))
                .endsWith(slot("2026-12-02T12:00:00Z", "2026-12-04T12:00:00Z"));
    }

    @Test
    void theNextAndTheLastSlotAreThoseAroundAMoment() {
        SlotSchedule schedule = schedule("2026-01-10T10:00:00Z", Frequency.DAILY, 1, 4);
        Interval first = slot("2026-01-10T10:00:00Z", "2026-01-10T14:00:00Z");
        Interval second = slot("2026-01-11T10:00:00Z", "2026-01-11T14:00:00Z");
        assertThat(schedule.nextAfter(Instant.parse("2026-01-10T09:59:59Z"))).contains(first);
        assertThat(schedule.nextAfter(first.from())).contains(second);
        assertThat(schedule.lastEndedBy(first.until().minusNanos(1))).isEmpty();
        assertThat(schedule.lastEndedBy(first.until())).contains(first);
        assertThat(schedule.lastEndedBy(second.until())).contains(second);
        assertThat(schedule.nextAfter(schedule.term().until())).isEmpty();
    }

    @Test
    void slotsThatRunIntoEachOtherAreFoundAndThoseThatTouchAreNot() {
        assertThat(schedule("2026-01-10T10:00:00Z", Frequency.DAILY, 1, 24).overlaps())
                .isFalse();
        assertThat(schedule("2026-01-10T10:00:00Z", Frequency.DAILY, 1, 25).overlaps())
                .isTrue();
        // From 31 January to 1 February it is a day.
        assertThat(schedule("2026-01-01T10:00:00Z", Frequency.MONTHLY, 1, 25, 1, 31)
                        .overlaps())
                .isTrue();
    }

    @Test
    void daysThatDontGoWithTheFrequencyAreNoRecurrence() {
        assertThatThrownBy(() -> new Recurrence(Frequency.DAILY, 1, List.of(1))).hasMessageContaining("daily");
        assertThatThrownBy(() -> new Recurrence(Frequency.WEEKLY, 1, List.of())).hasMessageContaining("one day");
        assertThatThrownBy(() -> new Recurrence(Frequency.WEEKLY, 1, List.of(8)))
                .hasMessageContaining("1 to 7");
        assertThatThrownBy(() -> new Recurrence(Frequency.MONTHLY, 1, List.of(32)))
                .hasMessageContaining("1 to 31");
        assertThatThrownBy(() -> new Recurrence(Frequency.MONTHLY, 0, List.of(1)))
                .hasMessageContaining("interval");
    }

    private static SlotSchedule schedule(String start, Frequency frequency, int interval, int hours, Integer... days) {
        Instant from = Instant.parse(start);
        return new SlotSchedule(
                new Interval(from, from.plus(Duration.ofDays(365))),
                new Recurrence(frequency, interval, List.of(days)),
                hours);
    }

    private static Interval slot(String from, String until) {
        return new Interval(Instant.parse(from), Instant.parse(until));
    }
}
