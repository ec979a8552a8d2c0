package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where elastic addresses are kept. Every call is part of the running transaction. */
public interface ElasticAddressStore {

    Optional<ElasticAddress> find(String allocationId, AccountId account, Region region);

    /** The same, locked until the transaction ends. */
    Optional<ElasticAddress> lock(String allocationId, AccountId account, Region region);

    /** A page, ordered by allocation id. */
    List<ElasticAddress> list(AddressFilter filter, @Nullable String afterId, int limit);

    /** How many an account has in a region; until the transaction ends nobody else can allocate for it. */
    int lockCount(AccountId account, Region region);

    /** Whether it could be kept: not if somebody has the public address. Waits for whoever is about to take it. */
    boolean insert(ElasticAddress address);

    /** The first address of a stretch that nobody has, given that somebody has the stretch's first. */
    Optional<IpAddress> firstFree(AddressPool.Stretch stretch);

    void update(ElasticAddress address);

    void delete(String allocationId);

    /**
     * What to look for: an address matches if each field has one of its values. An empty list asks for nothing.
     *
     * @param tags values by key; {@code tagKeys} must be there with any value
     */
    record AddressFilter(
            AccountId account,
            Region region,
            Map<Field, List<String>> fields,
            Map<String, List<String>> tags,
            List<String> tagKeys) {}

    /** What addresses can be looked for by. */
    enum Field {
        ALLOCATION_ID,
        ASSOCIATION_ID,
        PUBLIC_IP,
        NETWORK_INTERFACE_ID,
        INSTANCE_ID,
        PRIVATE_IP_ADDRESS
    }
}
