package io.cumulet.instances.domain.placement;

import java.util.List;

/** A named condition that a host must meet for an instance to land on it. */
public interface PlacementRule {

    boolean allows(Host host, Capacity free, Wish wish);

    /** What is to be placed. */
    record Wish(String family, Capacity need) {}

    PlacementRule TAKES_INSTANCES = (host, free, wish) -> host.state() == Host.State.AVAILABLE;

    PlacementRule SAME_FAMILY = (host, free, wish) -> host.family().equals(wish.family());

    PlacementRule FITS = (host, free, wish) -> free.holds(wish.need());

    /** Shared tenancy: many accounts on one host. Dedicated tenancy, affinity and spread join the list when they are built. */
    List<PlacementRule> SHARED_TENANCY = List.of(TAKES_INSTANCES, SAME_FAMILY, FITS);
}
