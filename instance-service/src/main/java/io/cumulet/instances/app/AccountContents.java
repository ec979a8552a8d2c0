package io.cumulet.instances.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** All that an account has, in whatever region: for its reset. In the running transaction. */
public interface AccountContents {

    /** Ids of instances that aren't terminated. */
    Map<AvailabilityZone, List<String>> livingInstances(AccountId account);

    /** Ids of network interfaces. */
    Map<AvailabilityZone, List<String>> interfaces(AccountId account);

    /** Allocation ids of elastic addresses, in their order. */
    Map<Region, List<String>> addresses(AccountId account);

    /** Where it has or had VPCs. */
    SortedSet<Region> regions(AccountId account);

    /** The zones in which it waits for room. */
    SortedSet<AvailabilityZone> waitsIn(AccountId account);

    /** Deletes what nobody is told of: terminated instances, demands, copies. */
    void deleteRest(AccountId account);
}
