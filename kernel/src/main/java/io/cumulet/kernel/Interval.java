package io.cumulet.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A half-open stretch of time, {@code [from, until)}, never empty. */
public record Interval(Instant from, Instant until) {

    public Interval {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException("An interval ends after it starts: " + from + " .. " + until);
        }
    }

    public Duration length() {
        return Duration.between(from, until);
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(until);
    }

    /** What both have in common, if anything. */
    public Optional<Interval> intersection(Interval other) {
        Instant latestStart = from.isAfter(other.from) ? from : other.from;
        Instant earliestEnd = until.isBefore(other.until) ? until : other.until;
        return latestStart.isBefore(earliestEnd)
                ? Optional.of(new Interval(latestStart, earliestEnd))
                : Optional.empty();
    }
}
