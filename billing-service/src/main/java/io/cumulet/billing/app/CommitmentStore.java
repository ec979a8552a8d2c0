package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps what was bought. */
public interface CommitmentStore {

    void insert(PurchasedCommitment commitment);

    /** Keeps the next version; in the transaction that {@link #lock locked} the commitment. */
    void update(PurchasedCommitment commitment);

    Optional<PurchasedCommitment> find(AccountId account, String id);

    /** Commitments of any account, in no particular order. */
    List<PurchasedCommitment> all(Collection<String> ids);

    /** A commitment of any account, locked until the transaction ends. */
    Optional<PurchasedCommitment> lock(String id);

    /** The tags of commitments of any account. */
    Map<String, Map<String, String>> tags(Collection<String> ids);

    /** In the transaction that inserted or {@link #lock locked} the commitment. */
    void setTags(String id, Map<String, String> tags);

    /**
     * An account's commitments of some kinds, by id.
     *
     * @param region only what applies in this region alone; null for everything
     */
    List<PurchasedCommitment> list(
            AccountId account, Set<Terms.Kind> kinds, @Nullable Region region, @Nullable String afterId, int limit);

    /** Lets nobody else return Savings Plans that this account pays for until the transaction ends. */
    void lockReturns(AccountId payer);

    /** How many Savings Plans of accounts that began at a moment or later were returned. */
    int returnedSince(Collection<AccountId> accounts, Instant from);

    /** What accounts have that is in its term at some time in a period. */
    List<PurchasedCommitment> during(Collection<AccountId> accounts, Interval period);
}
