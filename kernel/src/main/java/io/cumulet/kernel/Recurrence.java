package io.cumulet.kernel;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * On which days something recurs, in UTC.
 *
 * @param interval every how many days, weeks or months, counted from those of the first day; 1 or more
 * @param occurrenceDays days of the week (1 to 7, 1 is Sunday) or of the month (1 to 31), ascending; empty for a daily one.
 *     A month that lacks a day goes without it
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ScheduledInstanceRecurrenceRequest.html">
 *     ScheduledInstanceRecurrenceRequest</a>, without its days relative to an end
 */
public record Recurrence(Frequency frequency, int interval, List<Integer> occurrenceDays) {

    /** What an interval counts. */
    public enum Frequency {
        DAILY(0),
        /** A week begins on Sunday. */
        WEEKLY(7),
        MONTHLY(31);

        private final int lastDay;

        Frequency(int lastDay) {
            this.lastDay = lastDay;
        }

        /** The name in REST and events: lower case. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Frequency> ofCode(String code) {
            for (Frequency frequency : values()) {
                if (frequency.code().equals(code)) {
                    return Optional.of(frequency);
                }
            }
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException if the interval isn't above 0, or the days don't go with the frequency */
    public Recurrence {
        if (interval < 1) {
            throw new IllegalArgumentException("An interval is 1 or more, not " + interval);
        }
        if (frequency == Frequency.DAILY && !occurrenceDays.isEmpty()) {
            throw new IllegalArgumentException("A daily schedule has no days of its own");
        }
        if (frequency != Frequency.DAILY && occurrenceDays.isEmpty()) {
            throw new IllegalArgumentException("A " + frequency.code() + " schedule has at least one day");
        }
        for (int day : occurrenceDays) {
            if (day < 1 || day > frequency.lastDay) {
                throw new IllegalArgumentException(
                        "A day of a " + frequency.code() + " schedule is 1 to " + frequency.lastDay + ", not " + day);
            }
        }
        occurrenceDays = List.copyOf(new TreeSet<>(occurrenceDays));
    }

    /** Whether it occurs on a day, not before the first. */
    public boolean isOn(LocalDate day, LocalDate first) {
        long between = switch (frequency) {
            case DAILY -> ChronoUnit.DAYS.between(first, day);
            case WEEKLY -> ChronoUnit.WEEKS.between(sunday(first), sunday(day));
            case MONTHLY -> ChronoUnit.MONTHS.between(first.withDayOfMonth(1), day.withDayOfMonth(1));
        };
        return between % interval == 0
                && switch (frequency) {
                    case DAILY -> true;
                    case WEEKLY -> occurrenceDays.contains(dayOfWeek(day));
                    case MONTHLY -> occurrenceDays.contains(day.getDayOfMonth());
                };
    }

    private static LocalDate sunday(LocalDate day) {
        return day.minusDays(dayOfWeek(day) - 1L);
    }

    /** 1 is Sunday, as EC2 counts. */
    private static int dayOfWeek(LocalDate day) {
        return day.getDayOfWeek().getValue() % 7 + 1;
    }
}
