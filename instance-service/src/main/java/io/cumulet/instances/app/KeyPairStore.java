package io.cumulet.instances.app;

import io.cumulet.instances.domain.keypairs.KeyPair;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where key pairs are kept. */
public interface KeyPairStore {

    /** Whether it could be kept: not if the account has the name in the region. */
    boolean insert(KeyPair pair);

    Optional<KeyPair> find(String id, AccountId account, Region region);

    /** The same, locked until the transaction ends. */
    Optional<KeyPair> lock(String id, AccountId account, Region region);

    /** Whether a launch can name it. One read along an index; needs no transaction. */
    boolean exists(String name, AccountId account, Region region);

    /** A page, ordered by id. */
    List<KeyPair> list(KeyPairFilter filter, @Nullable String afterId, int limit);

    void setTags(KeyPair pair);

    void delete(String id);

    /**
     * What to look for: a pair matches if each field has one of its values.
     *
     * @param tags values by key; {@code tagKeys} must be there with any value
     */
    record KeyPairFilter(
            AccountId account,
            Region region,
            Map<Field, List<String>> fields,
            Map<String, List<String>> tags,
            List<String> tagKeys) {}

    /** What pairs can be looked for by. */
    enum Field {
        KEY_PAIR_ID,
        KEY_NAME,
        FINGERPRINT
    }
}
