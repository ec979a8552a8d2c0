package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.suite.AccountReset;
import io.cumulet.plumbing.suite.ResetMoments;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An account begins anew: no usage, no commitments, no bills. What is told later of the time before isn't metered any more. An
 * organization that it manages was never there: its members pay for themselves.
 */
@ApplicationScoped
public class BillingReset implements AccountReset {

    private static final int PAGE = 100;

    private final ResetMoments moments;
    private final CommitmentStore commitments;
    private final CommitmentEvents events;
    private final Store store;

    public BillingReset(ResetMoments moments, CommitmentStore commitments, CommitmentEvents events, Store store) {
        this.moments = moments;
        this.commitments = commitments;
        this.events = events;
        this.store = store;
    }

    /** What is kept of accounts. */
    public interface Store {

        /** Takes away all of an account's, in the running transaction. */
        void delete(AccountId account);
    }

    @Override
    public void reset(AccountId account, Instant at) {
        moments.remember(account, at);
        tellOfCommitments(account, at);
        store.delete(account);
    }

    /** As taken out of the queue, which is what others hear of those that never paid for anything. */
    private void tellOfCommitments(AccountId account, Instant at) {
        @Nullable String last = null;
        List<PurchasedCommitment> page;
        do {
            page = commitments.list(account, EnumSet.allOf(Terms.Kind.class), null, last, PAGE);
            for (PurchasedCommitment one : page) {
                PurchasedCommitment.State state = one.stateAt(at);
                if (state == PurchasedCommitment.State.QUEUED || state == PurchasedCommitment.State.ACTIVE) {
                    events.cancelled(one.cancelled(at), at);
                }
                last = one.id();
            }
        } while (page.size() == PAGE);
    }
}
