package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Optional;

/** Where VPCs and subnets are kept. Every call is part of the running transaction and sees one account and region alone. */
public interface NetworkStore {

    /** Keeps a default VPC with its subnets, unless the account has or had one. */
    boolean insertDefault(Vpc vpc, List<Subnet> subnets);

    /** The subnets that are there, in the order of their ids. */
    List<Subnet> subnets(AccountId account, Region region);

    Optional<Subnet> subnet(AccountId account, Region region, String subnetId);
}
