package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.billing.domain.metering.LateUsage;
import io.cumulet.billing.domain.metering.UsageRun;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes in spot prices. One of a past month is news for whoever ran under it. Runs in the caller's transaction. */
@ApplicationScoped
public class SpotPriceHistory {

    private final SpotPriceStore prices;
    private final RunStore runs;
    private final LateUsageStore lateUsage;
    private final InstantSource clock;

    public SpotPriceHistory(SpotPriceStore prices, RunStore runs, LateUsageStore lateUsage, InstantSource clock) {
        this.prices = prices;
        this.runs = runs;
        this.lateUsage = lateUsage;
        this.clock = clock;
    }

    /** Takes prices in any order; those that are known already change nothing. */
    public void take(List<SpotPrice> arrived) {
        prices.add(arrived);
        LateUsage late = new LateUsage(clock.instant());
        List<SpotPrice> past =
                arrived.stream().filter(price -> late.isPast(price.at())).toList();
        if (!past.isEmpty()) {
            Set<SpotPool> pools = past.stream().map(SpotPrice::pool).collect(Collectors.toSet());
            Instant since = past.stream()
                    .map(SpotPrice::at)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            for (UsageRun run : runs.spotRunsSince(pools, since)) {
                late.changed(null, run);
            }
            lateUsage.note(late.months());
        }
    }

    /** Takes prices that were taken before, in a rebuild. */
    public void restore(List<SpotPrice> arrived) {
        prices.add(arrived);
    }
}
