package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Network interfaces. */
@ConfigMapping(prefix = "cumulet.network-interfaces")
public interface NetworkInterfacesConfig {

    /**
     * With how many in a region an account can make no further one, those of its instances among them. Launches are limited by
     * capacity and addresses alone.
     */
    @WithDefault("5000")
    int perRegion();
}
