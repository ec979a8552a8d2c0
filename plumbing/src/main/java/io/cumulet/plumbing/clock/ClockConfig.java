package io.cumulet.plumbing.clock;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the clock. */
@ConfigMapping(prefix = "cumulet.clock")
public interface ClockConfig {

    /** {@code system}: the system's clock, which can't be moved; {@code stack}: follows the topic {@code stack.clock}. */
    @WithDefault("system")
    Mode mode();

    /** Where the time comes from. */
    enum Mode {
        SYSTEM,
        STACK
    }
}
