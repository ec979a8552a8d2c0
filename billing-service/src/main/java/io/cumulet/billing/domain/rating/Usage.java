package io.cumulet.billing.domain.rating;

import java.util.List;

/** What was used, in no particular order. */
public record Usage(
        List<InstanceUsage> instances, List<CapacityReservation> capacityReservations, List<DedicatedHost> hosts) {

    /** Instances alone. */
    public static Usage of(List<InstanceUsage> instances) {
        return new Usage(instances, List.of(), List.of());
    }
}
