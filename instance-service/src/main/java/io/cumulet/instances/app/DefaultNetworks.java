package io.cumulet.instances.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.suite.AfterReset;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every account has a default VPC in every region, with a subnet in each zone and a way to the Internet. It is made when somebody first looks, once: who
 * deletes it has none.
 */
@ApplicationScoped
public class DefaultNetworks implements AfterReset {

    private final NetworkStore store;
    private final VpcParts parts;
    private final Announcer announcer;
    private final InstantSource clock;
    /** Where it is known to have been made, so that only a first look writes. */
    private final Set<NetworkStore.Place> made = ConcurrentHashMap.newKeySet();

    public DefaultNetworks(NetworkStore store, VpcParts parts, Announcer announcer, InstantSource clock) {
        this.store = store;
        this.parts = parts;
        this.announcer = announcer;
        this.clock = clock;
    }

    /**
     * What an earlier version launched has interfaces, but no VPC and no subnet until these are made: it couldn't even end.
     * Before any committer or timer works.
     */
    void start(@Observes @Priority(Interceptor.Priority.APPLICATION - 500) StartupEvent event) {
        ensureWhereInterfacesAre();
    }

    void ensureWhereInterfacesAre() {
        Transactions.read(store::interfacesWithoutVpc).forEach(place -> ensure(place.account(), place.region()));
    }

    /** Whether it is known to have been made; then {@link #ensure} has nothing to do. */
    boolean isMade(AccountId account, Region region) {
        return made.contains(new NetworkStore.Place(account, region));
    }

    /** Whether it was made, by whomever; makes nothing. Blocks. */
    boolean wasMade(AccountId account, Region region) {
        return isMade(account, region) || Transactions.read(() -> store.hadDefault(account, region));
    }

    /** Sees to it that it was made. In a transaction of its own: call it before yours. Blocks. */
    public void ensure(AccountId account, Region region) {
        NetworkStore.Place place = new NetworkStore.Place(account, region);
        if (made.contains(place)) {
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> make(account, region));
        made.add(place);
    }

    private void make(AccountId account, Region region) {
        Instant now = clock.instant();
        Vpc vpc = Vpc.defaultOf(account, region, now);
        List<RegionFacts.ZoneFacts> zones =
                Regions.find(region).map(RegionFacts::zones).orElse(List.of());
        List<Subnet> subnets = new ArrayList<>();
        for (int i = 0; i < zones.size(); i++) {
            subnets.add(Subnet.defaultOf(account, zones.get(i).zone(), i, now));
        }
        if (store.insertDefault(vpc, subnets)) {
            parts.makeDhcpOptions(account, region, now);
            parts.make(vpc, now);
            List<Announced> announced = new ArrayList<>();
            announced.add(new Announced(new Announcement.OfVpc(Announcement.Change.CREATED, vpc, now), null));
            subnets.forEach(subnet -> announced.add(
                    new Announced(new Announcement.OfSubnet(Announcement.Change.CREATED, subnet, now), null)));
            announcer.announce(announced);
        }
    }

    @Override
    public void afterReset() {
        made.clear();
    }
}
