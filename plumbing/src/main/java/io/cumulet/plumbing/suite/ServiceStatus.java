package io.cumulet.plumbing.suite;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How busy a service is, as the clock's barrier asks each of its processes.
 *
 * @param now the stack's time as this service has it
 * @param clockVersion the newest version of the clock it follows; 0 before the first
 * @param epoch the epoch it works in: its database is of that one, and nothing older is in its memory
 * @param nextTimer when its next timer is due, if it has one
 * @param pending what isn't done yet, by name; only what is more than 0
 * @param unread records this process doesn't know to be applied, by partition; another process of the service may have
 *     applied them and not have been able to commit that
 * @param activity counts up with each event written or read; two equal readings mean nothing happened in between
 */
public record ServiceStatus(
        String service,
        Instant now,
        long clockVersion,
        int epoch,
        @Nullable Instant nextTimer,
        Map<String, Long> pending,
        Map<String, Long> unread,
        long activity) {

    /** What of {@link #pending} {@link #unread} tells in detail. */
    static final String EVENTS_UNREAD = "events unread";

    /** Whether nothing is pending but perhaps records to be read. */
    boolean isQuietButForReading() {
        return pending.keySet().stream().allMatch(EVENTS_UNREAD::equals);
    }
}
