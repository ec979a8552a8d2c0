package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.State;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.timers.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records commitments that begin, and those they take the place of, with their events and timers. */
@ApplicationScoped
class Succession {

    private final CommitmentStore store;
    private final CommitmentEvents events;
    private final LateUsageStore lateUsage;
    private final BudgetWatch budgets;
    private final Timers timers;

    Succession(
            CommitmentStore store,
            CommitmentEvents events,
            LateUsageStore lateUsage,
            BudgetWatch budgets,
            Timers timers) {
        this.store = store;
        this.events = events;
        this.lateUsage = lateUsage;
        this.budgets = budgets;
        this.timers = timers;
    }

    /** In the running transaction, which holds the locks of what is retired. */
    void record(Collection<PurchasedCommitment> retired, List<PurchasedCommitment> begun, Instant now) {
        Map<AccountId, Set<YearMonth>> months = new HashMap<>();
        for (PurchasedCommitment one : retired) {
            store.update(one);
            events.retired(one, now);
            months.put(one.account(), Set.of(monthOf(now)));
        }
        for (PurchasedCommitment one : begun) {
            store.insert(one);
            events.purchased(one, now);
            if (one.stateAt(now) == State.QUEUED) {
                timers.schedule(CommitmentTurns.STARTS, one.id(), one.startsAt(), "");
            }
            timers.schedule(CommitmentTurns.ENDS, one.id(), one.endsAt(), "");
            months.put(one.account(), Set.of(monthOf(one.startsAt())));
        }
        // Whoever closes the month of the first hour at this moment may not have seen it.
        lateUsage.note(months);
        budgets.note(months.keySet());
    }

    private static YearMonth monthOf(Instant moment) {
        return YearMonth.from(moment.atOffset(ZoneOffset.UTC));
    }
}
