package io.cumulet.firewall;

import io.cumulet.embedded.Ports;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Where {@link InstancesStub} listens. */
public final class InstancesPort implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return Map.of("cumulet.instances.url", "http://127.0.0.1:" + Ports.free());
    }

    @Override
    public void stop() {}
}
