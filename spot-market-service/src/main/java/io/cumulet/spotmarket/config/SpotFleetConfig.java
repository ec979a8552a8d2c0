package io.cumulet.spotmarket.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of fleets of spot instances. */
@ConfigMapping(prefix = "cumulet.spot-fleet")
public interface SpotFleetConfig {

    /** How long the creation of an instant fleet waits, in real time, for its instances to run; what doesn't is given up. */
    @WithDefault("PT10S")
    Duration instantWait();

    /** How many fleets an account may have in a region, those that launch no more but have instances included. */
    @WithDefault("1000")
    int mostFleets();
}
