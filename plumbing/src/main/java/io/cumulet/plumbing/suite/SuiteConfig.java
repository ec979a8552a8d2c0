package io.cumulet.plumbing.suite;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the coordinator knows of the suite. */
@ConfigMapping(prefix = "cumulet.suite")
public interface SuiteConfig {

    /** Whether this service moves the clock and resets the stack: one service of the suite does. Fixed at build time. */
    @WithDefault("false")
    boolean coordinator();

    /**
     * Base URLs of the services whose timers the clock waits for. Where a service may have several processes, those of all
     * of them, separated by bars.
     */
    List<String> urls();

    /** The base URLs of each service's processes. */
    default List<List<URI>> services() {
        return urls().stream()
                .map(service -> Stream.of(service.split("\\|")).map(URI::create).toList())
                .toList();
    }

    /** How long the barrier waits for the suite to become quiet before it gives up; real time. */
    @WithDefault("PT60S")
    Duration quietTimeout();
}
