package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Tells when the term of a commitment begins that was queued, and when a term ends. What a commitment is at a moment
 * doesn't wait for this: it follows from the moment.
 */
final class CommitmentTurns {

    static final String STARTS = "commitment-starts";
    static final String ENDS = "commitment-ends";

    private static final Logger LOG = Logger.getLogger(CommitmentTurns.class);

    private CommitmentTurns() {}

    @Singleton
    static class Starts extends Turn {
        Starts(CommitmentStore store, Timers timers, CommitmentEvents events) {
            super(STARTS, store, timers, (commitment, timer) -> events.activated(commitment, timer.dueAt()));
        }
    }

    @Singleton
    static class Ends extends Turn {
        Ends(CommitmentStore store, Timers timers, CommitmentEvents events) {
            super(ENDS, store, timers, (commitment, timer) -> events.expired(commitment, timer.dueAt()));
        }
    }

    private abstract static class Turn implements TimerHandler {

        private final String kind;
        private final CommitmentStore store;
        private final Timers timers;
        private final BiConsumer<PurchasedCommitment, DueTimer> tell;

        Turn(String kind, CommitmentStore store, Timers timers, BiConsumer<PurchasedCommitment, DueTimer> tell) {
            this.kind = kind;
            this.store = store;
            this.timers = timers;
            this.tell = tell;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> {
                // By id, as whoever else locks several.
                timers.claim(due).stream()
                        .sorted(Comparator.comparing(DueTimer::subject))
                        .forEach(this::turn);
            });
        }

        private void turn(DueTimer timer) {
            PurchasedCommitment commitment = store.lock(timer.subject()).orElse(null);
            if (commitment == null) {
                LOG.errorf("There is no commitment for %s", timer);
            } else if (commitment.retirement() == null) {
                PurchasedCommitment next = commitment.next();
                store.update(next);
                tell.accept(next, timer);
            }
            // Something took its place before its term was over: that has been told.
        }
    }
}
