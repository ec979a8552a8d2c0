package io.cumulet.spotmarket.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How prices of pools come about where nobody has set it for a pool, and limits of histories and streams. */
@ConfigMapping(prefix = "cumulet.spot-market.pricing")
public interface PricingConfig {

    /** How pools are priced. */
    enum Usual {
        AUCTION,
        SMOOTHED
    }

    /** The policy of pools for which none was set: `auction` or `smoothed`. */
    @WithDefault("auction")
    Usual policy();

    /** By how many percent of itself a smoothed price changes at most in one step, 1 to 100. */
    @WithDefault("5")
    int percent();

    /** From one step of a smoothed price to the next; whole seconds. */
    @WithDefault("PT5M")
    Duration interval();

    /** How many prices the file of a recorded history may hold. */
    @WithDefault("1000000")
    int mostTracePrices();

    /** How many streams of prices one process serves at a time. */
    @WithDefault("200")
    int mostStreams();

    /** How many prices wait for the reader of a stream; one that is further behind is cut off, and may resume. */
    @WithDefault("1000")
    int streamBacklog();
}
