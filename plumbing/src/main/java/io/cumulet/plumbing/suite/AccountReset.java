package io.cumulet.plumbing.suite;

import io.cumulet.kernel.AccountId;
import java.time.Instant;

/**
 * Takes away what one account has in this service, whatever its kind: a CDI bean for each subject. What is told to others when
 * it goes is told here too. Beans with a higher {@code jakarta.annotation.Priority} come first. Each of the methods can be
 * called again, and finds nothing to do then.
 */
public interface AccountReset {

    /** What takes transactions of its own; before any {@link #reset}, in none. Blocks. */
    default void prepare(AccountId account) {}

    /**
     * The rest, in the one transaction of all beans.
     *
     * @param at the moment of the reset, in the stack's time
     */
    void reset(AccountId account, Instant at);
}
