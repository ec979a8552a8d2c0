package io.cumulet.instances.domain.network;

import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;

/**
 * The names that addresses and instances have in EC2's DNS. Nothing here answers to them.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html">DNS attributes for your VPC</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-naming.html">EC2 instance hostnames</a>
 */
public final class DnsNames {

    /** The region that was there first has names without its own. */
    private static final String FIRST_REGION = "us-east-1";

    private DnsNames() {}

    /** Such as {@code ip-172-31-0-4.ec2.internal}. */
    public static String ofPrivate(IpAddress address, Region region) {
        return "ip-" + dashed(address) + internal(region);
    }

    /** A name by the instance's id, such as {@code i-0123456789abcdef0.eu-west-1.compute.internal}. */
    public static String ofInstance(String instanceId, Region region) {
        return instanceId + internal(region);
    }

    /** Such as {@code ec2-203-0-113-25.compute-1.amazonaws.com}. */
    public static String ofPublic(IpAddress address, Region region) {
        String domain = region.value().equals(FIRST_REGION)
                ? ".compute-1.amazonaws.com"
                : "." + region + ".compute.amazonaws.com";
        return "ec2-" + dashed(address) + domain;
    }

    private static String internal(Region region) {
        return region.value().equals(FIRST_REGION) ? ".ec2.internal" : "." + region + ".compute.internal";
    }

    private static String dashed(IpAddress address) {
        return address.toString().replace('.', '-');
    }
}
