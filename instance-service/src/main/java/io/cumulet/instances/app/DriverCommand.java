package io.cumulet.instances.app;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.plumbing.trace.TraceContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a host is told to do with an instance.
 *
 * @param run which stay in pending and running it is about; the report names it again
 * @param trace of what led to it, for the report; null if that isn't traced
 */
public record DriverCommand(
        Action action,
        String instanceId,
        AvailabilityZone zone,
        int run,
        Map<String, String> tags,
        @Nullable TraceContext trace) {

    public enum Action {
        BOOT,
        SHUT_DOWN,
        REBOOT
    }
}
