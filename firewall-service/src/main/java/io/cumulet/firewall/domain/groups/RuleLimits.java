package io.cumulet.firewall.domain.groups;

/**
 * How much a group may hold.
 *
 * @param rulesPerDirection EC2's default is 60; a rule that names a prefix list counts as the list's maxEntries
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html">VPC quotas</a>
 */
public record RuleLimits(int rulesPerDirection) {

    private static final int MANY = 1_000;

    /** How many rules a request may name: more is refused unread, for what it costs to look at it. */
    public int rulesInARequest() {
        return Math.max(rulesPerDirection, MANY);
    }
}
