package io.cumulet.plumbing.rebuild;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import java.util.List;

/**
 * What a service has made of a topic's events and of nothing else, so that it can be made anew: a copy of another's
 * state, or usage. All methods run in one transaction, in which they publish nothing; readers see the old state until it
 * commits.
 */
public interface Projection {

    /** Who keeps it up to date; a rebuild goes by this consumer's name. */
    EventConsumer consumer();

    /** What it is made from. */
    Topic topic();

    /** Empties it, remembering what it had taken in. Nobody else writes it until the transaction ends. */
    void begin();

    /**
     * Takes events in again, in the order of the topic for each key.
     *
     * @param taken whether the consumer is known to have taken them in; of others only those may be taken that were there
     *     before: what follows from the rest is the consumer's to publish
     */
    void take(List<IncomingEvent> events, boolean taken);

    /** All events were taken in. */
    default void finish() {}
}
