package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;

/** Elastic addresses. */
@ConfigMapping(prefix = "cumulet.addresses")
public interface AddressesConfig {

    /**
     * The IPv4 blocks that elastic addresses are given from. Not said: the block for benchmarks (RFC 2544), so that no real
     * address is given away.
     */
    @WithDefault("198.18.0.0/15")
    List<String> pool();

    /** How many an account can have in a region. */
    @WithDefault("5")
    int mostPerRegion();
}
