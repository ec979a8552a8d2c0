package io.cumulet.spotmarket.app;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        Seen seen = Seen.in(changes);
        Instant now = clock.instant();
        if (!seen.ends.isEmpty()) {
            runs.end(seen.ends, now);
        }
        if (!seen.starts.isEmpty()) {
            runs.start(seen.starts, now);
            // Nothing is forgotten where nothing happens: it isn't asked for either.
            runs.forget(now.minus(KEPT));
        }
    }

    /** What changes of requests say of runs. */
    record Seen(List<SpotRuns.Start> starts, List<SpotRuns.End> ends) {

        static Seen in(List<Change> changes) {
            List<SpotRuns.Start> starts = new ArrayList<>();
            List<SpotRuns.End> ends = new ArrayList<>();
            for (Change change : changes) {
                SpotRequest before = change.before();
                SpotRequest after = change.after();
                BidState bid = after.progress().bid();
                if (bid == BidState.RUNNING && !runs(before)) {
                    starts.add(new SpotRuns.Start(after.id(), after.terms().pool()));
                } else if (before != null && mayRun(before) && !mayRun(after)) {
                    ends.add(new SpotRuns.End(after.id(), isTakenBack(before, after)));
                }
            }
            return new Seen(starts, ends);
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
