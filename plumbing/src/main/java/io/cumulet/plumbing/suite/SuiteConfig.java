package io.cumulet.plumbing.suite;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** What the coordinator knows of the suite. */
@ConfigMapping(prefix = "cumulet.suite")
public interface SuiteConfig {

    /** Whether this service moves the clock and resets the stack: one service of the suite does. Fixed at build time. */
    @WithDefault("false")
    boolean coordinator();

    /** Base URLs of the services whose timers the clock waits for. */
    List<URI> urls();

    /** How long the barrier waits for the suite to become quiet before it gives up; real time. */
    @WithDefault("PT60S")
    Duration quietTimeout();
}
