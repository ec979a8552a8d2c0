package io.cumulet.plumbing.intake;

import io.cumulet.contract.EventType;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;

/**
 * An event as it was read.
 *
 * @param id unique; give it as the cause of what it leads to
 * @param version counts up by one with each event of the same key, from 1
 * @param time when it happened, in the stack's time
 */
public record IncomingEvent(
        String id,
        EventType type,
        String key,
        AccountId account,
        Region region,
        long version,
        Instant time,
        Record data) {

    /** The payload as what its type says it is. */
    public <T> T data(Class<T> payload) {
        return payload.cast(data);
    }
}
