package io.cumulet.billing.app;

import java.time.Instant;
import java.util.Optional;

/** How much of what happened billing has heard of. */
public interface Completeness {

    /**
     * If events wait unread, or nobody can say, the moment up to which all events were taken in; empty if there is nothing
     * unread.
     */
    Optional<Instant> behindSince();
}
