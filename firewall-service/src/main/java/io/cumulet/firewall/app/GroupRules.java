package io.cumulet.firewall.app;

import io.cumulet.firewall.app.GroupStore.GroupRule;
import io.cumulet.firewall.app.GroupStore.RuleFilter;
import io.cumulet.firewall.domain.groups.Peers;
import io.cumulet.firewall.domain.groups.RuleDecisions;
import io.cumulet.firewall.domain.groups.RuleDecisions.Description;
import io.cumulet.firewall.domain.groups.RuleLimits;
import io.cumulet.firewall.domain.groups.RuleSpec;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.groups.Tags;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Authorizing, modifying, describing and revoking. */
@ApplicationScoped
public class GroupRules {

    private final GroupStore store;
    private final PrefixListStore lists;
    private final GroupEvents events;
    private final DefaultGroups defaults;
    private final Rulesets rulesets;
    private final ClientTokens tokens;
    private final RuleLimits limits;
    private final InstantSource clock;

    public GroupRules(
            GroupStore store,
            PrefixListStore lists,
            GroupEvents events,
            DefaultGroups defaults,
            Rulesets rulesets,
            ClientTokens tokens,
            RuleLimits limits,
            InstantSource clock) {
        this.store = store;
        this.lists = lists;
        this.events = events;
        this.defaults = defaults;
        this.rulesets = rulesets;
        this.tokens = tokens;
        this.limits = limits;
        this.clock = clock;
    }

    /** A locked group and what its rules may name. */
    private record Locked(SecurityGroup group, Peers peers) {}

    /**
     * Adds rules, all or none.
     *
     * @param rules with ids to be given; a repeat of an earlier request gets the ids given then
     * @return the rules as they were added
     */
    public Outcome<List<Rule>> authorize(
            AccountId account,
            Region region,
            String groupId,
            Direction direction,
            List<Rule> rules,
            @Nullable String clientToken) {
        defaults.ensure(account, region);
        String operation = "Authorize " + direction.code() + " " + groupId;
        Object request = rules.stream().map(GroupRules::said).toList();
        return Transactions.decide(() -> switch (tokens.claim(account, region, operation, clientToken, request)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String ids) -> Outcome.done(named(rules, ids));
            case Claim.Fresh() -> {
                Outcome<SecurityGroup> decision = change(
                        account,
                        region,
                        groupId,
                        rules,
                        (group, peers) -> RuleDecisions.authorize(group, direction, rules, peers, limits),
                        after -> store.addRules(after, direction, rules));
                if (decision instanceof Outcome.Done<SecurityGroup>) {
                    tokens.complete(
                            account,
                            region,
                            operation,
                            clientToken,
                            String.join(",", rules.stream().map(Rule::id).toList()));
                }
                yield decision.map(after -> rules);
            }
        });
    }

    /**
     * Puts other rules in the place of those with the same ids, all or none. Answers them as they are now.
     *
     * @param directions where those are
     */
    public Outcome<List<Rule>> modify(
            AccountId account, Region region, String groupId, Set<Direction> directions, List<Rule> rules) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> change(
                        account,
                        region,
                        groupId,
                        rules,
                        (group, peers) -> RuleDecisions.modify(group, directions, rules, peers, limits),
                        after -> store.replaceRules(after, named(after, directions, rules)))
                .map(after -> named(after, directions, rules)));
    }

    private static List<Rule> named(SecurityGroup group, Set<Direction> directions, List<Rule> rules) {
        return rules.stream()
                .map(rule -> directions.stream()
                        .flatMap(direction -> group.rule(direction, rule.id()).stream())
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    /** Decides about a group that is locked, as is what the rules name; keeps what becomes of it, and tells. */
    private Outcome<SecurityGroup> change(
            AccountId account,
            Region region,
            String groupId,
            List<Rule> rules,
            BiFunction<SecurityGroup, Peers, Outcome<SecurityGroup>> decide,
            Consumer<SecurityGroup> keep) {
        return locked(account, region, groupId, rules)
                .flatMap(locked -> decide.apply(locked.group(), locked.peers()).map(after -> {
                    keep.accept(after);
                    told(locked.group(), after);
                    return after;
                }));
    }

    private void told(SecurityGroup before, SecurityGroup after) {
        events.changed(after, clock.instant());
        rulesets.groupChanged(before, after);
    }

    /** In one order, so that no two wait for each other in a ring; none of what is named is deleted meanwhile. */
    private Outcome<Locked> locked(AccountId account, Region region, String groupId, List<Rule> rules) {
        TreeSet<String> named = new TreeSet<>();
        for (Rule rule : rules) {
            if (rule.peer() instanceof Peer.OfGroup(String peerId)) {
                named.add(peerId);
            }
        }
        Map<String, String> vpcs = new HashMap<>(store.keepPeers(account, region, named.headSet(groupId)));
        Optional<SecurityGroup> found = store.lock(account, region, groupId);
        if (found.isEmpty()) {
            return Outcome.refused(SecurityGroups.notFound(groupId));
        }
        SecurityGroup group = found.get();
        vpcs.putAll(store.keepPeers(account, region, named.tailSet(groupId, false)));
        Set<String> peers = new HashSet<>(Set.of(groupId));
        vpcs.forEach((peerId, vpcId) -> {
            if (vpcId.equals(group.vpcId())) {
                peers.add(peerId);
            }
        });
        Set<String> listIds = new TreeSet<>();
        for (List<Rule> some : List.of(rules, group.ingress(), group.egress())) {
            for (Rule rule : some) {
                if (rule.peer() instanceof Peer.OfPrefixList(String listId)) {
                    listIds.add(listId);
                }
            }
        }
        return Outcome.done(new Locked(group, new Peers(peers, lists.keepSizes(account, region, listIds))));
    }

    /**
     * A locked group's VPC has got its IPv6 block: unless somebody has changed what the group lets out, it lets everything
     * out over IPv6 too. In the running transaction.
     *
     * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html">Security group rules</a>
     */
    void letIpv6Out(SecurityGroup group) {
        if (group.letsOutAsMade()) {
            List<Rule> added = List.of(group.ipv6Egress());
            SecurityGroup after = group.plus(Direction.EGRESS, added);
            store.addRules(after, Direction.EGRESS, added);
            told(group, after);
        }
    }

    /** Takes a rule away. */
    public Outcome<SecurityGroup> revoke(
            AccountId account, Region region, String groupId, Direction direction, String ruleId) {
        return withLock(
                account,
                region,
                groupId,
                group -> group.rule(direction, ruleId)
                        .<Outcome<SecurityGroup>>map(rule -> Outcome.done(revoked(group, direction, List.of(rule))))
                        .orElseGet(() -> Outcome.refused(RuleDecisions.unknown(ruleId, "ruleId"))));
    }

    /** Takes rules away, all or none. Answers those that went. */
    public Outcome<List<Rule>> revoke(
            AccountId account, Region region, String groupId, Direction direction, List<RuleSpec> specs) {
        return withLock(
                account,
                region,
                groupId,
                group -> RuleDecisions.revoke(group, direction, specs).map(going -> {
                    revoked(group, direction, going);
                    return going;
                }));
    }

    private SecurityGroup revoked(SecurityGroup group, Direction direction, List<Rule> going) {
        SecurityGroup after =
                group.minus(direction, going.stream().map(Rule::id).toList());
        store.removeRules(after, going);
        told(group, after);
        return after;
    }

    /**
     * Other words about a rule.
     *
     * @param described whether the description changes
     * @param description null: it goes
     * @param tags by key, the new value, or nothing where the tag goes
     */
    public record Words(boolean described, @Nullable String description, Map<String, Optional<String>> tags) {}

    /** Changes a rule's description and tags; what it lets through stays. */
    public Outcome<Rule> describe(
            AccountId account, Region region, String groupId, Direction direction, String ruleId, Words words) {
        return withLock(account, region, groupId, group -> {
            Optional<Rule> rule = group.rule(direction, ruleId);
            if (rule.isEmpty()) {
                return Outcome.refused(RuleDecisions.unknown(ruleId, "ruleId"));
            }
            Rule after = new Rule(
                    ruleId,
                    rule.get().traffic(),
                    rule.get().peer(),
                    words.described() ? words.description() : rule.get().description(),
                    Tags.changed(rule.get().tags(), words.tags()));
            return RuleDecisions.describe(group, direction, after).map(described -> {
                store.replaceRules(described, List.of(after));
                events.changed(described, clock.instant());
                return after;
            });
        });
    }

    /** Describes rules anew, all or none. Answers them as they are now. */
    public Outcome<List<Rule>> describe(
            AccountId account, Region region, String groupId, Direction direction, List<Description> descriptions) {
        return withLock(
                account,
                region,
                groupId,
                group -> RuleDecisions.describe(group, direction, descriptions).map(rules -> {
                    SecurityGroup after = group.replacing(rules);
                    store.replaceRules(after, rules);
                    events.changed(after, clock.instant());
                    return rules;
                }));
    }

    /** Changes the words of a rule of whatever group. */
    public Outcome<GroupRule> describe(AccountId account, Region region, String ruleId, Words words) {
        return find(account, region, ruleId)
                .flatMap(found -> describe(account, region, found.groupId(), found.direction(), ruleId, words)
                        .map(rule -> new GroupRule(found.groupId(), found.direction(), rule)));
    }

    /** A rule of whatever group. */
    public Outcome<GroupRule> find(AccountId account, Region region, String ruleId) {
        return list(account, region, new RuleFilter(List.of(), List.of(ruleId), Map.of()), null, 1).stream()
                .findFirst()
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.RULE_NOT_FOUND,
                        "ruleId",
                        "The security group rule ID '" + ruleId + "' does not exist"));
    }

    private interface Use<T> {
        Outcome<T> of(SecurityGroup group);
    }

    private <T> Outcome<T> withLock(AccountId account, Region region, String groupId, Use<T> use) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> store.lock(account, region, groupId)
                .map(use::of)
                .orElseGet(() -> Outcome.refused(SecurityGroups.notFound(groupId))));
    }

    /** Rules of an account's groups, in the order of their ids, those after the given one. */
    public List<GroupRule> list(
            AccountId account, Region region, RuleFilter filter, @Nullable String afterId, int limit) {
        defaults.ensure(account, region);
        return Transactions.read(() -> store.listRules(account, region, filter, afterId, limit));
    }

    /** What a request says of a rule, for its digest: without tags as it was when rules had none. */
    private static String said(Rule rule) {
        String said = "Rule[id=, traffic=" + rule.traffic() + ", peer=" + rule.peer() + ", description="
                + rule.description() + "]";
        return rule.tags().isEmpty() ? said : said + new TreeMap<>(rule.tags());
    }

    private static List<Rule> named(List<Rule> rules, String ids) {
        List<Rule> named = new ArrayList<>();
        String[] each = ids.split(",", -1);
        for (int i = 0; i < rules.size(); i++) {
            named.add(rules.get(i).withId(each[i]));
        }
        return named;
    }
}
