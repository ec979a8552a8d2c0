package io.cumulet.instances.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the simulated driver behaves. Times are the stack's. */
@ConfigMapping(prefix = "cumulet.driver")
public interface DriverConfig {

    /** From the command to the report that an instance is up. */
    @WithDefault("PT0S")
    Duration bootTime();

    /** From the command to the report that an instance is down. */
    @WithDefault("PT0S")
    Duration stopTime();

    /** How many of a thousand instances don't boot. Which ones follows from their ids. */
    @WithDefault("0")
    int bootFailuresPerThousand();
}
