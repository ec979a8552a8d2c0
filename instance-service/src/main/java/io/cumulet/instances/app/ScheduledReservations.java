package io.cumulet.instances.app;

import io.cumulet.instances.domain.launch.ScheduledReservation;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Optional;

/** Our copy of the Scheduled Reserved Instances that billing has sold. One bought a moment ago may still be on its way. */
public interface ScheduledReservations {

    /** One of an account in a region. Blocks. */
    Optional<ScheduledReservation> find(String id, AccountId account, Region region);
}
