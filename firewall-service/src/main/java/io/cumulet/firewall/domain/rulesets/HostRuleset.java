package io.cumulet.firewall.domain.rulesets;

import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.SetName.Kind;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.CidrSet;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps that make a host's table, or bring it from one state to the next. Doing the steps of every change gives the
 * same table as making it anew.
 *
 * <p>Steps come in an order that the kernel takes: sets and chains are made before a rule names them and deleted after the
 * last that did.
 */
public final class HostRuleset {

    private final Ports ports;

    public HostRuleset(Ports ports) {
        this.ports = ports;
    }

    /**
     * A network interface at a host.
     *
     * @param before null if it wasn't at this host
     * @param after null if it isn't any more
     */
    public record Move(@Nullable Member before, @Nullable Member after) {}

    /** Addresses that a group's members have now and hadn't before, and the other way round. */
    public record MembershipChange(String groupId, Set<IpAddress> added, Set<IpAddress> removed) {

        public MembershipChange {
            added = Set.copyOf(added);
            removed = Set.copyOf(removed);
        }

        public boolean isNothing() {
            return added.isEmpty() && removed.isEmpty();
        }
    }

    /** What the table of a host with these members is about. */
    public static HostContents contents(Collection<Member> members, Sources sources) {
        Set<String> groups = new TreeSet<>();
        members.forEach(member -> groups.addAll(member.groupIds()));
        return HostContents.of(groups.stream().map(sources::group).toList());
    }

    /** The steps that make a table out of an empty one. */
    public List<Command> whole(Collection<Member> members, Sources sources) {
        return membersChanged(
                HostContents.NOTHING,
                contents(members, sources),
                members.stream().map(member -> new Move(null, member)).toList(),
                List.of(),
                sources);
    }

    /**
     * The steps after interfaces came, went, or changed their addresses or groups.
     *
     * @param moves at this host
     * @param memberships of all groups whose members changed, on whatever host
     * @param sources what is new at this host: rules of groups, addresses and blocks
     */
    public List<Command> membersChanged(
            HostContents had,
            HostContents has,
            Collection<Move> moves,
            Collection<MembershipChange> memberships,
            Sources sources) {
        List<Command> commands = new ArrayList<>(newSets(had, has, sources));
        memberships.stream()
                .filter(change ->
                        had.peers().contains(change.groupId()) && has.peers().contains(change.groupId()))
                .forEach(change -> commands.addAll(elements(change)));
        for (String group : minus(has.groups(), had.groups())) {
            for (Direction direction : Direction.values()) {
                commands.add(new Command.AddChain(Names.groupChain(direction, group)));
            }
        }
        for (String group : minus(has.groups(), had.groups())) {
            for (Direction direction : Direction.values()) {
                commands.add(rules(sources.group(group), direction));
            }
        }
        moves.forEach(move -> commands.addAll(comes(move)));
        moves.forEach(move -> commands.addAll(goes(move)));
        for (String group : minus(had.groups(), has.groups())) {
            for (Direction direction : Direction.values()) {
                commands.add(new Command.DeleteChain(Names.groupChain(direction, group)));
            }
        }
        commands.addAll(oldSets(had, has));
        return commands;
    }

    /** The steps after a group has other rules, at a host that has the group. */
    public List<Command> groupChanged(
            HostContents had, HostContents has, SourceGroup before, SourceGroup after, Sources sources) {
        List<Command> commands = new ArrayList<>(newSets(had, has, sources));
        for (Direction direction : Direction.values()) {
            Command rules = rules(after, direction);
            if (!rules.equals(rules(before, direction))) {
                commands.add(rules);
            }
        }
        commands.addAll(oldSets(had, has));
        return commands;
    }

    /** The steps after a prefix list has other blocks, at a host where a rule names it. */
    public List<Command> prefixListChanged(String prefixListId, List<Cidr> blocks) {
        List<Command> commands = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            SetName set = new SetName(Kind.PREFIX_LIST, family, prefixListId);
            commands.add(new Command.FlushSet(set));
            addElements(commands, set, apart(blocks, family));
        }
        return commands;
    }

    private static Command rules(SourceGroup group, Direction direction) {
        return new Command.SetRules(
                Names.groupChain(direction, group.groupId()), RuleLines.of(group.rules(direction), direction));
    }

    private static List<Command> newSets(HostContents had, HostContents has, Sources sources) {
        List<Command> commands = new ArrayList<>();
        for (String peer : minus(has.peers(), had.peers())) {
            Collection<IpAddress> addresses = sources.addresses().containsKey(peer)
                    ? Objects.requireNonNull(sources.addresses().get(peer))
                    : List.of();
            for (IpFamily family : IpFamily.values()) {
                SetName set = new SetName(Kind.GROUP, family, peer);
                commands.add(new Command.AddSet(set));
                addElements(commands, set, texts(addresses, family));
            }
        }
        for (String list : minus(has.prefixLists(), had.prefixLists())) {
            for (IpFamily family : IpFamily.values()) {
                SetName set = new SetName(Kind.PREFIX_LIST, family, list);
                commands.add(new Command.AddSet(set));
                addElements(commands, set, apart(sources.prefixLists().getOrDefault(list, List.of()), family));
            }
        }
        return commands;
    }

    private static List<Command> oldSets(HostContents had, HostContents has) {
        return Stream.concat(
                        minus(had.peers(), has.peers()).stream().map(id -> Map.entry(Kind.GROUP, id)),
                        minus(had.prefixLists(), has.prefixLists()).stream().map(id -> Map.entry(Kind.PREFIX_LIST, id)))
                .flatMap(old -> Stream.of(IpFamily.values())
                        .<Command>map(
                                family -> new Command.DeleteSet(new SetName(old.getKey(), family, old.getValue()))))
                .toList();
    }

    private static List<Command> elements(MembershipChange change) {
        List<Command> commands = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            SetName set = new SetName(Kind.GROUP, family, change.groupId());
            addElements(commands, set, texts(change.added(), family));
            List<String> removed = texts(change.removed(), family);
            if (!removed.isEmpty()) {
                commands.add(new Command.DeleteElements(set, removed));
            }
        }
        return commands;
    }

    private static void addElements(List<Command> commands, SetName set, List<String> elements) {
        if (!elements.isEmpty()) {
            commands.add(new Command.AddElements(set, elements));
        }
    }

    private static List<String> texts(Collection<IpAddress> addresses, IpFamily family) {
        return addresses.stream()
                .filter(address -> address.family() == family)
                .map(IpAddress::toString)
                .sorted()
                .distinct()
                .toList();
    }

    /** Blocks of a family without those that are in another: an interval set takes no two that overlap. */
    private static List<String> apart(List<Cidr> blocks, IpFamily family) {
        return new CidrSet(blocks)
                .apart().stream()
                        .filter(block -> block.family() == family)
                        .map(Cidr::toString)
                        .toList();
    }

    /** An interface's chains as they are now, and the addresses that lead there. */
    private List<Command> comes(Move move) {
        Member before = move.before();
        Member after = move.after();
        if (after == null) {
            return List.of();
        }
        List<Command> commands = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            String chain = Names.memberChain(direction, after);
            if (before == null) {
                commands.add(new Command.AddChain(chain));
            }
            if (before == null || !before.groupIds().equals(after.groupIds())) {
                List<String> lines = new ArrayList<>();
                after.groupIds().forEach(group -> lines.add("jump " + Names.groupChain(direction, group)));
                lines.add("drop");
                commands.add(new Command.SetRules(chain, lines));
            }
            String port = ports.name(after.interfaceId());
            List<IpAddress> known = before == null ? List.of() : before.addresses();
            for (IpAddress address : known) {
                if (!after.addresses().contains(address)) {
                    commands.add(new Command.Unbind(direction, port, address));
                }
            }
            for (IpAddress address : after.addresses()) {
                if (!known.contains(address)) {
                    commands.add(new Command.Bind(direction, port, address, chain));
                }
            }
        }
        return commands;
    }

    private List<Command> goes(Move move) {
        Member before = move.before();
        if (before == null || move.after() != null) {
            return List.of();
        }
        List<Command> commands = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            for (IpAddress address : before.addresses()) {
                commands.add(new Command.Unbind(direction, ports.name(before.interfaceId()), address));
            }
            commands.add(new Command.DeleteChain(Names.memberChain(direction, before)));
        }
        return commands;
    }

    private static Set<String> minus(Set<String> from, Set<String> what) {
        Set<String> rest = new TreeSet<>(from);
        rest.removeAll(what);
        return rest;
    }

    /** What changed between two states of members, by group; what another member still has isn't removed. */
    public static Map<String, MembershipChange> memberships(
            Collection<Member> before, Collection<Member> after, Collection<Member> others) {
        Map<String, Set<IpAddress>> had = byGroup(before);
        Map<String, Set<IpAddress>> has = byGroup(after);
        Map<String, Set<IpAddress>> kept = byGroup(others);
        Set<String> groups = new TreeSet<>(had.keySet());
        groups.addAll(has.keySet());
        Map<String, MembershipChange> changes = new TreeMap<>();
        for (String group : groups) {
            Set<IpAddress> removed = new HashSet<>(had.getOrDefault(group, Set.of()));
            removed.removeAll(has.getOrDefault(group, Set.of()));
            removed.removeAll(kept.getOrDefault(group, Set.of()));
            Set<IpAddress> added = new HashSet<>(has.getOrDefault(group, Set.of()));
            added.removeAll(had.getOrDefault(group, Set.of()));
            MembershipChange change = new MembershipChange(group, added, removed);
            if (!change.isNothing()) {
                changes.put(group, change);
            }
        }
        return changes;
    }

    /** The addresses of members, by group. */
    public static Map<String, Set<IpAddress>> byGroup(Collection<Member> members) {
        Map<String, Set<IpAddress>> addresses = new TreeMap<>();
        for (Member member : members) {
            for (String group : member.groupIds()) {
                addresses.computeIfAbsent(group, id -> new HashSet<>()).addAll(member.addresses());
            }
        }
        return addresses;
    }
}
