package io.cumulet.firewall.app;

import io.cumulet.firewall.app.MemberStore.GroupMembers;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.reachability.EffectiveRules;
import io.cumulet.firewall.domain.reachability.EffectiveRules.Effective;
import io.cumulet.firewall.domain.reachability.Explanation;
import io.cumulet.firewall.domain.reachability.Probe;
import io.cumulet.firewall.domain.reachability.Reachability;
import io.cumulet.firewall.domain.reachability.Reachability.End;
import io.cumulet.firewall.domain.reachability.Sources;
import io.cumulet.firewall.domain.reachability.Sources.Reacher;
import io.cumulet.firewall.domain.reachability.Sources.Source;
import io.cumulet.firewall.domain.reachability.Vicinity;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an account's instances let through, and who reaches them. */
@ApplicationScoped
public class Reach {

    private final GroupStore groups;
    private final MemberStore members;
    private final AccountView accounts;
    private final Newcomers newcomers;
    private final DefaultGroups defaults;

    public Reach(
            GroupStore groups, MemberStore members, AccountView accounts, Newcomers newcomers, DefaultGroups defaults) {
        this.groups = groups;
        this.members = members;
        this.accounts = accounts;
        this.newcomers = newcomers;
        this.defaults = defaults;
    }

    /** What an interface's groups let through together. */
    public record InterfaceRules(Member member, List<Effective> ingress, List<Effective> egress) {}

    /** What each interface of an instance lets through; refused with {@code InvalidInstanceID.NotFound}. */
    public Outcome<List<InterfaceRules>> effectiveRules(AccountId account, Region region, String instanceId) {
        defaults.ensure(account, region);
        newcomers.look(account, region, instanceId);
        return Transactions.decide(() -> interfaces(account, region, instanceId, null, "instanceId")
                .map(interfaces -> {
                    Vicinity vicinity = vicinity(account, region, interfaces);
                    return interfaces.stream()
                            .map(member -> {
                                List<SecurityGroup> own = vicinity.groupsOf(member);
                                return new InterfaceRules(
                                        member,
                                        EffectiveRules.of(own, Direction.INGRESS),
                                        EffectiveRules.of(own, Direction.EGRESS));
                            })
                            .toList();
                }));
    }

    /**
     * One end as a caller names it: an instance, or an address, or an instance's address.
     *
     * @param field where it stands in the request, such as {@code source}
     * @param interfaceId of the instance; null for its primary one
     */
    public record EndWish(
            String field,
            @Nullable String instanceId,
            @Nullable String interfaceId,
            @Nullable IpAddress address) {}

    /**
     * What is asked.
     *
     * @param vpcId where addresses are looked up if no instance says it; null if there is only one that has them
     */
    public record Question(
            EndWish source,
            EndWish destination,
            Probe probe,
            IpFamily family,
            @Nullable String vpcId) {}

    /** What was asked, and what came of it. */
    public record Answer(End source, End destination, Explanation explanation) {}

    public Outcome<Answer> explain(AccountId account, Region region, Question question) {
        defaults.ensure(account, region);
        Stream.of(question.source(), question.destination())
                .flatMap(end -> Stream.ofNullable(end.instanceId()))
                .distinct()
                .forEach(id -> newcomers.look(account, region, id));
        return Transactions.decide(() -> {
            Outcome<Optional<Member>> source = named(account, region, question.source(), question.family());
            Outcome<Optional<Member>> destination = named(account, region, question.destination(), question.family());
            return source.flatMap(from -> destination.flatMap(to -> explain(account, region, question, from, to)));
        });
    }

    private Outcome<Answer> explain(
            AccountId account,
            Region region,
            Question question,
            Optional<Member> namedSource,
            Optional<Member> namedDestination) {
        Map<IpAddress, List<Member>> byAddress = new HashMap<>();
        Set<String> addresses = new HashSet<>();
        for (EndWish wish : List.of(question.source(), question.destination())) {
            if (wish.instanceId() == null && wish.address() != null) {
                addresses.add(wish.address().toString());
            }
        }
        if (!addresses.isEmpty()) {
            for (Member member : members.withAddresses(account, region, addresses)) {
                Stream.concat(member.addresses().stream(), member.publicAddresses().stream())
                        .forEach(address -> byAddress
                                .computeIfAbsent(address, key -> new ArrayList<>())
                                .add(member));
            }
        }
        String vpcId = namedDestination.or(() -> namedSource).map(Member::vpcId).orElse(question.vpcId());
        if (vpcId == null) {
            for (EndWish wish : List.of(question.source(), question.destination())) {
                Set<String> vpcs = new TreeSet<>();
                byAddress.getOrDefault(wish.address(), List.of()).forEach(member -> vpcs.add(member.vpcId()));
                if (wish.instanceId() == null && vpcs.size() > 1) {
                    return Outcome.refused(
                            ErrorCode.MISSING_PARAMETER,
                            "vpcId",
                            "The address " + wish.address() + " is in several VPCs; say which one is meant: "
                                    + String.join(", ", vpcs));
                }
            }
        }
        End source = end(question.source(), namedSource, byAddress, vpcId);
        End destination = end(question.destination(), namedDestination, byAddress, vpcId);
        List<Member> asked = new ArrayList<>();
        for (End end : List.of(source, destination)) {
            if (end.member() != null) {
                asked.add(end.member());
            }
        }
        Reachability reachability = new Reachability(vicinity(account, region, asked));
        IpAddress elastic = question.destination().address();
        Member behind = destination.member();
        Member sender = source.member();
        if (elastic == null
                || behind == null
                || sender == null
                || !behind.publicAddresses().contains(elastic)) {
            return Outcome.done(new Answer(
                    source,
                    destination,
                    reachability.explain(source, destination, question.probe(), question.family())));
        }
        IpAddress said = question.source().address();
        Optional<IpAddress> from = said != null && sender.publicAddresses().contains(said)
                ? Optional.of(said)
                : sender.publicAddresses().stream().findFirst();
        if (from.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    question.destination().field() + ".address",
                    elastic + " is an elastic address, and " + sender.instanceId()
                            + " has none to reach it from; ask for the private address behind it");
        }
        return Outcome.done(new Answer(
                source,
                destination,
                reachability.explainOverInternet(
                        source, elastic, from.get(), destination, question.probe(), question.family())));
    }

    /**
     * Whoever has the address, first of the VPC that is meant: one of another is no stranger, but can't be reached. Behind an
     * elastic address stands a private one.
     */
    private static End end(
            EndWish wish, Optional<Member> named, Map<IpAddress, List<Member>> byAddress, @Nullable String vpcId) {
        IpAddress address = wish.address();
        List<Member> candidates = byAddress.getOrDefault(address, List.of());
        Member member = named.or(() -> candidates.stream()
                        .filter(one -> one.vpcId().equals(vpcId))
                        .findFirst())
                .or(() -> candidates.stream().findFirst())
                .orElse(null);
        return member != null && address != null && member.publicAddresses().contains(address)
                ? new End(member.address(address.family()).orElse(address), member)
                : new End(address, member);
    }

    /** The interface of the instance that is named; empty if only an address is. */
    private Outcome<Optional<Member>> named(AccountId account, Region region, EndWish wish, IpFamily family) {
        String instanceId = wish.instanceId();
        if (instanceId == null) {
            return Outcome.done(Optional.empty());
        }
        return interfaces(account, region, instanceId, wish.interfaceId(), wish.field() + ".instanceId")
                .flatMap(own -> {
                    IpAddress address = wish.address();
                    if (address == null) {
                        return Outcome.done(Optional.of(chosen(instanceId, own, family)));
                    }
                    return own.stream()
                            .filter(member -> member.addresses().contains(address)
                                    || member.publicAddresses().contains(address))
                            .findFirst()
                            .map(member -> Outcome.done(Optional.of(member)))
                            .orElseGet(() -> Outcome.refused(
                                    ErrorCode.INVALID_PARAMETER_VALUE,
                                    wish.field() + ".address",
                                    instanceId + " doesn't have the address " + address));
                });
    }

    /** The primary interface, unless it has no address of the family and another has. */
    private static Member chosen(String instanceId, List<Member> interfaces, IpFamily family) {
        String primaryId = DefaultNetwork.primaryInterfaceId(instanceId);
        Member primary = interfaces.stream()
                .filter(member -> member.interfaceId().equals(primaryId))
                .findFirst()
                .orElse(interfaces.getFirst());
        return has(primary, family)
                ? primary
                : interfaces.stream()
                        .filter(member -> has(member, family))
                        .findFirst()
                        .orElse(primary);
    }

    private static boolean has(Member member, IpFamily family) {
        return member.addresses().stream().anyMatch(address -> address.family() == family);
    }

    /**
     * Who may reach an address of an interface.
     *
     * @param source by which the groups let it in
     * @param reachers if it is a group: its members of the VPC, the first {@value #MOST_MEMBERS}, and no more addresses than
     *     {@value #MOST_REACHERS} in an answer
     * @param members how many members there are
     */
    public record Reaching(Source source, List<Reacher> reachers, int members) {}

    /** An address of an interface, and who may reach it. */
    public record Reached(Member member, IpAddress address, List<Reaching> sources) {}

    private static final int MOST_MEMBERS = 1_000;
    private static final int MOST_REACHERS = 5_000;

    /** Who may reach each interface of an instance, at its first address of a family. */
    public Outcome<List<Reached>> reachableFrom(
            AccountId account,
            Region region,
            String instanceId,
            @Nullable String interfaceId,
            Probe probe,
            IpFamily family) {
        defaults.ensure(account, region);
        newcomers.look(account, region, instanceId);
        return Transactions.decide(() -> interfaces(account, region, instanceId, interfaceId, "instanceId")
                .map(own -> reached(account, region, own, probe, family)));
    }

    private List<Reached> reached(AccountId account, Region region, List<Member> own, Probe probe, IpFamily family) {
        Sources sources = new Sources(vicinity(account, region, own));
        List<Reached> reached = new ArrayList<>();
        Map<Member, IpAddress> addresses = new LinkedHashMap<>();
        own.forEach(member -> member.addresses().stream()
                .filter(address -> address.family() == family)
                .findFirst()
                .ifPresent(address -> addresses.put(member, address)));
        Map<Place, Peered> known = new HashMap<>();
        int[] left = {MOST_REACHERS};
        addresses.forEach((member, address) -> {
            List<Reaching> reaching = new ArrayList<>();
            for (Source source : sources.of(member, address, probe)) {
                if (source.peer() instanceof Peer.OfGroup(String groupId)) {
                    Peered peered = known.computeIfAbsent(
                            new Place(member.vpcId(), groupId), place -> peered(account, region, place));
                    Reaching ofGroup = ofGroup(source, peered, member, address, probe, left[0]);
                    left[0] -= ofGroup.reachers().size();
                    reaching.add(ofGroup);
                } else {
                    reaching.add(new Reaching(source, List.of(), 0));
                }
            }
            reached.add(new Reached(member, address, reaching));
        });
        return reached;
    }

    /** A group that is let in to somewhere in a VPC. */
    private record Place(String vpcId, String groupId) {}

    /** Its members, and what they let out. */
    private record Peered(GroupMembers members, Sources sources) {}

    private Peered peered(AccountId account, Region region, Place place) {
        GroupMembers inGroup = members.ofGroup(account, region, place.vpcId(), place.groupId(), MOST_MEMBERS);
        return new Peered(inGroup, new Sources(vicinity(account, region, inGroup.first())));
    }

    private static Reaching ofGroup(
            Source source, Peered peered, Member destination, IpAddress address, Probe probe, int most) {
        List<Reacher> reachers = peered.members().first().stream()
                .flatMap(member -> peered.sources().reachers(member, destination, address, probe).stream())
                .limit(most)
                .toList();
        return new Reaching(source, reachers, peered.members().count());
    }

    /** Refused if the account has no such instance, or that no such interface. */
    private Outcome<List<Member>> interfaces(
            AccountId account, Region region, String instanceId, @Nullable String interfaceId, String field) {
        List<Member> own = members.ofInstance(account, region, instanceId);
        if (own.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INSTANCE_NOT_FOUND, field, "The instance ID '" + instanceId + "' does not exist");
        }
        if (interfaceId == null) {
            return Outcome.done(own);
        }
        List<Member> one = own.stream()
                .filter(member -> member.interfaceId().equals(interfaceId))
                .toList();
        return one.isEmpty()
                ? Outcome.refused(Refusal.of(
                        ErrorCode.NETWORK_INTERFACE_NOT_FOUND,
                        field.replace("instanceId", "networkInterfaceId"),
                        "The networkInterface ID '" + interfaceId + "' does not exist on " + instanceId))
                : Outcome.done(one);
    }

    /** The groups that these have, and the prefix lists that the groups' rules name. */
    private Vicinity vicinity(AccountId account, Region region, Collection<Member> asked) {
        Set<String> groupIds = new LinkedHashSet<>();
        asked.forEach(member -> groupIds.addAll(member.groupIds()));
        List<SecurityGroup> own = groups.all(account, region, groupIds);
        ListedBlocks lists = accounts.prefixLists(account, region, own);
        return new Vicinity(own, lists);
    }
}
