package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.RuleDecisions;
import io.cumulet.firewall.domain.groups.RuleLimits;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Authorizing and revoking. */
@ApplicationScoped
public class GroupRules {

    private final GroupStore store;
    private final GroupEvents events;
    private final DefaultGroups defaults;
    private final ClientTokens tokens;
    private final RuleLimits limits;
    private final InstantSource clock;

    public GroupRules(
            GroupStore store,
            GroupEvents events,
            DefaultGroups defaults,
            ClientTokens tokens,
            RuleLimits limits,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.defaults = defaults;
        this.tokens = tokens;
        this.limits = limits;
        this.clock = clock;
    }

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
        Object request =
                rules.stream().map(GroupRules::withoutId).map(Rule::toString).toList();
        return Transactions.decide(() -> switch (tokens.claim(account, region, operation, clientToken, request)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String ids) -> Outcome.done(named(rules, ids));
            case Claim.Fresh() -> {
                Outcome<SecurityGroup> decision = authorizeFresh(account, region, groupId, direction, rules);
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

    private Outcome<SecurityGroup> authorizeFresh(
            AccountId account, Region region, String groupId, Direction direction, List<Rule> rules) {
        Set<String> involved = new HashSet<>(Set.of(groupId));
        for (Rule rule : rules) {
            if (rule.peer() instanceof Peer.OfGroup(String peerId)) {
                involved.add(peerId);
            }
        }
        // The peers are locked too: none is deleted while a rule that names it comes to be.
        Map<String, SecurityGroup> locked = store.lock(account, region, involved);
        SecurityGroup group = locked.get(groupId);
        if (group == null) {
            return SecurityGroups.notFound(groupId);
        }
        Set<String> peers = new HashSet<>();
        locked.values().stream()
                .filter(peer -> peer.vpcId().equals(group.vpcId()))
                .forEach(peer -> peers.add(peer.id()));
        Outcome<SecurityGroup> decision = RuleDecisions.authorize(group, direction, rules, peers, limits);
        if (decision instanceof Outcome.Done<SecurityGroup>(SecurityGroup after)) {
            store.addRules(after, direction, rules);
            events.changed(after, clock.instant());
        }
        return decision;
    }

    /** Takes a rule away. */
    public Outcome<SecurityGroup> revoke(
            AccountId account, Region region, String groupId, Direction direction, String ruleId) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> {
            SecurityGroup group = store.lock(account, region, List.of(groupId)).get(groupId);
            if (group == null) {
                return SecurityGroups.notFound(groupId);
            }
            Outcome<SecurityGroup> decision = RuleDecisions.revoke(group, direction, ruleId);
            if (decision instanceof Outcome.Done<SecurityGroup>(SecurityGroup after)) {
                store.removeRule(after, ruleId);
                events.changed(after, clock.instant());
            }
            return decision;
        });
    }

    private static Rule withoutId(Rule rule) {
        return new Rule("", rule.traffic(), rule.peer(), rule.description());
    }

    private static List<Rule> named(List<Rule> rules, String ids) {
        List<Rule> named = new ArrayList<>();
        String[] each = ids.split(",", -1);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            named.add(new Rule(each[i], rule.traffic(), rule.peer(), rule.description()));
        }
        return named;
    }
}
