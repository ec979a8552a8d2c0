package io.cumulet.billing.publish;

import io.cumulet.billing.app.BudgetEvents;
import io.cumulet.billing.domain.budgets.Alert;
import io.cumulet.billing.domain.budgets.Budget;
import io.cumulet.contract.BudgetAlert;
import io.cumulet.contract.EventType;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;

/** Alerts on {@code billing.budgets}. A budget belongs to no region: its events carry the default one. */
@ApplicationScoped
public class BudgetPublisher implements BudgetEvents {

    private final Outbox outbox;

    public BudgetPublisher(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void thresholdPassed(Budget budget, Alert alert, long version) {
        outbox.append(new NewEvent(
                EventType.BUDGET_THRESHOLD_PASSED,
                budget.id(),
                budget.account(),
                Region.DEFAULT,
                version,
                alert.at(),
                null,
                new BudgetAlert(
                        budget.id(),
                        budget.account().value(),
                        budget.name(),
                        version,
                        alert.month().toString(),
                        alert.notification().type().code(),
                        alert.notification().thresholdPercent(),
                        budget.costType().code(),
                        budget.scope().code(),
                        alert.limit().toString(),
                        alert.actual().toString(),
                        alert.forecast().toString(),
                        alert.at())));
    }
}
