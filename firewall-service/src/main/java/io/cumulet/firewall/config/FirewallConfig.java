package io.cumulet.firewall.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/** Limits that operators may move. */
@ConfigMapping(prefix = "cumulet.firewall")
public interface FirewallConfig {

    /** How many rules a group has in each direction, at most. */
    @WithDefault("60")
    @Min(1)
    int rulesPerDirection();
}
