package io.cumulet.billing.domain.metering;

/**
 * What can happen to an instance, and what that means for its bill: only time in {@code running} counts.
 *
 * <p>With all facts at hand a run is ended by the first of stopping, terminating and interrupted. The later ones end it
 * too, for the time in which the first hasn't arrived.
 */
public enum FactKind {
    REQUESTED(Meaning.NOT_RUNNING),
    LAUNCHED(Meaning.RUN_BEGINS),
    STARTED(Meaning.RUN_BEGINS),
    FAILED(Meaning.NOT_RUNNING),
    STOPPING(Meaning.NOT_RUNNING),
    STOPPED(Meaning.NOT_RUNNING),
    REBOOTED(Meaning.NO_CHANGE),
    MODIFIED(Meaning.NO_CHANGE),
    TERMINATING(Meaning.NOT_RUNNING),
    TERMINATED(Meaning.NOT_RUNNING),
    REBALANCE_RECOMMENDED(Meaning.NO_CHANGE),
    INTERRUPTION_WARNED(Meaning.NO_CHANGE),
    INTERRUPTED(Meaning.TAKEN_BACK);

    /** What a fact says about the time from then on. */
    enum Meaning {
        RUN_BEGINS,
        NOT_RUNNING,
        /** Not running, and not the customer's doing. */
        TAKEN_BACK,
        NO_CHANGE
    }

    private final Meaning meaning;

    FactKind(Meaning meaning) {
        this.meaning = meaning;
    }

    Meaning meaning() {
        return meaning;
    }
}
