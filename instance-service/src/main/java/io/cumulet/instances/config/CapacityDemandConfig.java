package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What becomes of an on-demand launch that finds no room where spot instances hold some. */
@ConfigMapping(prefix = "cumulet.capacity-demand")
public interface CapacityDemandConfig {

    /**
     * For how long room is taken back from spot, and kept from it, for a launch that was refused, in the stack's time.
     * Spot instances get 120 s of notice; a launch tried again counts anew. Room that ran out without any launch is not
     * taken back again, for that account and type, for as long again.
     */
    @WithDefault("PT10M")
    Duration kept();

    /**
     * For how many instances of a family in a zone room is taken back from spot at once, for one account; launches of more
     * take nothing back.
     */
    @WithDefault("100")
    int most();
}
