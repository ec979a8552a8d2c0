package io.cumulet.billing.domain.rating;

/**
 * One step of the order in which an hour's usage is paid for: takes from the items what it pays for and leaves the rest
 * to the passes after it. A pass may remember what earlier hours used up.
 */
interface Pass {

    /** Rates an hour, and as many after it as it stands for. */
    void apply(HourOfUsage hour, Ledger ledger);

    /** How many of the hours it stands for this pass would rate alike; at least 1. */
    default long hoursAlike(HourOfUsage hour) {
        return hour.hours();
    }
}
