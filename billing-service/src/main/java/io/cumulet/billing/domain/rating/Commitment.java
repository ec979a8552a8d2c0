package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import java.time.Instant;
import java.util.List;

/** What an account promised to pay for, used or not, and gets a discount for. */
public sealed interface Commitment permits ReservedInstance, SavingsPlan, HostReservation {

    /** JSON pointer to it in the scenario it came with. */
    String place();

    String id();

    /** Who bought it, and pays its fees. */
    AccountId account();

    Term term();

    /** What all its units cost together. */
    Fees fees();

    /** The whole hours in which its hourly fee falls due and it pays, in order: its term, or the slots of its schedule. */
    default List<Interval> active() {
        Instant begin = Instant.ofEpochSecond(term().firstHour() * RatedSegment.STEP_SECONDS);
        return List.of(new Interval(begin, term().end()));
    }
}
