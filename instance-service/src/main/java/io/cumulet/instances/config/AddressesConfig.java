package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;

/** Public addresses. */
@ConfigMapping(prefix = "cumulet.addresses")
public interface AddressesConfig {

    /**
     * The IPv4 blocks that elastic addresses are given from. Not said: the block for benchmarks (RFC 2544), so that no real
     * address is given away.
     */
    @WithDefault("198.18.0.0/15")
    List<String> pool();

    /**
     * The IPv4 blocks, /24 or larger, that instances are given public addresses from for as long as they run. Not said: a half
     * of what is reserved for future use (RFC 1112), which nobody has.
     */
    @WithDefault("240.0.0.0/5")
    List<String> launchPool();

    /** How many elastic ones an account can have in a region. */
    @WithDefault("5")
    int mostPerRegion();
}
