package io.cumulet.billing.domain.costs;

import io.cumulet.kernel.Interval;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long a period of an answer is. Days and months are those of UTC; the first and the last may be cut short. */
public enum Granularity {
    HOURLY("hourly") {
        @Override
        Instant next(Instant moment) {
            return moment.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        }
    },
    DAILY("daily") {
        @Override
        Instant next(Instant moment) {
            return moment.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        }
    },
    MONTHLY("monthly") {
        @Override
        Instant next(Instant moment) {
            return LocalDate.ofInstant(moment, ZoneOffset.UTC)
                    .withDayOfMonth(1)
                    .plusMonths(1)
                    .atStartOfDay()
                    .toInstant(ZoneOffset.UTC);
        }
    },
    /** All of the time is one period. */
    WHOLE("whole") {
        @Override
        Instant next(Instant moment) {
            return Instant.MAX;
        }
    };

    private final String code;

    Granularity(String code) {
        this.code = code;
    }

    /** Where the period ends that a moment is in. */
    abstract Instant next(Instant moment);

    /** The name in queries. */
    public String code() {
        return code;
    }

    public static Optional<Granularity> ofCode(String code) {
        for (Granularity granularity : values()) {
            if (granularity.code.equals(code)) {
                return Optional.of(granularity);
            }
        }
        return Optional.empty();
    }

    /** A stretch of time in its periods. */
    List<Interval> periods(Interval whole) {
        List<Interval> periods = new ArrayList<>();
        Instant from = whole.from();
        while (from.isBefore(whole.until())) {
            Instant next = next(from);
            Instant until = next.isBefore(whole.until()) ? next : whole.until();
            periods.add(new Interval(from, until));
            from = until;
        }
        return periods;
    }
}
