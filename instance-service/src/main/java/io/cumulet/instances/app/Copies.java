package io.cumulet.instances.app;

import io.cumulet.instances.domain.launch.ScheduledReservation;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Collection;

/** Copies of what other services own, in the running transaction. The newest version wins; each id occurs once in a call. */
public interface Copies {

    void takeGroups(Collection<GroupCopy> groups);

    void takePrices(Collection<PriceCopy> prices);

    void takeScheduled(Collection<ScheduledCopy> scheduled);

    /** @param account whose it is */
    record ScheduledCopy(AccountId account, long version, ScheduledReservation reservation) {}

    record GroupCopy(String groupId, AccountId account, Region region, String vpcId, long version, boolean deleted) {}

    /** @param pool such as {@code us-east-1a/m4.large/linux}; {@code price} in USD per hour */
    record PriceCopy(String pool, long version, String price) {}
}
