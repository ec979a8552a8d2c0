package io.cumulet.instances.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.app.Announcement.Change;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AccountReset;
import io.cumulet.plumbing.trace.TraceContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Releases an account's elastic addresses and deletes its subnets and VPCs. A default VPC with its subnets, once it was made, is
 * as it was made, whatever became of it since: nobody who looks, in whichever process or service, finds the account without.
 */
@ApplicationScoped
@Priority(NetworksReset.PRIORITY)
public class NetworksReset implements AccountReset {

    static final int PRIORITY = InstancesReset.FIRST - 10;

    private final AccountContents contents;
    private final NetworkStore store;
    private final ElasticAddressStore addresses;
    private final Announcer announcer;

    public NetworksReset(
            AccountContents contents, NetworkStore store, ElasticAddressStore addresses, Announcer announcer) {
        this.contents = contents;
        this.store = store;
        this.addresses = addresses;
        this.announcer = announcer;
    }

    @Override
    public void reset(AccountId account, Instant at) {
        List<Announcement> told = new ArrayList<>();
        contents.addresses(account)
                .forEach((region, ids) ->
                        ids.forEach(id -> addresses.lock(id, account, region).ifPresent(address -> {
                            addresses.delete(id);
                            told.add(new Announcement.OfAddress(Change.DELETED, address.tagged(address.tags()), at));
                        })));
        for (Region region : contents.regions(account)) {
            delete(account, region, at, told);
            restoreDefault(account, region, at, told);
        }
        announcer.announce(told.stream()
                .map(one -> new Announced(one, TraceContext.current()))
                .toList());
    }

    private void delete(AccountId account, Region region, Instant at, List<Announcement> told) {
        for (Subnet subnet : store.subnets(account, region)) {
            if (!subnet.isDefault()) {
                Subnet last = subnet.last();
                store.remove(last, at);
                told.add(new Announcement.OfSubnet(Change.DELETED, last, at));
            }
        }
        for (Vpc vpc : store.vpcs(account, region)) {
            if (!vpc.isDefault()) {
                Vpc last = vpc.last();
                store.remove(last, at);
                told.add(new Announcement.OfVpc(Change.DELETED, last, at));
            }
        }
    }

    private void restoreDefault(AccountId account, Region region, Instant at, List<Announcement> told) {
        if (!store.hadDefault(account, region)) {
            return;
        }
        NetworkStore.DefaultVpc had = store.lockDefaultVpc(account, region);
        Vpc vpc = had.vpc();
        if (had.deleted() || !vpc.equals(Vpc.defaultOf(account, region, vpc.version(), vpc.createdAt()))) {
            Vpc anew = Vpc.defaultOf(account, region, vpc.version() + 1, at);
            store.keep(anew);
            told.add(new Announcement.OfVpc(had.deleted() ? Change.CREATED : Change.CHANGED, anew, at));
        }
        Map<AvailabilityZone, Subnet> there = new HashMap<>();
        store.subnets(account, region).forEach(subnet -> there.put(subnet.zone(), subnet));
        List<AvailabilityZone> zones = Regions.find(region).map(RegionFacts::zones).orElse(List.of()).stream()
                .map(RegionFacts.ZoneFacts::zone)
                .toList();
        for (int i = 0; i < zones.size(); i++) {
            restoreDefault(account, zones.get(i), i, there.get(zones.get(i)), at, told);
        }
    }

    private void restoreDefault(
            AccountId account,
            AvailabilityZone zone,
            int zoneIndex,
            @Nullable Subnet subnet,
            Instant at,
            List<Announcement> told) {
        Subnet usual = Subnet.defaultOf(account, zone, zoneIndex, at);
        long version = subnet == null
                ? store.lastVersions(List.of(usual.id())).getOrDefault(usual.id(), 0L)
                : subnet.version();
        if (subnet == null
                || !subnet.equals(
                        Subnet.defaultOf(account, zone, usual.cidr(), subnet.version(), subnet.createdAt()))) {
            Subnet anew = Subnet.defaultOf(account, zone, usual.cidr(), version + 1, at);
            store.keep(anew);
            told.add(new Announcement.OfSubnet(subnet == null ? Change.CREATED : Change.CHANGED, anew, at));
        }
    }
}
