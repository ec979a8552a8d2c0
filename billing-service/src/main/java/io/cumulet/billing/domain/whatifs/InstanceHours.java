package io.cumulet.billing.domain.whatifs;

import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.kernel.Interval;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Instance-hours as bills have them, in any order, merged into runs. A bill doesn't say when in an hour an instance ran; it is taken
 * to have gone on from the hour before and into the next one, if it ran in them.
 *
 * <pre>
 *   seconds   2,400     3,600     1,000          600
 *   hours     |   ------|---------|---      |    (none) |------   |
 *   runs          1─────────────────                     2─────
 * </pre>
 *
 * <p>A whole hour takes a bit, however many rows there are. More than an hour in an hour is several instances.
 */
public final class InstanceHours {

    private static final int HOUR_SECONDS = 3_600;
    private static final BigDecimal WHOLE = BigDecimal.valueOf(HOUR_SECONDS);

    // A few bytes of a file can say any number: these keep what is in memory, and the time to cut it into runs, within
    // bounds.
    static final int MOST_DAYS = 366;
    static final int MOST_INSTANCES = 50_000;
    static final int MOST_AT_ONCE = 10_000;
    static final int MOST_HOURS = 10_000_000;
    static final int MOST_PARTS = 500_000;
    static final int MOST_RUNS = 250_000;
    private static final BigDecimal MOST_SECONDS_IN_HOUR = WHOLE.multiply(BigDecimal.valueOf(MOST_AT_ONCE));

    /** What would be more than can be added. */
    public enum Limit {
        DAYS("it is more than %,d days from another row", MOST_DAYS),
        INSTANCES("there are more than %,d instances", MOST_INSTANCES),
        AT_ONCE("there are more than %,d instance-hours in one hour of one instance", MOST_AT_ONCE),
        HOURS("there are more than %,d instance-hours", MOST_HOURS),
        PARTS("there are more than %,d hours in which an instance ran for less or more than an hour", MOST_PARTS);

        private final String message;

        Limit(String message, int most) {
            this.message = String.format(Locale.ROOT, message, most);
        }

        public String message() {
            return message;
        }
    }

    /** @param id the instance's, or whatever tells usage apart */
    private record Key(String id, MeteredThing thing) {}

    private final Map<Key, Hours> byInstance = new LinkedHashMap<>();
    private long firstHour = Long.MAX_VALUE;
    private long lastHour = Long.MIN_VALUE;
    private long instanceHours;
    private int parts;

    /**
     * Adds usage in the clock hour that a moment lies in.
     *
     * @param seconds that were used in it; 0 or more
     * @return the limit that it would pass: nothing was added then; empty if it was added
     */
    public Optional<Limit> add(String id, MeteredThing thing, Instant at, BigDecimal seconds) {
        long hour = Math.floorDiv(at.getEpochSecond(), HOUR_SECONDS);
        long first = Math.min(firstHour, hour);
        long last = Math.max(lastHour, hour);
        if (last - first >= MOST_DAYS * 24L) {
            return Optional.of(Limit.DAYS);
        }
        if (seconds.signum() > 0) {
            Optional<Limit> passed = add(new Key(id, thing), hour, seconds);
            if (passed.isPresent()) {
                return passed;
            }
        }
        firstHour = first;
        lastHour = last;
        return Optional.empty();
    }

    private Optional<Limit> add(Key key, long hour, BigDecimal seconds) {
        Hours hours = byInstance.get(key);
        if (hours == null && byInstance.size() >= MOST_INSTANCES) {
            return Optional.of(Limit.INSTANCES);
        }
        BigDecimal before = hours == null ? BigDecimal.ZERO : hours.at(hour);
        BigDecimal now = before.add(seconds);
        if (now.compareTo(MOST_SECONDS_IN_HOUR) > 0) {
            return Optional.of(Limit.AT_ONCE);
        }
        long hoursNow = instanceHours - begun(before) + begun(now);
        if (hoursNow > MOST_HOURS) {
            return Optional.of(Limit.HOURS);
        }
        int partsNow = parts - (isPart(before) ? 1 : 0) + (isPart(now) ? 1 : 0);
        if (partsNow > MOST_PARTS) {
            return Optional.of(Limit.PARTS);
        }
        instanceHours = hoursNow;
        parts = partsNow;
        byInstance.computeIfAbsent(key, absent -> new Hours()).put(hour, now);
        return Optional.empty();
    }

    private static long begun(BigDecimal seconds) {
        return seconds.divide(WHOLE, 0, RoundingMode.CEILING).longValueExact();
    }

    private static boolean isPart(BigDecimal seconds) {
        return seconds.signum() > 0 && seconds.compareTo(WHOLE) != 0;
    }

    /** From the first hour that was added to the last; empty if none was. */
    public Optional<Interval> period() {
        return firstHour > lastHour
                ? Optional.empty()
                : Optional.of(new Interval(
                        Instant.ofEpochSecond(firstHour * HOUR_SECONDS),
                        Instant.ofEpochSecond((lastHour + 1) * HOUR_SECONDS)));
    }

    /** The usage in whole seconds, each hour's rounded; empty if that is more than {@value #MOST_RUNS} runs. */
    public Optional<List<UsageRun>> runs() {
        List<UsageRun> runs = new ArrayList<>();
        for (Map.Entry<Key, Hours> one : byInstance.entrySet()) {
            Key key = one.getKey();
            TreeMap<Long, Long> seconds = one.getValue().seconds();
            for (int lane = 0; !seconds.isEmpty(); lane++) {
                addRuns(key, lane == 0 ? key.id() : key.id() + "#" + (lane + 1), seconds, runs);
                if (runs.size() > MOST_RUNS) {
                    return Optional.empty();
                }
                seconds.replaceAll((hour, left) -> left - HOUR_SECONDS);
                seconds.values().removeIf(left -> left <= 0);
            }
        }
        return Optional.of(runs);
    }

    /** @param seconds by hour; what is more than an hour is another instance's */
    private static void addRuns(Key key, String id, TreeMap<Long, Long> seconds, List<UsageRun> runs) {
        List<long[]> stretches = new ArrayList<>();
        seconds.forEach((hour, used) -> {
            long start = hour * HOUR_SECONDS;
            long end = start + HOUR_SECONDS;
            long here = Math.min(used, HOUR_SECONDS);
            boolean goesOn = seconds.containsKey(hour + 1);
            long atEnd = !goesOn ? 0 : seconds.containsKey(hour - 1) ? here / 2 : here;
            append(stretches, start, start + here - atEnd);
            append(stretches, end - atEnd, end);
        });
        int number = 1;
        for (long[] stretch : stretches) {
            runs.add(new UsageRun(
                    id,
                    number++,
                    key.thing(),
                    Instant.ofEpochSecond(stretch[0]),
                    new UsageRun.End(
                            Instant.ofEpochSecond(stretch[1]), stretch[1] - stretch[0], UsageRun.Cause.USER, 0),
                    false,
                    0));
        }
    }

    private static void append(List<long[]> stretches, long from, long until) {
        if (from == until) {
            return;
        }
        if (!stretches.isEmpty() && stretches.getLast()[1] == from) {
            stretches.getLast()[1] = until;
        } else {
            stretches.add(new long[] {from, until});
        }
    }

    /** The hours of one instance. */
    private static final class Hours {

        /** Room for some hours before the first that came: most bills are in order. */
        private static final int BEFORE = 24;

        private final Map<Long, BigDecimal> others = new TreeMap<>();
        private final BitSet whole = new BitSet();
        private long base = Long.MIN_VALUE;

        BigDecimal at(long hour) {
            // All hours lie within MOST_DAYS, so that an int is enough.
            return hour >= base && base != Long.MIN_VALUE && whole.get(Math.toIntExact(hour - base))
                    ? WHOLE
                    : others.getOrDefault(hour, BigDecimal.ZERO);
        }

        void put(long hour, BigDecimal seconds) {
            if (base == Long.MIN_VALUE) {
                base = hour - BEFORE;
            } else if (hour < base) {
                moveBase(hour - BEFORE);
            }
            boolean isWhole = seconds.compareTo(WHOLE) == 0;
            whole.set(Math.toIntExact(hour - base), isWhole);
            if (isWhole) {
                others.remove(hour);
            } else {
                others.put(hour, seconds);
            }
        }

        private void moveBase(long newBase) {
            int shift = Math.toIntExact(base - newBase);
            BitSet before = (BitSet) whole.clone();
            whole.clear();
            before.stream().forEach(bit -> whole.set(bit + shift));
            base = newBase;
        }

        TreeMap<Long, Long> seconds() {
            TreeMap<Long, Long> seconds = new TreeMap<>();
            whole.stream().forEach(bit -> seconds.put(base + bit, (long) HOUR_SECONDS));
            others.forEach((hour, used) -> {
                long rounded = used.setScale(0, RoundingMode.HALF_UP).longValueExact();
                if (rounded > 0) {
                    seconds.put(hour, rounded);
                }
            });
            return seconds;
        }
    }
}
