package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the runs that follow from the facts. */
public interface RunStore {

    /** All runs of instances. */
    Map<String, List<MeteredRun>> runsOf(Collection<String> instanceIds);

    /** Adds runs, or replaces those of the same instance and number. */
    void save(List<MeteredRun> runs);

    /**
     * The runs of accounts that may have billed seconds in a period: those that touch it, and those whose minimum might
     * reach into it.
     */
    List<UsageRun> runsDuring(Collection<AccountId> accounts, Interval period);

    /** The spot runs in any of some pools that hadn't ended by a moment, whoever's they are. */
    List<UsageRun> spotRunsSince(Set<SpotPool> pools, Instant since);

    /** The accounts of those spot runs. */
    Set<AccountId> spotAccountsSince(Set<SpotPool> pools, Instant since);

    /** Runs of an account in a region, by start, then instance, then number. */
    List<UsageRun> page(UsageQuery query);

    /**
     * Which runs are wanted.
     *
     * @param from only runs that hadn't ended by then
     * @param until only runs that began before
     * @param after only runs behind this one in the order of the list
     */
    record UsageQuery(
            AccountId account,
            Region region,
            @Nullable String instanceId,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable Position after,
            int limit) {}

    /** A place in the list of runs. */
    record Position(Instant startedAt, String instanceId, int run) {}
}
