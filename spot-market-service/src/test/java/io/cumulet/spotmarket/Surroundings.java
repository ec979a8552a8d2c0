package io.cumulet.spotmarket;

import io.cumulet.embedded.Ports;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Where {@link InstancesStub} listens, and limits that are small enough to be reached. */
public final class Surroundings implements QuarkusTestResourceLifecycleManager {

    static final int MOST_OPEN_REQUESTS = 200;
    static final int MOST_FLEETS = 20;

    @Override
    public Map<String, String> start() {
        return Map.of(
                "cumulet.instances.url",
                "http://127.0.0.1:" + Ports.free(),
                "cumulet.spot-market.most-open-requests-per-account",
                Integer.toString(MOST_OPEN_REQUESTS),
                "cumulet.spot-fleet.most-fleets",
                Integer.toString(MOST_FLEETS));
    }

    @Override
    public void stop() {}
}
