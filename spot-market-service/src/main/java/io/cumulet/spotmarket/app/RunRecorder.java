package io.cumulet.spotmarket.app;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes down when units run: how often the market takes them back is counted from that. */
@ApplicationScoped
public class RunRecorder implements RequestWatch {

    private static final Duration KEPT = Duration.ofDays(90);

    private final SpotRuns runs;
    private final StackClock clock;

    public RunRecorder(SpotRuns runs, StackClock clock) {
        this.runs = runs;
        this.clock = clock;
    }

    @Override
    public void changed(List<Change> changes) {
        Instant now = clock.instant();
        boolean anyStarts = false;
        for (Seen seen : Seen.in(changes)) {
            if (!seen.ends.isEmpty()) {
                runs.end(seen.ends, now);
            }
            if (!seen.starts.isEmpty()) {
                runs.start(seen.starts, now);
                anyStarts = true;
            }
        }
        if (anyStarts) {
            // Nothing is forgotten where nothing happens: it isn't asked for either.
            runs.forget(now.minus(KEPT));
        }
    }

    /** What changes of requests say of runs: first the ends count, then the starts. */
    record Seen(List<SpotRuns.Start> starts, List<SpotRuns.End> ends) {

        /** One after the other: a run that begins and ends within the changes ends in the one behind. */
        static List<Seen> in(List<Change> changes) {
            List<Seen> all = new ArrayList<>();
            List<SpotRuns.Start> starts = new ArrayList<>();
            List<SpotRuns.End> ends = new ArrayList<>();
            Set<String> started = new HashSet<>();
            for (Change change : changes) {
                SpotRequest before = change.before();
                SpotRequest after = change.after();
                BidState bid = after.progress().bid();
                if (bid == BidState.RUNNING && !runs(before)) {
                    starts.add(new SpotRuns.Start(after.id(), after.terms().pool()));
                    started.add(after.id());
                } else if (before != null && mayRun(before) && !mayRun(after)) {
                    if (started.contains(after.id())) {
                        all.add(new Seen(starts, ends));
                        ends = new ArrayList<>();
                        starts = new ArrayList<>();
                        started.clear();
                    }
                    ends.add(new SpotRuns.End(after.id(), isTakenBack(before, after)));
                }
            }
            all.add(new Seen(starts, ends));
            return all;
        }
    }

    private static boolean runs(@Nullable SpotRequest request) {
        return request != null && mayRun(request);
    }

    /** One that leaves runs until it is gone, if it ran before. */
    private static boolean mayRun(SpotRequest request) {
        BidState bid = request.progress().bid();
        return bid == BidState.RUNNING || bid == BidState.LEAVING;
    }

    /** Its owner may be faster than the market that warned it; the status then says so. */
    private static boolean isTakenBack(SpotRequest before, SpotRequest after) {
        Progress.Interruption interruption = before.progress().interruption();
        if (interruption == null) {
            return false;
        }
        boolean byTheMarket = switch (interruption.reason()) {
            case PRICE, CAPACITY -> true;
            case LAUNCH_GROUP, INJECTED -> false;
        };
        return byTheMarket
                && switch (after.progress().status()) {
                    case INSTANCE_TERMINATED_BY_PRICE,
                            INSTANCE_TERMINATED_NO_CAPACITY,
                            INSTANCE_STOPPED_BY_PRICE,
                            INSTANCE_STOPPED_NO_CAPACITY -> true;
                    default -> false;
                };
    }
}
