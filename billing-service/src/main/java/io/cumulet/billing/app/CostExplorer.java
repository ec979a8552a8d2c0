package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Billing;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.costs.CommitmentReport;
import io.cumulet.billing.domain.costs.CostQuery;
import io.cumulet.billing.domain.costs.CostReport;
import io.cumulet.billing.domain.costs.CostReport.Sum;
import io.cumulet.billing.domain.costs.CoverageReport;
import io.cumulet.billing.domain.costs.CoverageReport.Coverage;
import io.cumulet.billing.domain.costs.Report;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.billing.domain.costs.TagReport;
import io.cumulet.billing.domain.costs.UtilizationReport;
import io.cumulet.billing.domain.costs.UtilizationReport.Use;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;

/** Shows what was charged by time and by what it was for. */
@ApplicationScoped
public class CostExplorer {

    private final Charging charging;
    private final TagStore tags;
    private final InstantSource clock;

    public CostExplorer(Charging charging, TagStore tags, InstantSource clock) {
        this.charging = charging;
        this.tags = tags;
        this.clock = clock;
    }

    /** @param charges what the answer was made of: it tells how complete that is */
    public record Explored<T>(T report, Charges charges) {}

    public Explored<Report<Sum>> costs(AccountId account, Scope scope, CostQuery query) {
        return costs(scope.of(charges(account, query.period()), account), query);
    }

    /** The costs that an account sees: its own, and what it pays for others. */
    public Explored<Report<Sum>> seenCosts(AccountId account, CostQuery query) {
        return costs(charges(account, query.period()).seenBy(account), query);
    }

    private Explored<Report<Sum>> costs(Charges charges, CostQuery query) {
        return new Explored<>(CostReport.of(charges.charges(), query, histories(charges, query.needsTags())), charges);
    }

    /** How the commitments are used that an account bought, or pays for. */
    public Explored<Report<Use>> utilization(AccountId account, CostQuery query) {
        Charges charges = charges(account, query.period());
        return new Explored<>(UtilizationReport.of(charges, account, query), charges.seenBy(account));
    }

    /** How much commitments paid for of the usage that an account sees. */
    public Explored<Report<Coverage>> coverage(AccountId account, CostQuery query) {
        Charges charges = charges(account, query.period()).seenBy(account);
        return new Explored<>(
                CoverageReport.of(charges.charges(), query, histories(charges, query.needsTags())), charges);
    }

    /** The tags, by key with all their values, that what an account sees had. */
    public SortedMap<String, SortedSet<String>> tags(AccountId account, CostQuery query) {
        Charges charges = charges(account, query.period()).seenBy(account);
        return TagReport.of(charges.charges(), query.filter(), histories(charges, true));
    }

    private Function<String, TagHistory> histories(Charges charges, boolean needed) {
        Map<String, TagHistory> histories = needed ? tags.historiesOf(charges.instanceIds()) : Map.of();
        return id -> histories.getOrDefault(id, TagHistory.NONE);
    }

    public Explored<CommitmentReport> commitments(AccountId account, Interval period, Scope scope) {
        Charges charges = charges(account, period);
        return new Explored<>(CommitmentReport.of(charges, account, scope), scope.of(charges, account));
    }

    /** Nothing is charged in what hasn't begun. */
    private Charges charges(AccountId account, Interval period) {
        Instant now = clock.instant();
        if (now.isBefore(period.from())) {
            Billing.Request request = new Billing.Request(period, now, period.from(), false, false);
            return new Charges(request, List.of(), List.of(), List.of());
        }
        return charging.charges(account, period);
    }
}
