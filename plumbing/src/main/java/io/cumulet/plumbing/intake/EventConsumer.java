package io.cumulet.plumbing.intake;

import io.cumulet.contract.EventType;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Headers;

/** What a service does with events of a topic. Dull on purpose: translate, call one use case. */
public interface EventConsumer {

    /** Stable over releases: the inbox remembers applied events under it. */
    String name();

    /** The types it wants; others are skipped without being parsed. */
    Set<EventType> wants();

    /** A cheaper filter, before the body is parsed. */
    default boolean wantsHeaders(Headers headers) {
        return true;
    }

    /**
     * How {@link #apply} is called.
     */
    default Mode mode() {
        return Mode.INBOX;
    }

    /**
     * Applies events, in the order of the topic for each key. Throwing splits the batch until the one bad event is alone;
     * that one is parked as a dead letter, and so is what follows for its key.
     */
    void apply(List<IncomingEvent> events);

    /** Transaction and idempotency of a consumer. */
    enum Mode {
        /** In one transaction that claims the inbox: only events not applied before. */
        INBOX,
        /** In one transaction; the consumer's own tables tell a redelivery. */
        OWN_FACTS,
        /** In no transaction: the use case opens its own and is idempotent by itself. */
        OWN_TRANSACTION
    }
}
