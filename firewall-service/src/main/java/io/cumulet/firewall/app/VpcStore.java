package io.cumulet.firewall.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** The copy of which VPCs there are. Every call is part of the running transaction. */
public interface VpcStore {

    /** Takes news, at most one for each VPC; older than what is known changes nothing. Answers the ids of those that were newer. */
    Set<String> take(Collection<Vpc> newest);

    /** Also one that is gone. */
    Optional<Vpc> find(AccountId account, Region region, String vpcId);
}
