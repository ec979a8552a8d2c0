package io.cumulet.instances.app;

import io.cumulet.kernel.AvailabilityZone;
import java.util.Map;

/**
 * What a host is told to do with an instance.
 *
 * @param run which stay in pending and running it is about; the report names it again
 */
public record DriverCommand(
        Action action, String instanceId, AvailabilityZone zone, int run, Map<String, String> tags) {

    public enum Action {
        BOOT,
        SHUT_DOWN,
        REBOOT
    }
}
