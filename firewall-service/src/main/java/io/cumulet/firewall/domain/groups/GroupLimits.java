package io.cumulet.firewall.domain.groups;

/**
 * How many groups and prefix lists an account may have in a region.
 *
 * @param groupsPerRegion EC2's default is 2,500, the default groups included
 * @param prefixListsPerRegion EC2's default is 100
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html">VPC quotas</a>
 */
public record GroupLimits(int groupsPerRegion, int prefixListsPerRegion) {}
