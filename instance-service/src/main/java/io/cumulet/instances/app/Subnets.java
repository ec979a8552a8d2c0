package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** An account's subnets in a region. */
@ApplicationScoped
public class Subnets {

    private final NetworkStore store;
    private final DefaultNetworks defaults;
    private final InstanceReads reads;

    public Subnets(NetworkStore store, DefaultNetworks defaults, InstanceReads reads) {
        this.store = store;
        this.defaults = defaults;
        this.reads = reads;
    }

    /** @param free addresses that interfaces could still get */
    public record SubnetUse(Subnet subnet, int free) {}

    public List<SubnetUse> of(AccountId account, Region region) {
        defaults.ensure(account, region);
        List<Subnet> subnets = Transactions.read(() -> store.subnets(account, region));
        Map<String, Integer> taken =
                reads.takenAddresses(subnets.stream().map(Subnet::id).toList());
        return subnets.stream()
                .map(subnet -> new SubnetUse(subnet, subnet.usable() - taken.getOrDefault(subnet.id(), 0)))
                .toList();
    }
}
