package io.cumulet.firewall.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What prefix lists hold. Part of the running transaction. */
public interface PrefixListBlocks {

    /** The blocks of those of the lists that exist for an account in a region. */
    Map<String, List<Cidr>> blocks(AccountId account, Region region, Collection<String> prefixListIds);
}
