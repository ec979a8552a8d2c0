package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.DhcpOptions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Optional;

/** Where DHCP options are kept. Every call is part of the running transaction. Their row is locked after a VPC's. */
public interface DhcpOptionsStore {

    Optional<DhcpOptions> find(AccountId account, Region region, String id);

    /** The same, locked until the transaction ends. */
    Optional<DhcpOptions> lock(AccountId account, Region region, String id);

    /** Those of an account in a region, in the order of their ids. */
    List<DhcpOptions> list(AccountId account, Region region);

    void insert(DhcpOptions options);

    /** Keeps its tags as they are now. */
    void update(DhcpOptions options);

    void delete(String id);

    /** A VPC that has them. */
    Optional<String> usedBy(String id);
}
