package io.cumulet.instances.app;

import io.cumulet.instances.config.FleetConfig;
import java.util.List;
import java.util.Map;

/** No zone gets hosts when a process starts. */
record UnseededFleet(AtFirstUse atFirstUse) implements FleetConfig {

    /** Nor later. */
    UnseededFleet() {
        this(0);
    }

    /** With the first launch of a family each zone gets so many. */
    UnseededFleet(int hostsAtFirstUse) {
        this(new Hosts(hostsAtFirstUse));
    }

    private record Hosts(int hosts) implements AtFirstUse {
        @Override
        public int size() {
            return 1;
        }

        @Override
        public int sockets() {
            return 2;
        }
    }

    @Override
    public List<String> zones() {
        return List.of();
    }

    @Override
    public Map<String, Family> families() {
        return Map.of();
    }
}
