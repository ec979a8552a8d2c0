package io.cumulet.firewall.domain.groups;

import io.cumulet.firewall.domain.groups.Peers.ListSize;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceTags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of a request to change a group's rules: all of it happens, or nothing. */
public final class RuleDecisions {

    private RuleDecisions() {}

    /**
     * Adds rules.
     *
     * @return the group after it, or the first fault with the rule it is in, as {@code rules[2].peer.group}
     */
    public static Outcome<SecurityGroup> authorize(
            SecurityGroup group, Direction direction, List<Rule> rules, Peers peers, RuleLimits limits) {
        Set<Said> before = new HashSet<>();
        group.rules(direction).forEach(rule -> before.add(Said.by(rule)));
        Set<Said> asked = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            Said said = Said.by(rule);
            String place = place(i);
            Optional<Refusal> fault = fault(rule, place, peers);
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
            if (before.contains(said)) {
                return Outcome.refused(
                        ErrorCode.INVALID_PERMISSION_DUPLICATE,
                        place,
                        "the specified rule \"" + said.words() + "\" already exists");
            }
            if (!asked.add(said)) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE, place, "The same permission must not appear multiple times");
            }
        }
        SecurityGroup after = group.plus(direction, rules);
        return tooMany(group, after, direction, peers, limits)
                .<Outcome<SecurityGroup>>map(Outcome::refused)
                .orElse(Outcome.done(after));
    }

    /**
     * Puts other rules in the place of some. A rule keeps its id, its tags and its kind of peer.
     *
     * @param directions where the rules to replace are looked for
     * @param rules with the ids of those they replace
     * @return the group after it, or the first fault with the rule it is in
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html">
     *     ModifySecurityGroupRules</a>
     */
    public static Outcome<SecurityGroup> modify(
            SecurityGroup group, Set<Direction> directions, List<Rule> rules, Peers peers, RuleLimits limits) {
        Map<String, Rule> before = new HashMap<>();
        directions.forEach(direction -> group.rules(direction).forEach(rule -> before.put(rule.id(), rule)));
        Set<String> seen = new HashSet<>();
        List<Rule> changed = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            String place = place(i);
            Rule was = before.get(rule.id());
            if (was == null) {
                return Outcome.refused(unknown(rule.id(), place + ".ruleId"));
            }
            if (!seen.add(rule.id())) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE, place + ".ruleId", "The request has this rule twice");
            }
            if (!sameKind(was.peer(), rule.peer())) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        place + ".peer",
                        "A rule keeps its kind of peer: an IPv4 block, an IPv6 block, a group or a prefix list");
            }
            Optional<Refusal> fault = fault(rule, place, peers);
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
            changed.add(new Rule(rule.id(), rule.traffic(), rule.peer(), rule.description(), was.tags()));
        }
        SecurityGroup after = group.replacing(changed);
        for (Direction direction : directions) {
            Optional<Refusal> fault =
                    twice(after.rules(direction), changed).or(() -> tooMany(group, after, direction, peers, limits));
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
        }
        return Outcome.done(after);
    }

    /** Whether one of the changed rules says what another of its direction says. */
    private static Optional<Refusal> twice(List<Rule> after, List<Rule> changed) {
        Map<Said, Set<String>> said = new HashMap<>();
        after.forEach(rule ->
                said.computeIfAbsent(Said.by(rule), unseen -> new HashSet<>()).add(rule.id()));
        for (int i = 0; i < changed.size(); i++) {
            Set<String> same = said.getOrDefault(Said.by(changed.get(i)), Set.of());
            if (same.size() > 1 && same.contains(changed.get(i).id())) {
                return Optional.of(Refusal.of(
                        ErrorCode.INVALID_PERMISSION_DUPLICATE, place(i), "The group would have this rule twice"));
            }
        }
        return Optional.empty();
    }

    /** What a rule lets through, whatever it is called. */
    private record Said(Traffic traffic, Peer peer) {

        static Said by(Rule rule) {
            return new Said(rule.traffic(), rule.peer());
        }

        /** As EC2 tells of a rule. */
        String words() {
            String whom = switch (peer) {
                case Peer.OfBlock(var cidr) -> cidr.toString();
                case Peer.OfGroup(String id) -> id;
                case Peer.OfPrefixList(String id) -> id;
            };
            String what = traffic.protocol().toUpperCase(Locale.ROOT)
                    + switch (traffic) {
                        case Traffic.Ports(var transport, int from, int to) ->
                            ", from port: " + from + ", to port: " + to;
                        case Traffic.Icmp(var family, int type, int code) -> ", type: " + type + ", code: " + code;
                        case Traffic.All all -> "";
                        case Traffic.Number number -> "";
                    };
            return "peer: " + whom + ", " + what + ", ALLOW";
        }
    }

    private static boolean sameKind(Peer before, Peer after) {
        return switch (before) {
            case Peer.OfBlock(var block) ->
                after instanceof Peer.OfBlock(var other) && other.family() == block.family();
            case Peer.OfGroup group -> after instanceof Peer.OfGroup;
            case Peer.OfPrefixList list -> after instanceof Peer.OfPrefixList;
        };
    }

    /** Other words about a rule; what it lets through stays. */
    public static Outcome<SecurityGroup> describe(SecurityGroup group, Direction direction, Rule described) {
        if (group.rule(direction, described.id()).isEmpty()) {
            return Outcome.refused(unknown(described.id(), "ruleId"));
        }
        if (described.description() != null && !GroupWish.isText(described.description())) {
            return Outcome.refused(badDescription("description"));
        }
        return ResourceTags.fault("tags", described.tags())
                .<Outcome<SecurityGroup>>map(Outcome::refused)
                .orElseGet(() -> Outcome.done(group.replacing(List.of(described))));
    }

    /** Another description of a rule; null: it goes. */
    public record Description(RuleSpec rule, @Nullable String text) {}

    /**
     * Describes rules anew; what they let through stays.
     *
     * @return the rules as they are from now on, or the first fault
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html">
     *     UpdateSecurityGroupRuleDescriptionsIngress</a>
     */
    public static Outcome<List<Rule>> describe(
            SecurityGroup group, Direction direction, List<Description> descriptions) {
        Map<String, Rule> described = new LinkedHashMap<>();
        for (int i = 0; i < descriptions.size(); i++) {
            String text = descriptions.get(i).text();
            if (text != null && !GroupWish.isText(text)) {
                return Outcome.refused(badDescription(place(i) + ".description"));
            }
            RuleSpec spec = descriptions.get(i).rule();
            Optional<Rule> named = named(group, direction, spec);
            if (named.isEmpty()) {
                return Outcome.refused(notThere(spec, i));
            }
            Rule rule = named.get();
            if (described.put(rule.id(), new Rule(rule.id(), rule.traffic(), rule.peer(), text, rule.tags())) != null) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE, place(i), "The request describes this rule twice");
            }
        }
        return Outcome.done(List.copyOf(described.values()));
    }

    private static Optional<Rule> named(SecurityGroup group, Direction direction, RuleSpec spec) {
        return group.rules(direction).stream().filter(spec::names).findFirst();
    }

    private static Refusal notThere(RuleSpec spec, int i) {
        return switch (spec) {
            case RuleSpec.ById(String ruleId) -> unknown(ruleId, place(i) + ".ruleId");
            case RuleSpec.ByContent content ->
                Refusal.of(
                        ErrorCode.INVALID_PERMISSION_NOT_FOUND,
                        place(i),
                        "The specified rule does not exist in this security group.");
        };
    }

    /** A group that has too many already, because the limit was lowered, may still be changed for the better. */
    private static Optional<Refusal> tooMany(
            SecurityGroup before, SecurityGroup after, Direction direction, Peers peers, RuleLimits limits) {
        int weight = weight(after.rules(direction), peers.lists());
        return weight <= limits.rulesPerDirection() || weight <= weight(before.rules(direction), peers.lists())
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.RULES_PER_SECURITY_GROUP_LIMIT_EXCEEDED,
                        "rules",
                        "A group has at most " + limits.rulesPerDirection() + " " + direction.code()
                                + " rules, one that names a prefix list counting as the list's maxEntries; this one would have "
                                + weight));
    }

    /**
     * As how many rules these count.
     *
     * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html">Rules for prefix lists</a>
     */
    public static int weight(List<Rule> rules, Map<String, ListSize> lists) {
        int weight = 0;
        for (Rule rule : rules) {
            ListSize list = rule.peer() instanceof Peer.OfPrefixList(String id) ? lists.get(id) : null;
            weight += list == null ? 1 : list.maxEntries();
        }
        return weight;
    }

    private static Optional<Refusal> fault(Rule rule, String place, Peers peers) {
        if (rule.description() != null && !GroupWish.isText(rule.description())) {
            return Optional.of(badDescription(place + ".description"));
        }
        Optional<Refusal> badTags = ResourceTags.fault(place + ".tags", rule.tags());
        if (badTags.isPresent()) {
            return badTags;
        }
        return switch (rule.peer()) {
            case Peer.OfBlock(var cidr) -> otherFamily(rule, cidr.family(), place + ".peer.cidr");
            case Peer.OfGroup(String groupId) ->
                peers.groups().contains(groupId)
                        ? Optional.empty()
                        : Optional.of(Refusal.of(
                                ErrorCode.GROUP_NOT_FOUND,
                                place + ".peer.group",
                                "The security group '" + groupId + "' does not exist"));
            case Peer.OfPrefixList(String listId) -> {
                ListSize list = peers.lists().get(listId);
                yield list == null
                        ? Optional.of(Refusal.of(
                                ErrorCode.PREFIX_LIST_NOT_FOUND,
                                place + ".peer.prefixList",
                                "The prefix list '" + listId + "' does not exist"))
                        : otherFamily(rule, list.family(), place + ".peer.prefixList");
            }
        };
    }

    private static Optional<Refusal> otherFamily(Rule rule, IpFamily peer, String field) {
        return rule.traffic() instanceof Traffic.Icmp(IpFamily family, int type, int code) && peer != family
                ? Optional.of(Refusal.of(
                        ErrorCode.INVALID_PERMISSION_MALFORMED,
                        field,
                        rule.traffic().protocol() + " never comes from or goes to an address of the other family"))
                : Optional.empty();
    }

    /**
     * Takes rules away.
     *
     * @return the rules that go, or the first that isn't there
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html">
     *     RevokeSecurityGroupIngress</a>
     */
    public static Outcome<List<Rule>> revoke(SecurityGroup group, Direction direction, List<RuleSpec> specs) {
        Set<Rule> going = new LinkedHashSet<>();
        for (int i = 0; i < specs.size(); i++) {
            RuleSpec spec = specs.get(i);
            Optional<Rule> named = named(group, direction, spec);
            if (named.isEmpty()) {
                return Outcome.refused(notThere(spec, i));
            }
            going.add(named.get());
        }
        return Outcome.done(List.copyOf(going));
    }

    /** A rule's id that means nothing here. */
    public static Refusal unknown(String ruleId, String field) {
        return Refusal.of(
                ErrorCode.RULE_NOT_FOUND, field, "The security group rule ID '" + ruleId + "' does not exist");
    }

    /**
     * Whether a group may be deleted, as far as the firewall has a say: who has it is the instance service's to know.
     *
     * @param referencedBy another group with a rule that names it, if one does
     */
    public static Outcome<SecurityGroup> delete(SecurityGroup group, @Nullable String referencedBy) {
        if (group.isDefault()) {
            return Outcome.refused(
                    ErrorCode.CANNOT_DELETE, "groupId", "The security group '" + group.id() + "' is the default group");
        }
        if (referencedBy != null) {
            return Outcome.refused(
                    ErrorCode.DEPENDENCY_VIOLATION,
                    "groupId",
                    "The security group '" + group.id() + "' is named by a rule of " + referencedBy);
        }
        return Outcome.done(group.next());
    }

    private static String place(int i) {
        return "rules[" + i + "]";
    }

    private static Refusal badDescription(String field) {
        return Refusal.of(
                ErrorCode.INVALID_PERMISSION_MALFORMED, field, "A description has at most 255 of EC2's characters");
    }
}
