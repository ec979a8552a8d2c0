package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Billing;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.costs.CommitmentReport;
import io.cumulet.billing.domain.costs.CostQuery;
import io.cumulet.billing.domain.costs.CostReport;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

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

    public Explored<CostReport> costs(AccountId account, CostQuery query) {
        Charges charges = query.scope().of(charges(account, query.period()), account);
        Map<String, TagHistory> histories = query.needsTags() ? tags.historiesOf(charges.instanceIds()) : Map.of();
        return new Explored<>(
                CostReport.of(charges.charges(), query, id -> histories.getOrDefault(id, TagHistory.NONE)), charges);
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
