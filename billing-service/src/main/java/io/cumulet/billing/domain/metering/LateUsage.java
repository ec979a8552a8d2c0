package io.cumulet.billing.domain.metering;

import io.cumulet.kernel.AccountId;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which past months changed, account by account, by what came to be known about runs. Of one thread. */
public final class LateUsage {

    /** An end also decides what the instance-hour in which it lies costs, and that may have begun in the month before. */
    private static final Duration BEGUN_HOUR = Duration.ofHours(1);

    /** A run is billed for as long at least, also behind its end. */
    private static final Duration MINIMUM = Duration.ofSeconds(60);

    private final Instant now;
    private final Instant thisMonth;
    private final Map<AccountId, Set<YearMonth>> months = new HashMap<>();

    /** @param now the months before this moment's are past */
    public LateUsage(Instant now) {
        this.now = now;
        this.thisMonth = now.equals(Instant.MIN) ? now : start(month(now));
    }

    /** Whether a moment lies in a past month. */
    public boolean isPast(Instant at) {
        return at.isBefore(thisMonth);
    }

    /** @param before null if the run, or what it is to be paid for, wasn't known */
    public void changed(@Nullable UsageRun before, UsageRun after) {
        Instant from = firstChange(before, after).minus(BEGUN_HOUR);
        if (!from.isBefore(thisMonth)) {
            return;
        }
        Instant until = lastChange(before, after);
        Set<YearMonth> changed = months.computeIfAbsent(after.thing().account(), account -> new TreeSet<>());
        for (YearMonth month = month(from);
                start(month).isBefore(thisMonth) && !start(month).isAfter(until);
                month = month.plusMonths(1)) {
            changed.add(month);
        }
        if (before != null && !before.thing().account().equals(after.thing().account())) {
            months.computeIfAbsent(before.thing().account(), account -> new TreeSet<>())
                    .addAll(changed);
        }
    }

    public Map<AccountId, Set<YearMonth>> months() {
        return months;
    }

    private static Instant firstChange(@Nullable UsageRun before, UsageRun after) {
        if (before == null) {
            return after.startedAt();
        }
        if (!before.startedAt().equals(after.startedAt()) || !before.thing().equals(after.thing())) {
            return earlier(before.startedAt(), after.startedAt());
        }
        UsageRun.End one = before.end();
        UsageRun.End other = after.end();
        if (one == null || other == null) {
            return one == null ? (other == null ? Instant.MAX.minus(BEGUN_HOUR) : other.at()) : one.at();
        }
        return earlier(one.at(), other.at());
    }

    /** The end of the longer one, or now. */
    private Instant lastChange(@Nullable UsageRun before, UsageRun after) {
        UsageRun.End end = after.end();
        UsageRun.End former = before == null ? end : before.end();
        if (end == null || former == null) {
            return now;
        }
        Instant last = end.at().isAfter(former.at()) ? end.at() : former.at();
        Instant minimum = after.startedAt().plus(MINIMUM);
        return last.isAfter(minimum) ? last : minimum;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static YearMonth month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
