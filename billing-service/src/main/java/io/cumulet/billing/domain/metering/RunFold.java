package io.cumulet.billing.domain.metering;

import io.cumulet.billing.domain.metering.UsageRun.Cause;
import io.cumulet.billing.domain.metering.UsageRun.End;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Folds the facts of one instance into its runs. The same set of facts gives the same runs, in whatever order and how
 * often they come.
 *
 * <pre>
 *   version   1          2         3          4        5        6
 *   fact      requested  launched  stopping   stopped  started  interrupted
 *   run                  |---- 1 --|                   |-- 2 ---|
 * </pre>
 */
public final class RunFold {

    private RunFold() {}

    /** The runs of an instance, first one first. A later fact of the same version is ignored: facts don't change. */
    public static List<UsageRun> runs(Collection<Fact> facts) {
        TreeMap<Long, Fact> byVersion = new TreeMap<>();
        for (Fact fact : facts) {
            byVersion.putIfAbsent(fact.version(), fact);
        }
        long known = lastVersionWithoutGap(byVersion);
        List<UsageRun> runs = new ArrayList<>();
        Fact begun = null;
        for (Fact fact : byVersion.values()) {
            switch (fact.kind().meaning()) {
                case RUN_BEGINS -> {
                    if (begun != null) {
                        // What ended it hasn't arrived; it ended before this at the latest.
                        runs.add(run(begun, fact, Cause.USER, runs.size() + 1, known));
                    }
                    begun = fact;
                }
                case NOT_RUNNING, TAKEN_BACK -> {
                    if (begun != null) {
                        Cause cause =
                                fact.kind().meaning() == FactKind.Meaning.TAKEN_BACK ? Cause.INTERRUPTION : Cause.USER;
                        runs.add(run(begun, fact, cause, runs.size() + 1, known));
                        begun = null;
                    }
                }
                case NO_CHANGE -> {}
            }
        }
        if (begun != null) {
            boolean provisional = byVersion.lastKey() > known;
            runs.add(run(begun, null, runs.size() + 1, provisional));
        }
        return runs;
    }

    private static long lastVersionWithoutGap(TreeMap<Long, Fact> byVersion) {
        long known = 0;
        for (long version : byVersion.keySet()) {
            if (version != known + 1) {
                break;
            }
            known = version;
        }
        return known;
    }

    private static UsageRun run(Fact begun, Fact ended, Cause cause, int number, long known) {
        Instant start = begun.at().truncatedTo(ChronoUnit.SECONDS);
        long seconds = secondsRoundedUp(begun.at(), ended.at());
        End end = new End(start.plusSeconds(seconds), seconds, cause, ended.version());
        return run(begun, end, number, ended.version() > known);
    }

    private static UsageRun run(Fact begun, @Nullable End end, int number, boolean provisional) {
        return new UsageRun(
                begun.instanceId(),
                number,
                begun.thing(),
                begun.at().truncatedTo(ChronoUnit.SECONDS),
                end,
                provisional,
                begun.version());
    }

    /** At least a second. */
    private static long secondsRoundedUp(Instant start, Instant end) {
        Duration length = Duration.between(start, end);
        long seconds = length.getNano() > 0 ? length.getSeconds() + 1 : length.getSeconds();
        return Math.max(1, seconds);
    }
}
