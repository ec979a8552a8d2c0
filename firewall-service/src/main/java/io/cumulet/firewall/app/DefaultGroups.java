package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AfterReset;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every VPC has a default group. It is made when the VPC is heard of; that of an account's default VPC, which nobody tells of
 * at first, when somebody first looks.
 */
@ApplicationScoped
public class DefaultGroups implements AfterReset {

    private record Place(AccountId account, Region region) {}

    private final GroupStore store;
    private final VpcStore vpcs;
    private final GroupEvents events;
    private final InstantSource clock;
    /** Where that of the default VPC has been made, so that only a first look writes. */
    private final Set<Place> known = ConcurrentHashMap.newKeySet();

    public DefaultGroups(GroupStore store, VpcStore vpcs, GroupEvents events, InstantSource clock) {
        this.store = store;
        this.vpcs = vpcs;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Sees to it that the default VPC's group is there, unless the VPC was deleted. In a transaction of its own: call it
     * before yours.
     */
    public void ensure(AccountId account, Region region) {
        Place place = new Place(account, region);
        if (known.contains(place)) {
            return;
        }
        String vpcId = DefaultNetwork.vpcId(account, region);
        QuarkusTransaction.requiringNew().run(() -> {
            store.lockOwner(account, region);
            Optional<Vpc> vpc = vpcs.find(account, region, vpcId);
            if (vpc.isEmpty() || !vpc.get().gone()) {
                make(vpc.orElseGet(() -> new Vpc(vpcId, account, region, 0, false, false)));
            }
        });
        // Should the VPC be deleted and made anew, whoever hears of it makes the group.
        known.add(place);
    }

    /** Makes the default group of a VPC that is there, unless it has one. In the running transaction, under the owner's lock. */
    void make(Vpc vpc) {
        Instant now = clock.instant();
        SecurityGroup ipv4 = SecurityGroup.defaultOf(vpc.account(), vpc.region(), vpc.id(), now);
        SecurityGroup group = (vpc.ipv6() ? ipv4.alsoOverIpv6() : ipv4).after(store.lastVersion(ipv4.id()));
        if (store.insert(group)) {
            events.created(group, now);
        }
    }

    @Override
    public void afterReset() {
        known.clear();
    }
}
