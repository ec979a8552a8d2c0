package io.cumulet.billing.domain.rating;

import java.util.Comparator;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * What one owner uses in each of some consecutive clock hours: the same seconds in every one of them. While an hour is
 * rated, {@code left} is what no pass has taken yet.
 */
final class UsageItem {

    /** Run start, then id, then run number; what follows only keeps different items apart. */
    static final Comparator<UsageItem> USAGE_ORDER = Comparator.comparing((UsageItem item) -> item.owner.start())
            .thenComparing(item -> item.owner.id())
            .thenComparingInt(item -> item.owner.run())
            .thenComparing(item -> item.owner.place())
            .thenComparingLong(item -> item.firstHour);

    final UsageOwner owner;
    final long firstHour;
    final long untilHour;
    final long secondsEachHour;

    private final BigFraction whole;
    private BigFraction left;
    private @Nullable OpenSegment lastSegment;

    UsageItem(UsageOwner owner, long firstHour, long untilHour, long secondsEachHour) {
        this.owner = owner;
        this.firstHour = firstHour;
        this.untilHour = untilHour;
        this.secondsEachHour = secondsEachHour;
        this.whole = BigFraction.of(secondsEachHour);
        this.left = whole;
    }

    /** Begins another hour (or stretch of them): nothing is taken yet. */
    void begin() {
        left = whole;
    }

    /** Begins an hour in which only some seconds of the item count. */
    void begin(long seconds) {
        left = seconds == secondsEachHour ? whole : BigFraction.of(seconds);
    }

    BigFraction left() {
        return left;
    }

    boolean isUsedUp() {
        return left.signum() == 0;
    }

    /** Takes part of what is left. */
    void take(BigFraction seconds) {
        left = left.subtract(seconds);
    }

    BigFraction takeAll() {
        BigFraction all = left;
        left = BigFraction.ZERO;
        return all;
    }

    @Nullable
    OpenSegment lastSegment() {
        return lastSegment;
    }

    void setLastSegment(OpenSegment segment) {
        lastSegment = segment;
    }
}
