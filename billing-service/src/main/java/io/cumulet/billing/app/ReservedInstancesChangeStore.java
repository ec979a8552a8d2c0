package io.cumulet.billing.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps which modifications and exchanges were done. */
public interface ReservedInstancesChangeStore {

    /** Adds one, in the running transaction. */
    void insert(ReservedInstancesChange change);

    Optional<ReservedInstancesChange> find(
            AccountId account, Region region, ReservedInstancesChange.Kind kind, String id);

    /** An account's in a region, by id, from behind one on. */
    List<ReservedInstancesChange> list(
            AccountId account, Region region, ReservedInstancesChange.Kind kind, @Nullable String afterId, int limit);
}
