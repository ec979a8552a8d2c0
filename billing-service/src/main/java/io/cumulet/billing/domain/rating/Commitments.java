package io.cumulet.billing.domain.rating;

import java.util.List;

/** What the accounts of a scenario have bought, in no particular order. */
public record Commitments(
        List<ReservedInstance> reservedInstances,
        List<SavingsPlan> savingsPlans,
        List<HostReservation> hostReservations) {

    public static final Commitments NONE = new Commitments(List.of(), List.of(), List.of());
}
