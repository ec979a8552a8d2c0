package io.cumulet.firewall.store;

import io.cumulet.firewall.app.PrefixListBlocks;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Stands in where no prefix lists are kept. */
@DefaultBean
@ApplicationScoped
class NoPrefixLists implements PrefixListBlocks {

    @Override
    public Map<String, List<Cidr>> blocks(AccountId account, Region region, Collection<String> prefixListIds) {
        return Map.of();
    }
}
