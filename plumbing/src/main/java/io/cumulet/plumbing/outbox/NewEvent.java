package io.cumulet.plumbing.outbox;

import io.cumulet.contract.EventType;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.trace.TraceContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event to be published.
 *
 * @param key the id of what it is about; events of one key stay in order
 * @param version counts up by one with each event of the same key, from 1
 * @param time when it happened, in the stack's time
 * @param causeId the id of the event that caused it, if one did
 * @param data an instance of the type's payload record
 * @param trace of what caused it; null if that isn't traced
 */
public record NewEvent(
        EventType type,
        String key,
        AccountId account,
        Region region,
        long version,
        Instant time,
        @Nullable String causeId,
        Record data,
        @Nullable TraceContext trace) {

    /** An event caused by what this thread does now. */
    public NewEvent(
            EventType type,
            String key,
            AccountId account,
            Region region,
            long version,
            Instant time,
            @Nullable String causeId,
            Record data) {
        this(type, key, account, region, version, time, causeId, data, TraceContext.current());
    }

    public NewEvent {
        if (!type.payload().isInstance(data)) {
            throw new IllegalArgumentException(type + " has a " + type.payload().getSimpleName() + ", not a "
                    + data.getClass().getSimpleName());
        }
    }
}
