package io.cumulet.kernel;

/**
 * Ids of the network every account has in every region without asking: default VPC, one default subnet per Availability
 * Zone, and the VPC's default security group. They derive from account and region, so that the instance service and
 * the firewall agree on them without talking.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html">Default VPCs</a>
 */
public final class DefaultNetwork {

    private DefaultNetwork() {}

    public static String vpcId(AccountId account, Region region) {
        return ResourceKind.VPC.derivedId(account.value(), region.value());
    }

    public static String subnetId(AccountId account, AvailabilityZone zone) {
        return ResourceKind.SUBNET.derivedId(account.value(), zone.value());
    }

    public static String securityGroupId(AccountId account, Region region) {
        return ResourceKind.SECURITY_GROUP.derivedId(account.value(), region.value());
    }
}
