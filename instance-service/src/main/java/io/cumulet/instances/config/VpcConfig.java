package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What accounts may have of networks, and where their IPv6 blocks come from. */
@ConfigMapping(prefix = "cumulet.vpc")
public interface VpcConfig {

    /** How many VPCs an account has in a region at most, the default one among them. */
    @WithDefault("5")
    int vpcsPerRegion();

    /** How many subnets a VPC has at most. */
    @WithDefault("200")
    int subnetsPerVpc();

    /** How many IPv4 blocks a VPC has at most, the primary one among them. */
    @WithDefault("5")
    int ipv4BlocksPerVpc();

    /**
     * The IPv6 block that VPCs get their /56 of, at most a /56 itself. Unless it is set, one of the unique local addresses
     * (RFC 4193), which nobody on the Internet has.
     */
    @WithDefault("fd7e:c2::/32")
    String ipv6Pool();
}
