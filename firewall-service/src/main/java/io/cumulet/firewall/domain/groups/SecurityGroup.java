package io.cumulet.firewall.domain.groups;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A security group with its rules. Immutable.
 *
 * @param version counts up by one with each change, from 1
 */
public record SecurityGroup(
        String id,
        AccountId account,
        Region region,
        String vpcId,
        String name,
        String description,
        long version,
        Instant createdAt,
        List<Rule> ingress,
        List<Rule> egress,
        Map<String, String> tags) {

    public static final String DEFAULT_NAME = "default";

    public SecurityGroup {
        ingress = List.copyOf(ingress);
        egress = List.copyOf(egress);
        tags = Map.copyOf(tags);
    }

    /** A group as it is when made: nothing may come in, everything may go out, over IPv4. */
    public static SecurityGroup fresh(
            String id,
            AccountId account,
            Region region,
            String vpcId,
            String name,
            String description,
            Map<String, String> tags,
            Instant now) {
        return new SecurityGroup(
                id, account, region, vpcId, name, description, 1, now, List.of(), List.of(firstRule(id)), tags);
    }

    /**
     * The group of instances that are launched without one: its members may reach each other, and everything else.
     *
     * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html">Default groups</a>
     */
    public static SecurityGroup defaultOf(AccountId account, Region region, String vpcId, Instant now) {
        String id = DefaultNetwork.securityGroupId(account, region, vpcId);
        SecurityGroup closed =
                fresh(id, account, region, vpcId, DEFAULT_NAME, "default VPC security group", Map.of(), now);
        Rule members = new Rule(firstRuleId(id, Direction.INGRESS), new Traffic.All(), new Peer.OfGroup(id), null);
        return closed.with(Direction.INGRESS, List.of(members), 1);
    }

    /** The default group of the default VPC. */
    public static SecurityGroup defaultOf(AccountId account, Region region, Instant now) {
        return defaultOf(account, region, DefaultNetwork.vpcId(account, region), now);
    }

    /** This new group, as it is in a VPC with an IPv6 block: everything may go out over IPv6 too. */
    public SecurityGroup alsoOverIpv6() {
        return with(Direction.EGRESS, List.of(firstRule(id), firstIpv6Rule(id)), version);
    }

    /** What lets everything out over IPv6. */
    public Rule ipv6Egress() {
        return firstIpv6Rule(id);
    }

    /** Whether what it lets out is what it did when it was made in a VPC without an IPv6 block. */
    public boolean letsOutAsMade() {
        return egress.equals(List.of(firstRule(id)));
    }

    private static Rule firstRule(String groupId) {
        return new Rule(
                firstRuleId(groupId, Direction.EGRESS), new Traffic.All(), new Peer.OfBlock(Cidr.EVERY_IPV4), null);
    }

    private static Rule firstIpv6Rule(String groupId) {
        return new Rule(
                ResourceKind.SECURITY_GROUP_RULE.derivedId(groupId, Direction.EGRESS.code(), "ipv6"),
                new Traffic.All(),
                new Peer.OfBlock(Cidr.EVERY_IPV6),
                null);
    }

    /** This new group, as the version behind one of the same id that was deleted. */
    public SecurityGroup after(long lastVersion) {
        return with(Direction.INGRESS, ingress, lastVersion + 1);
    }

    /** Derived, so that making a group again from the same request gives the same rule. */
    private static String firstRuleId(String groupId, Direction direction) {
        return ResourceKind.SECURITY_GROUP_RULE.derivedId(groupId, direction.code());
    }

    public boolean isDefault() {
        return id.equals(DefaultNetwork.securityGroupId(account, region, vpcId));
    }

    public List<Rule> rules(Direction direction) {
        return switch (direction) {
            case INGRESS -> ingress;
            case EGRESS -> egress;
        };
    }

    public Optional<Rule> rule(Direction direction, String ruleId) {
        return rules(direction).stream()
                .filter(rule -> rule.id().equals(ruleId))
                .findFirst();
    }

    /** The next version, with more rules. */
    public SecurityGroup plus(Direction direction, List<Rule> rules) {
        List<Rule> all = new ArrayList<>(rules(direction));
        all.addAll(rules);
        return with(direction, all, version + 1);
    }

    /** The next version, without these rules. */
    public SecurityGroup minus(Direction direction, Collection<String> ruleIds) {
        return with(
                direction,
                rules(direction).stream()
                        .filter(rule -> !ruleIds.contains(rule.id()))
                        .toList(),
                version + 1);
    }

    /** The next version, in which these rules stand for those with their ids, of either direction. */
    public SecurityGroup replacing(List<Rule> changed) {
        Map<String, Rule> byId = new HashMap<>();
        changed.forEach(rule -> byId.put(rule.id(), rule));
        return with(Direction.INGRESS, replacing(ingress, byId), version)
                .with(Direction.EGRESS, replacing(egress, byId), version + 1);
    }

    private static List<Rule> replacing(List<Rule> rules, Map<String, Rule> byId) {
        return rules.stream().map(rule -> byId.getOrDefault(rule.id(), rule)).toList();
    }

    /** The next version, with other tags. */
    public SecurityGroup tagged(Map<String, String> newTags) {
        return new SecurityGroup(
                id, account, region, vpcId, name, description, version + 1, createdAt, ingress, egress, newTags);
    }

    /** The next version, which is as this one: it tells that the group goes on, or of its deletion. */
    public SecurityGroup next() {
        return tagged(tags);
    }

    private SecurityGroup with(Direction direction, List<Rule> rules, long nextVersion) {
        return new SecurityGroup(
                id,
                account,
                region,
                vpcId,
                name,
                description,
                nextVersion,
                createdAt,
                direction == Direction.INGRESS ? rules : ingress,
                direction == Direction.EGRESS ? rules : egress,
                tags);
    }
}
