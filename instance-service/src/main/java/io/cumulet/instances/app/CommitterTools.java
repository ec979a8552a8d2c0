package io.cumulet.instances.app;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import jakarta.transaction.UserTransaction;

/** What every zone's committer works with. */
record CommitterTools(
        ZoneStore store,
        Announcer announcer,
        InstanceDriver driver,
        Timers timers,
        StackClock clock,
        UserTransaction transaction) {}
