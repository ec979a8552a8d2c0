package io.cumulet.firewall.app;

import static io.cumulet.firewall.app.RulesetSources.place;

import io.cumulet.firewall.app.RulesetEvents.Delta;
import io.cumulet.firewall.app.RulesetEvents.Event;
import io.cumulet.firewall.app.RulesetStore.Host;
import io.cumulet.firewall.app.RulesetStore.Place;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.rulesets.Command;
import io.cumulet.firewall.domain.rulesets.HostContents;
import io.cumulet.firewall.domain.rulesets.HostRuleset;
import io.cumulet.firewall.domain.rulesets.HostRuleset.MembershipChange;
import io.cumulet.firewall.domain.rulesets.HostRuleset.Move;
import io.cumulet.firewall.domain.rulesets.NftText;
import io.cumulet.firewall.domain.rulesets.Ports;
import io.cumulet.firewall.domain.rulesets.RulesetLimits;
import io.cumulet.firewall.domain.rulesets.SourceGroup;
import io.cumulet.firewall.domain.rulesets.Sources;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each host's ruleset. Told of every change in the transaction that makes it, after the stores have it; works out what
 * changes on which host, and tells these hosts alone. A stale host is passed over: it is told in full soon, and no step fits
 * it until then.
 *
 * <p>Transactions take turns for each account and region before they read: else one that puts a group's set on a host and one
 * that changes who is in the group wouldn't see each other, and the host would miss an address. Those that change rules of
 * groups which no host has needn't wait for each other, only for whoever moves members. Then they lock hosts. A
 * transaction calls this once, or says before what it will change: else it may meet another in a ring, and the database ends
 * one of the two.
 */
@ApplicationScoped
public class Rulesets {

    private final RulesetStore store;
    private final MemberStore members;
    private final PrefixListBlocks lists;
    private final RulesetSources sources;
    private final RulesetPublications publications;
    private final RulesetEvents events;
    private final HostRuleset ruleset;
    private final RulesetLimits limits;
    private final InstantSource clock;

    public Rulesets(
            RulesetStore store,
            MemberStore members,
            PrefixListBlocks lists,
            RulesetSources sources,
            RulesetPublications publications,
            RulesetEvents events,
            Ports ports,
            RulesetLimits limits,
            InstantSource clock) {
        this.store = store;
        this.members = members;
        this.lists = lists;
        this.sources = sources;
        this.publications = publications;
        this.events = events;
        this.ruleset = new HostRuleset(ports);
        this.limits = limits;
        this.clock = clock;
    }

    /** What happens to a host's table. */
    private record Update(Host host, HostContents contents, List<Command> commands) {}

    /** Interfaces came, went, moved, or changed their addresses or groups. */
    public void membersChanged(Collection<MemberStore.Change> changes) {
        List<Move> moves = moves(changes);
        if (moves.isEmpty()) {
            return;
        }
        store.takeTurns(places(moves));
        if (store.awaitedRebuild().isPresent()) {
            return;
        }
        Map<String, MembershipChange> memberships = memberships(moves);
        Map<String, Region> affected = new TreeMap<>();
        Map<String, Map<String, Move>> local = new HashMap<>();
        for (Move move : moves) {
            byHost(move).forEach((hostId, part) -> {
                local.computeIfAbsent(hostId, id -> new LinkedHashMap<>())
                        .merge(both(part).getFirst().interfaceId(), part, Rulesets::joined);
                affected.put(hostId, region(part));
            });
        }
        Region anyRegion = region(moves.getFirst());
        store.thatName(memberships.keySet()).forEach(hostId -> affected.putIfAbsent(hostId, anyRegion));
        Map<String, Host> hosts = store.lock(affected);

        Set<String> switching = new TreeSet<>(local.keySet());
        switching.removeIf(hostId -> switchesNothing(local.getOrDefault(hostId, Map.of()), hosts.get(hostId)));
        Map<String, List<Member>> here = new HashMap<>();
        for (Member member : switching.isEmpty() ? List.<Member>of() : members.onHosts(switching)) {
            here.computeIfAbsent(String.valueOf(member.hostId()), id -> new ArrayList<>())
                    .add(member);
        }
        local.forEach((hostId, byInterface) -> here.getOrDefault(hostId, List.of())
                .forEach(member -> byInterface.computeIfPresent(
                        member.interfaceId(),
                        (id, move) -> move.after() == null ? new Move(move.before(), member) : move)));
        Map<String, Map<String, Move>> ofSwitching = new HashMap<>(local);
        ofSwitching.keySet().retainAll(switching);
        Map<String, Switch> switches = switches(ofSwitching, hosts, here);
        Map<Place, Set<String>> needed = new HashMap<>();
        switches.values()
                .forEach(one -> one.neededRules()
                        .forEach((place, ids) -> needed.computeIfAbsent(place, unseen -> new TreeSet<>())
                                .addAll(ids)));
        Map<String, SourceGroup> rules = sources.rules(needed);
        Map<Place, Set<String>> coming = new HashMap<>();
        switches.values()
                .forEach(one -> one.coming()
                        .forEach((id, place) -> coming.computeIfAbsent(place, unseen -> new TreeSet<>())
                                .add(id)));
        Sources named = sources.named(coming, rules);
        List<Update> updates = new ArrayList<>();
        for (Host host : hosts.values()) {
            Switch change = switches.get(host.hostId());
            HostContents has = change == null
                    ? host.contents()
                    : host.contents()
                            .with(change.coming().keySet(), change.leaving().keySet(), rules);
            updates.add(new Update(
                    host,
                    has,
                    ruleset.membersChanged(
                            host.contents(),
                            has,
                            local.getOrDefault(host.hostId(), Map.of()).values(),
                            memberships.values(),
                            named)));
        }
        tell(updates);
    }

    /** Several groups, locked, will change in this transaction: takes all turns, and then locks all their hosts in one order. */
    void willChange(Collection<SecurityGroup> groups) {
        Set<Place> places = new TreeSet<>();
        groups.forEach(group -> places.add(new Place(group.account(), group.region())));
        if (places.isEmpty()) {
            return;
        }
        store.takeTurns(places);
        Set<String> hostIds = new TreeSet<>();
        groups.forEach(group -> hostIds.addAll(store.thatHave(group.id())));
        store.lockKnown(hostIds);
    }

    /** The copy of members was made anew, in this transaction: hosts are told in full soon. */
    void membersRebuilt() {
        store.membersRebuilt();
    }

    /**
     * A group's rules changed.
     *
     * @param after null once it is deleted
     */
    public void groupChanged(SecurityGroup before, @Nullable SecurityGroup after) {
        SourceGroup had = new SourceGroup(before.id(), before.ingress(), before.egress());
        SourceGroup has = after == null
                ? SourceGroup.none(before.id())
                : new SourceGroup(after.id(), after.ingress(), after.egress());
        if (had.equals(has)) {
            return;
        }
        Place place = new Place(before.account(), before.region());
        Set<String> hostIds = store.keepMembers(place, before.id());
        if (hostIds.isEmpty() || store.awaitedRebuild().isPresent()) {
            return;
        }
        store.takeTurnsOfRules(place);
        Map<String, Host> hosts = store.lockKnown(hostIds);
        Set<String> all = new TreeSet<>();
        hosts.values().forEach(host -> all.addAll(host.contents().groups()));
        Map<String, SourceGroup> rules = new HashMap<>(sources.rules(Map.of(place, all)));
        rules.put(has.groupId(), has);
        Map<String, HostContents> contents = new HashMap<>();
        // Read is only what some host doesn't hold yet: a port more needs no member's address.
        Set<String> newPeers = new TreeSet<>();
        Set<String> newLists = new TreeSet<>();
        for (Host host : hosts.values()) {
            HostContents now = host.contents().with(had, rules);
            contents.put(host.hostId(), now);
            now.peers().stream()
                    .filter(id -> !host.contents().peers().contains(id))
                    .forEach(newPeers::add);
            now.prefixLists().stream()
                    .filter(id -> !host.contents().prefixLists().contains(id))
                    .forEach(newLists::add);
        }
        Sources named = new Sources(rules, sources.addresses(place, newPeers), sources.blocks(place, newLists));
        List<Update> updates = new ArrayList<>();
        for (Host host : hosts.values()) {
            HostContents now = contents.getOrDefault(host.hostId(), host.contents());
            updates.add(new Update(host, now, ruleset.groupChanged(host.contents(), now, had, has, named)));
        }
        tell(updates);
    }

    /** A prefix list has other entries. */
    public void prefixListChanged(AccountId account, Region region, String prefixListId) {
        store.takeTurns(List.of(new Place(account, region)));
        if (store.awaitedRebuild().isPresent()) {
            return;
        }
        Map<String, Host> hosts = store.lockKnown(store.thatNameList(prefixListId));
        if (hosts.isEmpty()) {
            return;
        }
        List<Cidr> blocks = lists.blocks(account, region, List.of(prefixListId)).getOrDefault(prefixListId, List.of());
        List<Command> commands = ruleset.prefixListChanged(prefixListId, blocks);
        tell(hosts.values().stream()
                .map(host -> new Update(host, host.contents(), commands))
                .toList());
    }

    /** Interfaces that are not as they were. */
    private static List<Move> moves(Collection<MemberStore.Change> changes) {
        List<Move> moves = new ArrayList<>();
        for (MemberStore.Change change : changes) {
            Map<String, Member> before = new LinkedHashMap<>();
            change.before().forEach(member -> before.put(member.interfaceId(), member));
            for (Member after : change.after()) {
                Member had = before.remove(after.interfaceId());
                if (!after.equals(had)) {
                    moves.add(new Move(had, after));
                }
            }
            before.values().forEach(gone -> moves.add(new Move(gone, null)));
        }
        return moves;
    }

    /**
     * An interface that changes hands is told of by two instances, in any order: what stays at the host, with whomever, never
     * left it.
     */
    private static Move joined(Move one, Move other) {
        return new Move(
                one.before() == null ? other.before() : one.before(),
                other.after() == null ? one.after() : other.after());
    }

    /** A move as each of the two hosts sees it. */
    private static Map<String, Move> byHost(Move move) {
        Member before = move.before();
        Member after = move.after();
        String from = before == null ? null : before.hostId();
        String to = after == null ? null : after.hostId();
        Map<String, Move> seen = new HashMap<>();
        if (from != null) {
            seen.put(from, from.equals(to) ? move : new Move(before, null));
        }
        if (to != null) {
            seen.putIfAbsent(to, new Move(null, after));
        }
        return seen;
    }

    private static Set<Place> places(List<Move> moves) {
        Set<Place> places = new TreeSet<>();
        for (Move move : moves) {
            both(move).forEach(member -> places.add(place(member)));
        }
        return places;
    }

    private static List<Member> both(Move move) {
        List<Member> both = new ArrayList<>();
        if (move.before() != null) {
            both.add(move.before());
        }
        if (move.after() != null) {
            both.add(move.after());
        }
        return both;
    }

    private static Region region(Move move) {
        return both(move).getFirst().region();
    }

    /** Events of different instances come in any order: an address may have a new owner before the old one is known to be gone. */
    private Map<String, MembershipChange> memberships(List<Move> moves) {
        List<Member> before = new ArrayList<>();
        List<Member> after = new ArrayList<>();
        Map<Place, Set<String>> left = new HashMap<>();
        for (Move move : moves) {
            if (move.before() != null) {
                before.add(move.before());
                for (IpAddress address : move.before().addresses()) {
                    left.computeIfAbsent(place(move.before()), unseen -> new HashSet<>())
                            .add(address.toString());
                }
            }
            if (move.after() != null) {
                after.add(move.after());
            }
        }
        List<Member> others = new ArrayList<>();
        left.forEach(
                (place, addresses) -> others.addAll(members.withAddresses(place.account(), place.region(), addresses)));
        return HostRuleset.memberships(before, after, others);
    }

    /**
     * Which groups come to a host and leave it, with their places.
     *
     * @param staying read only if any leaves: they may name what the leaving ones did
     */
    private record Switch(Map<String, Place> coming, Map<String, Place> leaving, Map<String, Place> staying) {

        Map<Place, Set<String>> neededRules() {
            Map<Place, Set<String>> ids = new HashMap<>();
            for (Map<String, Place> groups : leaving.isEmpty() ? List.of(coming) : List.of(coming, leaving, staying)) {
                groups.forEach((id, place) ->
                        ids.computeIfAbsent(place, unseen -> new TreeSet<>()).add(id));
            }
            return ids;
        }
    }

    /**
     * Whether no group can come to the host or leave it: who moves is there afterwards, with all groups that it had, and the
     * host has them. So it is with nearly every launch, and then nobody need read all that the host runs.
     */
    private static boolean switchesNothing(Map<String, Move> moves, @Nullable Host host) {
        return host != null
                && moves.values().stream().allMatch(move -> {
                    Member before = move.before();
                    Member after = move.after();
                    return after != null
                            && (before == null || after.groupIds().containsAll(before.groupIds()))
                            && host.contents().groups().containsAll(after.groupIds());
                });
    }

    private static Map<String, Switch> switches(
            Map<String, Map<String, Move>> local, Map<String, Host> hosts, Map<String, List<Member>> here) {
        Map<String, Switch> switches = new HashMap<>();
        local.forEach((hostId, moves) -> {
            Host host = hosts.get(hostId);
            if (host == null) {
                throw new IllegalStateException("A host that is locked is there: " + hostId);
            }
            Map<String, Place> staying = new HashMap<>();
            here.getOrDefault(hostId, List.of())
                    .forEach(member -> member.groupIds().forEach(id -> staying.put(id, place(member))));
            Map<String, Place> coming = new HashMap<>();
            Map<String, Place> leaving = new HashMap<>();
            for (Move move : moves.values()) {
                for (Member member : both(move)) {
                    for (String id : member.groupIds()) {
                        boolean isNeeded = staying.containsKey(id);
                        boolean isThere = host.contents().groups().contains(id);
                        if (isNeeded && !isThere) {
                            coming.put(id, place(member));
                        } else if (!isNeeded && isThere) {
                            leaving.put(id, place(member));
                        }
                    }
                }
            }
            coming.keySet().forEach(staying::remove);
            switches.put(hostId, new Switch(coming, leaving, staying));
        });
        return switches;
    }

    private void tell(List<Update> updates) {
        List<Event> told = new ArrayList<>();
        List<Host> changed = new ArrayList<>();
        List<Host> inFull = new ArrayList<>();
        List<String> due = new ArrayList<>();
        for (Update update : updates) {
            Host before = update.host();
            if (update.commands().isEmpty() || before.stale()) {
                continue;
            }
            Host after = new Host(
                    before.hostId(),
                    before.region(),
                    before.version() + 1,
                    before.deltas() + 1,
                    update.contents(),
                    false);
            List<String> lines = NftText.lines(update.commands());
            boolean isFirst = before.version() == 0;
            boolean fits = NftText.parts(lines, limits.recordCharacters()).size() == 1;
            if (isFirst || !fits) {
                inFull.add(after);
            } else {
                told.add(new Delta(after.hostId(), after.region(), after.version(), lines));
                // Not here: many hosts get there by the same change.
                if (after.deltas() >= limits.deltasUntilFull()) {
                    due.add(after.hostId());
                }
            }
            changed.add(after);
        }
        store.keep(changed);
        store.wantInFull(due);
        events.tell(told, clock.instant());
        publications.tellAll(inFull);
    }
}
