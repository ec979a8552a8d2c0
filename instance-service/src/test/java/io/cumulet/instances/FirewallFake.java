package io.cumulet.instances;

import io.cumulet.instances.app.Copies;
import io.cumulet.instances.app.SecurityGroups.Firewall;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.quarkus.test.Mock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for the firewall's REST API. */
@Mock
@ApplicationScoped
public class FirewallFake implements Firewall {

    /** Accounts by group id. */
    static final Map<String, String> groups = new ConcurrentHashMap<>();

    /** VPCs by group id; a group that isn't here is in its account's default VPC. */
    static final Map<String, String> vpcs = new ConcurrentHashMap<>();

    /** Versions by group id; 1 of a group that isn't here. */
    static final Map<String, Long> versions = new ConcurrentHashMap<>();

    static volatile boolean away;

    /** How often it was asked in vain. */
    static final AtomicInteger askedInVain = new AtomicInteger();

    @Override
    public Optional<Copies.GroupCopy> group(String groupId, AccountId account, Region region) {
        mustBeThere();
        return account.value().equals(groups.get(groupId))
                ? Optional.of(new Copies.GroupCopy(
                        groupId,
                        account,
                        region,
                        vpcOf(groupId, account, region),
                        versions.getOrDefault(groupId, 1L),
                        false))
                : Optional.empty();
    }

    @Override
    public Optional<String> ownGroupIn(String vpcId, AccountId account, Region region) {
        mustBeThere();
        return groups.entrySet().stream()
                .filter(group -> group.getValue().equals(account.value()))
                .map(Map.Entry::getKey)
                .filter(id -> vpcOf(id, account, region).equals(vpcId))
                .findFirst();
    }

    /** Accounts by the ids of their prefix lists. */
    static final Map<String, String> prefixLists = new ConcurrentHashMap<>();

    @Override
    public boolean hasPrefixList(String prefixListId, AccountId account, Region region) {
        mustBeThere();
        return account.value().equals(prefixLists.get(prefixListId));
    }

    private static String vpcOf(String groupId, AccountId account, Region region) {
        return vpcs.getOrDefault(groupId, DefaultNetwork.vpcId(account, region));
    }

    private static void mustBeThere() {
        if (away) {
            askedInVain.incrementAndGet();
            throw Refusal.of(ErrorCode.UNAVAILABLE, "The firewall is away").asException();
        }
    }
}
