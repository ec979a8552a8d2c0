package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.DistributionSummary;
import jakarta.transaction.UserTransaction;

/**
 * What every zone's committer works with.
 *
 * @param demands what on-demand may wait for that spot holds
 * @param launchPool what instances are given public addresses from, for as long as they run
 * @param batchSize how many works go into one transaction
 */
record CommitterTools(
        ZoneStore store,
        Announcer announcer,
        InstanceDriver driver,
        Timers timers,
        StackClock clock,
        UserTransaction transaction,
        DemandRules demands,
        AddressPool launchPool,
        DistributionSummary batchSize,
        Traces traces) {}
