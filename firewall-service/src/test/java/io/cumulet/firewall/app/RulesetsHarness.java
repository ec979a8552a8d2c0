package io.cumulet.firewall.app;

import io.cumulet.firewall.RandomNetwork;
import io.cumulet.firewall.app.MemberStore.Change;
import io.cumulet.firewall.app.RulesetEvents.Event;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.rulesets.Elements;
import io.cumulet.firewall.domain.rulesets.HostContents;
import io.cumulet.firewall.domain.rulesets.HostRuleset;
import io.cumulet.firewall.domain.rulesets.NftText;
import io.cumulet.firewall.domain.rulesets.Ports;
import io.cumulet.firewall.domain.rulesets.RulesetLimits;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
import io.cumulet.firewall.domain.rulesets.Sources;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link Rulesets} over a random network in memory; what it tells is kept. */
public final class RulesetsHarness {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    public static final Ports PORTS = new Ports("cml");

    private final RandomNetwork network;
    private final Map<String, RulesetStore.Host> hosts = new TreeMap<>();
    private final List<Event> told = new ArrayList<>();
    private final Rulesets rulesets;

    public RulesetsHarness(RandomNetwork network, RulesetLimits limits) {
        this.network = network;
        InstantSource clock = InstantSource.fixed(NOW);
        RulesetSources sources = new RulesetSources(this::groups, new Members(), this::blocks);
        RulesetEvents events = (news, at) -> told.addAll(news);
        RulesetPublications publications =
                new RulesetPublications(new Hosts(), new Members(), sources, events, PORTS, limits, clock);
        rulesets = new Rulesets(
                new Hosts(), new Members(), this::blocks, sources, publications, events, PORTS, limits, clock);
    }

    public RulesetsHarness(RandomNetwork network) {
        this(network, new RulesetLimits(700_000, Integer.MAX_VALUE, Duration.ofHours(6)));
    }

    /** What was told since the last time somebody asked. */
    public List<Event> told() {
        List<Event> news = List.copyOf(told);
        told.clear();
        return news;
    }

    /** Members as they were, by place, are not any more as the network has them. */
    public void membersChanged(Map<Integer, Member> before) {
        Set<Integer> places = new TreeSet<>(before.keySet());
        places.addAll(network.members().keySet());
        List<Change> changes = new ArrayList<>();
        for (int place : places) {
            changes.add(new Change(one(before.get(place)), one(network.members().get(place))));
        }
        rulesets.membersChanged(changes);
    }

    private static List<Member> one(@Nullable Member member) {
        return member == null ? List.of() : List.of(member);
    }

    public void groupChanged(SourceGroup before, SourceGroup after) {
        rulesets.groupChanged(group(before), group(after));
    }

    public void groupDeleted(SourceGroup before) {
        rulesets.groupChanged(group(before), null);
    }

    public void prefixListChanged(String id) {
        rulesets.prefixListChanged(RandomNetwork.ACCOUNT, RandomNetwork.REGION, id);
    }

    /** A host's ruleset made anew from the network as it is, by another way than the publications'. */
    public List<String> whole(String hostId) {
        List<Member> here = network.members().values().stream()
                .filter(member -> hostId.equals(member.hostId()))
                .toList();
        Map<String, Elements> addresses = new HashMap<>();
        HostRuleset.byGroup(network.members().values())
                .forEach((id, own) -> addresses.put(id, Elements.ofAddresses(own)));
        Map<String, Elements> blocks = new HashMap<>();
        network.prefixLists().forEach((id, list) -> blocks.put(id, Elements.ofBlocks(list)));
        Sources all = new Sources(network.groups(), addresses, blocks);
        return NftText.whole(PORTS, new HostRuleset(PORTS).whole(here, all));
    }

    public Set<String> hostIds() {
        return hosts.keySet();
    }

    private Map<String, List<Cidr>> blocks(AccountId account, Region region, Collection<String> ids) {
        Map<String, List<Cidr>> blocks = new HashMap<>();
        network.prefixLists().forEach((id, list) -> {
            if (ids.contains(id)) {
                blocks.put(id, list);
            }
        });
        return blocks;
    }

    private static SecurityGroup group(SourceGroup rules) {
        return new SecurityGroup(
                rules.groupId(),
                RandomNetwork.ACCOUNT,
                RandomNetwork.REGION,
                RandomNetwork.VPC,
                rules.groupId(),
                "a group",
                1,
                NOW,
                rules.ingress(),
                rules.egress(),
                Map.of());
    }

    private final class Members implements MemberStore {

        private List<Member> those(java.util.function.Predicate<Member> wanted) {
            return network.members().values().stream().filter(wanted).toList();
        }

        @Override
        public Map<String, Change> take(Collection<Told> newest) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Member> ofGroups(AccountId account, Region region, Collection<String> groupIds) {
            return those(member -> member.groupIds().stream().anyMatch(groupIds::contains));
        }

        @Override
        public List<Member> ofInstance(AccountId account, Region region, String instanceId) {
            return those(member -> member.instanceId().equals(instanceId));
        }

        @Override
        public List<Member> withAddresses(AccountId account, Region region, Collection<String> addresses) {
            return those(member ->
                    member.addresses().stream().map(IpAddress::toString).anyMatch(addresses::contains));
        }

        @Override
        public List<Member> all(AccountId account, Region region, String afterInterfaceId, int limit) {
            return those(member -> member.interfaceId().compareTo(afterInterfaceId) > 0);
        }

        @Override
        public List<Member> onHosts(Collection<String> hostIds) {
            return those(member -> member.hostId() != null && hostIds.contains(member.hostId()));
        }
    }

    private final class Hosts implements RulesetStore {

        @Override
        public void takeTurns(Collection<Place> places) {}

        private Set<String> those(java.util.function.Predicate<HostContents> wanted) {
            return hosts.values().stream()
                    .filter(host -> wanted.test(host.contents()))
                    .map(Host::hostId)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public Set<String> thatName(Collection<String> groupIds) {
            return those(contents -> groupIds.stream().anyMatch(contents.peers()::contains));
        }

        @Override
        public Set<String> thatHave(String groupId) {
            return those(contents -> contents.groups().contains(groupId));
        }

        @Override
        public Set<String> thatNameList(String prefixListId) {
            return those(contents -> contents.prefixLists().contains(prefixListId));
        }

        @Override
        public Map<String, Host> lock(Map<String, Region> regions) {
            regions.forEach((id, region) -> hosts.putIfAbsent(id, new Host(id, region, 0, 0, HostContents.NOTHING)));
            return lockKnown(regions.keySet());
        }

        @Override
        public Map<String, Host> lockKnown(Collection<String> hostIds) {
            Map<String, Host> locked = new TreeMap<>(hosts);
            locked.keySet().retainAll(hostIds);
            return locked;
        }

        @Override
        public void keep(Collection<Host> changed) {
            changed.forEach(host -> hosts.put(host.hostId(), host));
        }

        @Override
        public void toldInFull(Collection<String> hostIds) {
            hostIds.forEach(id -> hosts.computeIfPresent(
                    id, (same, host) -> new Host(id, host.region(), host.version(), 0, host.contents())));
        }

        @Override
        public List<Host> dueInFull(Duration after, int limit) {
            return List.of();
        }
    }

    private List<SecurityGroup> groups(AccountId account, Region region, Collection<String> ids) {
        return network.groups().values().stream()
                .filter(rules -> ids.contains(rules.groupId()))
                .map(RulesetsHarness::group)
                .toList();
    }
}
