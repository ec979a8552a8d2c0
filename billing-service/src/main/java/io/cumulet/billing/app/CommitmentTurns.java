package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Tells when the term of a commitment begins that was queued, and when a term ends. What a commitment is at a moment
 * doesn't wait for this: it follows from the moment.
 */
final class CommitmentTurns {

    static final String STARTS = "commitment-starts";
    static final String ENDS = "commitment-ends";

    private CommitmentTurns() {}

    @Singleton
    static class Starts extends Turn {

        private final CommitmentEvents events;

        Starts(CommitmentStore store, Timers timers, CommitmentEvents events) {
            super(store, timers);
            this.events = events;
        }

        @Override
        public String kind() {
            return STARTS;
        }

        @Override
        public void fire(List<DueTimer> due) {
            turn(due, (commitment, timer) -> events.activated(commitment, timer.dueAt()));
        }
    }

    @Singleton
    static class Ends extends Turn {

        private final CommitmentEvents events;

        Ends(CommitmentStore store, Timers timers, CommitmentEvents events) {
            super(store, timers);
            this.events = events;
        }

        @Override
        public String kind() {
            return ENDS;
        }

        @Override
        public void fire(List<DueTimer> due) {
            turn(due, (commitment, timer) -> events.expired(commitment, timer.dueAt()));
        }
    }

    private abstract static class Turn implements TimerHandler {

        private final CommitmentStore store;
        private final Timers timers;

        Turn(CommitmentStore store, Timers timers) {
            this.store = store;
            this.timers = timers;
        }

        void turn(List<DueTimer> due, BiConsumer<PurchasedCommitment, DueTimer> tell) {
            QuarkusTransaction.requiringNew().run(() -> {
                for (DueTimer timer : timers.claim(due)) {
                    PurchasedCommitment next = store.lock(timer.subject())
                            .orElseThrow(() -> new IllegalStateException("A timer's commitment is gone: " + timer))
                            .next();
                    store.update(next);
                    tell.accept(next, timer);
                }
            });
        }
    }
}
