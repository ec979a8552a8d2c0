package io.cumulet.spotmarket.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Settings of the market. */
@ConfigMapping(prefix = "cumulet.spot-market")
public interface MarketConfig {

    /** The floor of a pool's price, in percent of its On-Demand price. */
    @WithDefault("10")
    int floorPercent();

    /** An instance is told that it is at an elevated risk once the price is so many percent of its max price. */
    @WithDefault("90")
    int rebalancePercent();

    /** How many spot requests, of all pools together, a process keeps in memory; a pool that has more is read for each clearing. */
    @WithDefault("200000")
    int requestsInMemory();

    /** How many open spot requests an account may have in a region, those of its fleets included. */
    @WithDefault("100000")
    int mostOpenRequestsPerAccount();

    /**
     * Whether accounts may have their own spot instances interrupted, to see what happens. An interrupted hour is free: where
     * money is charged, this is for operators alone. Not said: they may in {@code cumulet.auth.mode} {@code local}, and may not
     * where tokens are checked.
     */
    Optional<Boolean> interruptionsByOwners();
}
