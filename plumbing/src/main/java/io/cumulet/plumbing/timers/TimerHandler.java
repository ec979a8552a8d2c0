package io.cumulet.plumbing.timers;

import java.util.List;

/** Acts on due timers of one kind. A CDI bean. */
public interface TimerHandler {

    /** The kind it acts on. */
    String kind();

    /**
     * Acts on due timers, in the order they are due. Called outside a transaction, at least once: open one, call {@link
     * Timers#claim}, act on what the claim returned, all in that transaction. Must not return before the claim is
     * committed. What isn't claimed comes again.
     */
    void fire(List<DueTimer> due);
}
