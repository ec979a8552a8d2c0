package io.cumulet.kernel;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The time slots in which Scheduled Instances run. Each begins on a day of the recurrence, at the hour at which the term
 * begins, and lies whole inside the term.
 *
 * <pre>
 *   term   |==================================================|
 *   slots  |====|         |====|         |====|         |====|
 *   days    Sun            Wed            Sun            Wed
 * </pre>
 *
 * @param term begins on the hour, with the first slot
 * @param slotHours the whole hours of a slot; 1 or more
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeScheduledInstanceAvailability.html">
 *     DescribeScheduledInstanceAvailability</a>
 */
public record SlotSchedule(Interval term, Recurrence recurrence, int slotHours) {

    /** @throws IllegalArgumentException if the term doesn't begin on the hour or a slot has no hour */
    public SlotSchedule {
        if (!term.from().equals(term.from().truncatedTo(ChronoUnit.HOURS))) {
            throw new IllegalArgumentException("A slot begins on the hour, not at " + term.from());
        }
        if (slotHours < 1) {
            throw new IllegalArgumentException("A slot has at least an hour, not " + slotHours);
        }
    }

    /** All slots of the term, in order. */
    public List<Interval> slots() {
        LocalDate first = term.from().atOffset(ZoneOffset.UTC).toLocalDate();
        Duration length = Duration.ofHours(slotHours);
        List<Interval> slots = new ArrayList<>();
        Instant start = term.from();
        for (LocalDate day = first; !start.plus(length).isAfter(term.until()); day = day.plusDays(1)) {
            if (recurrence.isOn(day, first)) {
                slots.add(new Interval(start, start.plus(length)));
            }
            start = start.plus(1, ChronoUnit.DAYS);
        }
        return slots;
    }

    /** Whether a slot begins before the one in front of it has ended. */
    public boolean overlaps() {
        List<Interval> slots = slots();
        for (int i = 1; i < slots.size(); i++) {
            if (slots.get(i).from().isBefore(slots.get(i - 1).until())) {
                return true;
            }
        }
        return false;
    }

    /** The slot that a moment lies in. */
    public Optional<Interval> slotAt(Instant at) {
        return slots().stream().filter(slot -> slot.contains(at)).findFirst();
    }

    /** The first slot that begins after a moment. */
    public Optional<Interval> nextAfter(Instant at) {
        return slots().stream().filter(slot -> slot.from().isAfter(at)).findFirst();
    }

    /** The last slot that has ended by a moment. */
    public Optional<Interval> lastEndedBy(Instant at) {
        return slots().stream().filter(slot -> !slot.until().isAfter(at)).reduce((earlier, later) -> later);
    }

    /** The hours of all slots together. */
    public long totalHours() {
        return (long) slotHours * slots().size();
    }
}
