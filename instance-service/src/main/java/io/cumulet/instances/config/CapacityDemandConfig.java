package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What becomes of an on-demand launch that finds no room where spot instances hold some. */
@ConfigMapping(prefix = "cumulet.capacity-demand")
public interface CapacityDemandConfig {

    /**
     * For how long room is taken back from spot, and kept from it, for a launch that was refused, in the stack's time.
     * Spot instances get 120 s of notice; a launch tried again counts anew.
     */
    @WithDefault("PT10M")
    Duration kept();
}
