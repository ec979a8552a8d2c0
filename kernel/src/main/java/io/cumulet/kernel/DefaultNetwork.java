package io.cumulet.kernel;

/**
 * Ids of the network every account has in every region without asking: default VPC, one default subnet per Availability
 * Zone, and the default security group of each VPC. They derive from account and region, so that the instance service and
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

    /** The default group of the default VPC. */
    public static String securityGroupId(AccountId account, Region region) {
        return ResourceKind.SECURITY_GROUP.derivedId(account.value(), region.value());
    }

    /** The default group of a VPC, the default VPC or another. */
    public static String securityGroupId(AccountId account, Region region, String vpcId) {
        return vpcId.equals(vpcId(account, region))
                ? securityGroupId(account, region)
                : ResourceKind.SECURITY_GROUP.derivedId(account.value(), region.value(), vpcId);
    }

    /**
     * The interface that an instance is launched with, at device index 0: the digits of its id are the instance's. It
     * follows from the instance's id so that what was launched before there were interfaces has one too.
     */
    public static String primaryInterfaceId(String instanceId) {
        return ResourceKind.NETWORK_INTERFACE.prefix() + instanceId.substring(instanceId.indexOf('-'));
    }

    /** The attachment of the interface that an instance was launched with, likewise. */
    public static String primaryAttachmentId(String instanceId) {
        return ResourceKind.NETWORK_INTERFACE_ATTACHMENT.prefix() + instanceId.substring(instanceId.indexOf('-'));
    }
}
