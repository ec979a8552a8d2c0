package io.cumulet.endpoint.app;

import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.kernel.AccountId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where access keys are kept, their secrets sealed. Every call is part of the running transaction. */
public interface AccessKeyStore {

    /**
     * A key of anybody's.
     *
     * @throws IllegalStateException if its secret can't be opened with the keys of this service
     */
    Optional<AccessKey> find(String id);

    /** In the order of ids, those after the given one. */
    List<AccessKey> list(AccountId account, @Nullable String afterId, int limit);

    long count(AccountId account);

    /** @return whether the id was free */
    boolean insert(AccessKey key);

    /** Keeps what {@link AccessKey#with} changes. */
    void update(AccessKey key);

    void delete(AccessKey key);
}
