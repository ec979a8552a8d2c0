package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import java.time.Instant;

/** Tells the world of commitments, in the running transaction. Each event is the commitment's next version. */
public interface CommitmentEvents {

    /** Bought, or queued for later. */
    void purchased(PurchasedCommitment commitment, Instant at);

    /** The term of a queued one has begun. */
    void activated(PurchasedCommitment commitment, Instant at);

    /** Taken out of the queue. */
    void cancelled(PurchasedCommitment commitment, Instant at);

    /** Something took its place before its term was over, or it was returned. */
    void retired(PurchasedCommitment commitment, Instant at);

    /** The term is over. */
    void expired(PurchasedCommitment commitment, Instant at);
}
