package io.cumulet.firewall.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/** Limits that operators may move. Not under {@code cumulet.firewall}: that is where other services find this one. */
@ConfigMapping(prefix = "cumulet.security-groups")
public interface FirewallConfig {

    /** How many rules a group has in each direction, at most; one that names a prefix list counts as its maxEntries. */
    @WithDefault("60")
    @Min(1)
    int rulesPerDirection();

    /** How many groups an account has in a region, at most. */
    @WithDefault("2500")
    @Min(1)
    int perRegion();

    /** How many prefix lists an account has in a region, at most. */
    @WithDefault("100")
    @Min(1)
    int prefixListsPerRegion();
}
