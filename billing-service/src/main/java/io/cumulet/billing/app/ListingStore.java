package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.Listing;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is for sale on the Marketplace. Whoever locks listings does so before commitments.
 */
public interface ListingStore {

    void insert(Listing listing);

    /** Keeps what has changed; in the transaction that {@link #lock locked} the listing. */
    void update(Listing listing);

    Optional<Listing> find(AccountId account, Region region, String id);

    /** Listings of any account, locked until the transaction ends, one after the other by id; those that there are. */
    List<Listing> lock(Collection<String> ids);

    /** An account's listings in a region, by id, from behind one on. */
    List<Listing> list(AccountId account, Region region, @Nullable String afterId, int limit);

    /** Everybody's active listings in a region. */
    List<Listing> active(Region region);

    /** Active listings of commitments. */
    List<Listing> activeOf(Collection<String> commitmentIds);
}
