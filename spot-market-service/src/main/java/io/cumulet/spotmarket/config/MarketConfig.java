package io.cumulet.spotmarket.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the market. */
@ConfigMapping(prefix = "cumulet.spot-market")
public interface MarketConfig {

    /** The floor of a pool's price, in percent of its On-Demand price. */
    @WithDefault("10")
    int floorPercent();
}
