package io.cumulet.billing.app;

import io.cumulet.kernel.AccountId;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** How much of what happened billing has heard of. */
public interface Completeness {

    /**
     * If events wait unread, or nobody can say, the moment up to which all events were taken in; empty if there is nothing
     * unread.
     */
    Optional<Instant> behindSince();

    /** Whether events that accounts' bills depend on couldn't be applied and wait for an operator. */
    boolean hasParkedEvents(Collection<AccountId> accounts);
}
