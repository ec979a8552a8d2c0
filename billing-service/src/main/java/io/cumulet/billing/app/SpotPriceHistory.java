package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.billing.domain.metering.LateUsage;
import io.cumulet.billing.domain.metering.UsageRun;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collections;
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
    private final BudgetWatch budgets;
    private final InstantSource clock;

    public SpotPriceHistory(
            SpotPriceStore prices, RunStore runs, LateUsageStore lateUsage, BudgetWatch budgets, InstantSource clock) {
        this.prices = prices;
        this.runs = runs;
        this.lateUsage = lateUsage;
        this.budgets = budgets;
        this.clock = clock;
    }

    /** Takes prices in any order; those that are known already change nothing. */
    public void take(List<SpotPrice> arrived) {
        prices.add(arrived);
        Instant now = clock.instant();
        if (!arrived.isEmpty() && budgets.isAnyWatched()) {
            // Budgets are about the running month.
            Instant since = Collections.max(List.of(
                    first(arrived),
                    Bills.period(YearMonth.from(now.atOffset(ZoneOffset.UTC))).from()));
            budgets.note(runs.spotAccountsSince(pools(arrived), since));
        }
        LateUsage late = new LateUsage(now);
        List<SpotPrice> past =
                arrived.stream().filter(price -> late.isPast(price.at())).toList();
        if (!past.isEmpty()) {
            for (UsageRun run : runs.spotRunsSince(pools(past), first(past))) {
                late.changed(null, run);
            }
            lateUsage.note(late.months());
        }
    }

    private static Set<SpotPool> pools(List<SpotPrice> some) {
        return some.stream().map(SpotPrice::pool).collect(Collectors.toSet());
    }

    private static Instant first(List<SpotPrice> some) {
        return some.stream().map(SpotPrice::at).min(Comparator.naturalOrder()).orElseThrow();
    }

    /** Takes prices that were taken before, in a rebuild. */
    public void restore(List<SpotPrice> arrived) {
        prices.add(arrived);
    }
}
