package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;

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
}
