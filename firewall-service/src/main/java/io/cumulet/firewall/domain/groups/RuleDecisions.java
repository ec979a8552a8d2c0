package io.cumulet.firewall.domain.groups;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of a request to change a group's rules: all of it happens, or nothing. */
public final class RuleDecisions {

    private RuleDecisions() {}

    /**
     * Adds rules.
     *
     * @param known ids of groups in the same account, region and VPC, among those the rules name
     * @return the group after it, or the first fault with the rule it is in, as {@code rules[2].peer.group}
     */
    public static Outcome<SecurityGroup> authorize(
            SecurityGroup group, Direction direction, List<Rule> rules, Set<String> known, RuleLimits limits) {
        List<Rule> before = group.rules(direction);
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            String place = "rules[" + i + "]";
            Optional<Refusal> fault = fault(rule, place, known);
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
            if (before.stream().anyMatch(rule::saysTheSameAs)) {
                return Outcome.refused(
                        ErrorCode.INVALID_PERMISSION_DUPLICATE, place, "The group has this rule already");
            }
            if (rules.subList(0, i).stream().anyMatch(rule::saysTheSameAs)) {
                return Outcome.refused(
                        ErrorCode.INVALID_PERMISSION_DUPLICATE, place, "The request has this rule twice");
            }
        }
        if (before.size() + rules.size() > limits.rulesPerDirection()) {
            return Outcome.refused(
                    ErrorCode.RULES_PER_SECURITY_GROUP_LIMIT_EXCEEDED,
                    "rules",
                    "A group has at most " + limits.rulesPerDirection() + " " + direction.code()
                            + " rules; this one has " + before.size() + " and " + rules.size() + " would join them");
        }
        return Outcome.done(group.plus(direction, rules));
    }

    private static Optional<Refusal> fault(Rule rule, String place, Set<String> known) {
        if (rule.description() != null && !GroupWish.isText(rule.description())) {
            return malformed(place + ".description", "A description has at most 255 of EC2's characters");
        }
        if (rule.traffic() instanceof Traffic.Icmp(IpFamily family, int type, int code)
                && rule.peer() instanceof Peer.OfBlock(var cidr)
                && cidr.family() != family) {
            return malformed(
                    place + ".peer.cidr",
                    rule.traffic().protocol() + " never comes from or goes to an address of the other family");
        }
        return switch (rule.peer()) {
            case Peer.OfBlock block -> Optional.empty();
            case Peer.OfGroup(String groupId) ->
                known.contains(groupId)
                        ? Optional.empty()
                        : Optional.of(Refusal.of(
                                ErrorCode.GROUP_NOT_FOUND,
                                place + ".peer.group",
                                "The security group '" + groupId + "' does not exist"));
            case Peer.OfPrefixList list ->
                Optional.of(Refusal.of(
                        ErrorCode.UNSUPPORTED_OPERATION,
                        place + ".peer.prefixList",
                        "Prefix lists can't be kept yet; name their blocks"));
        };
    }

    /** Takes a rule away. */
    public static Outcome<SecurityGroup> revoke(SecurityGroup group, Direction direction, String ruleId) {
        return group.rule(direction, ruleId).isPresent()
                ? Outcome.done(group.minus(direction, ruleId))
                : Outcome.refused(
                        ErrorCode.RULE_NOT_FOUND,
                        "ruleId",
                        "The security group rule ID '" + ruleId + "' does not exist in this group and direction");
    }

    /**
     * Deletes a group, unless something stands on it.
     *
     * @param referencedBy another group with a rule that names it, if one does
     * @param attachedTo an instance that has it, if one does
     */
    public static Outcome<SecurityGroup> delete(
            SecurityGroup group, @Nullable String referencedBy, @Nullable String attachedTo) {
        if (group.isDefault()) {
            return Outcome.refused(
                    ErrorCode.CANNOT_DELETE, "groupId", "The security group '" + group.id() + "' is the default group");
        }
        if (attachedTo != null) {
            return Outcome.refused(
                    ErrorCode.DEPENDENCY_VIOLATION,
                    "groupId",
                    "The security group '" + group.id() + "' is attached to " + attachedTo);
        }
        if (referencedBy != null) {
            return Outcome.refused(
                    ErrorCode.DEPENDENCY_VIOLATION,
                    "groupId",
                    "The security group '" + group.id() + "' is named by a rule of " + referencedBy);
        }
        return Outcome.done(group.deleted());
    }

    private static Optional<Refusal> malformed(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PERMISSION_MALFORMED, field, message));
    }
}
