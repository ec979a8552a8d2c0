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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@link Rulesets} over a random network in memory; what it tells is kept. */
public final class RulesetsHarness {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    public static final Ports PORTS = new Ports("cml");

    private final List<RandomNetwork> networks;
    /** Former owners of interfaces, as far as they haven't told yet. */
    private final List<Member> former = new ArrayList<>();

    private final Map<String, RulesetStore.Host> hosts = new TreeMap<>();
    private final List<Event> told = new ArrayList<>();
    private final Rulesets rulesets;
    private final RulesetPublications publications;
    /** Those that have to be told in full. */
    private final Set<String> due = new TreeSet<>();

    public RulesetsHarness(List<RandomNetwork> networks, RulesetLimits limits) {
        this.networks = networks;
        InstantSource clock = InstantSource.fixed(NOW);
        RulesetSources sources = new RulesetSources(this::groups, new Members(), this::blocks);
        RulesetEvents events = (news, at) -> told.addAll(news);
        publications = new RulesetPublications(new Hosts(), new Members(), sources, events, PORTS, limits, clock);
        rulesets = new Rulesets(
                new Hosts(), new Members(), this::blocks, sources, publications, events, PORTS, limits, clock);
    }

    public RulesetsHarness(RandomNetwork network) {
        this(List.of(network), new RulesetLimits(700_000, Integer.MAX_VALUE, Duration.ofHours(6)));
    }

    /** What was told since the last time somebody asked. */
    public List<Event> told() {
        List<Event> news = List.copyOf(told);
        told.clear();
        return news;
    }

    /** What the worker does now and then. */
    public void tellDue() {
        while (publications.tellDue() > 0) {
            // Some at once.
        }
    }

    /** An interface has another owner; of both none, one or the other has told. */
    public void changedHands(List<Change> changes, List<Member> whoHaveNotToldYet) {
        former.clear();
        former.addAll(whoHaveNotToldYet);
        rulesets.membersChanged(changes);
    }

    /** The copy of members changed without anybody hearing of it. */
    public void membersRebuilt() {
        rulesets.membersRebuilt();
    }

    /** Members as they were, by place, are not any more as the network has them. */
    public void membersChanged(Map<Integer, Member> before) {
        membersChanged(networks.getFirst(), before);
    }

    public void membersChanged(RandomNetwork network, Map<Integer, Member> before) {
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

    public void prefixListChanged(String id) {
        rulesets.prefixListChanged(ofList(id).account(), RandomNetwork.REGION, id);
    }

    private RandomNetwork ofList(String id) {
        return networks.stream()
                .filter(network -> network.prefixLists().containsKey(id))
                .findFirst()
                .orElseThrow();
    }

    private RandomNetwork ofGroup(String id) {
        return networks.stream()
                .filter(network -> network.groups().containsKey(id))
                .findFirst()
                .orElseThrow();
    }

    /** Those who told last come first. */
    private List<Member> those(Predicate<Member> wanted) {
        return Stream.concat(networks.stream().flatMap(network -> network.members().values().stream()), former.stream())
                .filter(wanted)
                .toList();
    }

    /** A host's ruleset made anew from the network as it is, by another way than the publications'. */
    public List<String> whole(String hostId) {
        List<Member> here = those(member -> hostId.equals(member.hostId())).reversed();
        Map<String, Elements> addresses = new HashMap<>();
        HostRuleset.byGroup(those(member -> true)).forEach((id, own) -> addresses.put(id, Elements.ofAddresses(own)));
        Map<String, Elements> blocks = new HashMap<>();
        Map<String, SourceGroup> rules = new HashMap<>();
        for (RandomNetwork network : networks) {
            network.prefixLists().forEach((id, list) -> blocks.put(id, Elements.ofBlocks(list)));
            rules.putAll(network.groups());
        }
        Sources all = new Sources(rules, addresses, blocks);
        return NftText.whole(PORTS, new HostRuleset(PORTS).whole(here, all));
    }

    public Set<String> hostIds() {
        return hosts.keySet();
    }

    private Map<String, List<Cidr>> blocks(AccountId account, Region region, Collection<String> ids) {
        Map<String, List<Cidr>> blocks = new HashMap<>();
        networks.stream()
                .filter(network -> network.account().equals(account))
                .forEach(network -> network.prefixLists().forEach((id, list) -> {
                    if (ids.contains(id)) {
                        blocks.put(id, list);
                    }
                }));
        return blocks;
    }

    private SecurityGroup group(SourceGroup rules) {
        RandomNetwork network = ofGroup(rules.groupId());
        return new SecurityGroup(
                rules.groupId(),
                network.account(),
                RandomNetwork.REGION,
                network.vpc(),
                rules.groupId(),
                "a group",
                1,
                NOW,
                rules.ingress(),
                rules.egress(),
                Map.of());
    }

    private final class Members implements MemberStore {

        @Override
        public Map<String, Change> take(Collection<Told> newest) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Member> ofGroups(AccountId account, Region region, Collection<String> groupIds) {
            return those(member -> member.account().equals(account)
                    && member.groupIds().stream().anyMatch(groupIds::contains));
        }

        @Override
        public GroupMembers ofGroup(AccountId account, Region region, String vpcId, String groupId, int most) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Member> ofInstance(AccountId account, Region region, String instanceId) {
            return those(member ->
                    member.account().equals(account) && member.instanceId().equals(instanceId));
        }

        @Override
        public List<Member> withAddresses(AccountId account, Region region, Collection<String> addresses) {
            return those(member -> member.account().equals(account)
                    && member.addresses().stream().map(IpAddress::toString).anyMatch(addresses::contains));
        }

        @Override
        public List<Member> all(AccountId account, Region region, String afterInterfaceId, int limit) {
            return those(member ->
                    member.account().equals(account) && member.interfaceId().compareTo(afterInterfaceId) > 0);
        }

        @Override
        public List<Member> onHosts(Collection<String> hostIds) {
            return those(member -> member.hostId() != null && hostIds.contains(member.hostId()))
                    .reversed();
        }
    }

    private final class Hosts implements RulesetStore {

        @Override
        public void takeTurns(Collection<Place> places) {}

        @Override
        public Set<String> keepMembers(Place place, String groupId) {
            return thatHave(groupId);
        }

        @Override
        public void takeTurnsOfRules(Place place) {}

        private Set<String> about(Predicate<HostContents> wanted) {
            return hosts.values().stream()
                    .filter(host -> wanted.test(host.contents()))
                    .map(Host::hostId)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public Set<String> thatName(Collection<String> groupIds) {
            return about(contents -> groupIds.stream().anyMatch(contents.peers()::contains));
        }

        @Override
        public Set<String> thatHave(String groupId) {
            return about(contents -> contents.groups().contains(groupId));
        }

        @Override
        public Set<String> thatNameList(String prefixListId) {
            return about(contents -> contents.prefixLists().contains(prefixListId));
        }

        @Override
        public Map<String, Host> lock(Map<String, Region> regions) {
            regions.forEach(
                    (id, region) -> hosts.putIfAbsent(id, new Host(id, region, 0, 0, HostContents.NOTHING, false)));
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
                    id, (same, host) -> new Host(id, host.region(), host.version(), 0, host.contents(), false)));
            due.removeAll(hostIds);
        }

        @Override
        public void wantInFull(Collection<String> hostIds) {
            due.addAll(hostIds);
        }

        @Override
        public List<String> dueInFull(Duration after, int limit) {
            return due.stream().limit(limit).toList();
        }

        @Override
        public List<Host> lockDue(Collection<String> hostIds, Duration after) {
            return List.copyOf(lockKnown(hostIds).values());
        }

        @Override
        public Optional<String> awaitedRebuild() {
            return Optional.empty();
        }

        @Override
        public void membersRebuilt() {
            those(member -> member.hostId() != null)
                    .forEach(member -> hosts.putIfAbsent(
                            String.valueOf(member.hostId()),
                            new Host(
                                    String.valueOf(member.hostId()),
                                    member.region(),
                                    0,
                                    0,
                                    HostContents.NOTHING,
                                    false)));
            hosts.replaceAll(
                    (id, host) -> new Host(id, host.region(), host.version(), host.deltas(), host.contents(), true));
            due.addAll(hosts.keySet());
        }
    }

    private List<SecurityGroup> groups(AccountId account, Region region, Collection<String> ids) {
        return networks.stream()
                .filter(network -> network.account().equals(account))
                .flatMap(network -> network.groups().values().stream())
                .filter(rules -> ids.contains(rules.groupId()))
                .map(this::group)
                .toList();
    }
}
