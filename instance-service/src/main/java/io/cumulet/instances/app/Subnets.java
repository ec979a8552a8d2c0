package io.cumulet.instances.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The default subnets every account has in every region. Nobody has to make them. */
@ApplicationScoped
public class Subnets {

    private final InstanceReads reads;

    public Subnets(InstanceReads reads) {
        this.reads = reads;
    }

    /** @param free addresses that instances could still get */
    public record SubnetUse(Subnet subnet, int free) {}

    public List<SubnetUse> of(AccountId account, Region region) {
        List<RegionFacts.ZoneFacts> zones =
                Regions.find(region).map(RegionFacts::zones).orElse(List.of());
        List<Subnet> subnets = new ArrayList<>();
        for (int i = 0; i < zones.size(); i++) {
            subnets.add(Subnet.defaultOf(account, zones.get(i).zone(), i));
        }
        Map<String, Integer> taken =
                reads.takenAddresses(subnets.stream().map(Subnet::id).toList());
        return subnets.stream()
                .map(subnet -> new SubnetUse(subnet, Subnet.USABLE - taken.getOrDefault(subnet.id(), 0)))
                .toList();
    }
}
