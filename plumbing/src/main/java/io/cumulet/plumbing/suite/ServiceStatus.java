package io.cumulet.plumbing.suite;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How busy a service is, as the clock's barrier asks it.
 *
 * @param now the stack's time as this service has it
 * @param clockVersion the newest version of the clock it follows; 0 before the first
 * @param epoch the epoch of its database
 * @param nextTimer when its next timer is due, if it has one
 * @param pending what isn't done yet, by name; only what is more than 0
 * @param activity counts up with each event written or read; two equal readings mean nothing happened in between
 */
public record ServiceStatus(
        String service,
        Instant now,
        long clockVersion,
        int epoch,
        @Nullable Instant nextTimer,
        Map<String, Long> pending,
        long activity) {

    boolean isQuiet() {
        return pending.isEmpty();
    }
}
