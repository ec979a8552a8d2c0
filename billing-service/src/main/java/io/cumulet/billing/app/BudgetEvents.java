package io.cumulet.billing.app;

import io.cumulet.billing.domain.budgets.Alert;
import io.cumulet.billing.domain.budgets.Budget;

/** Tells the world of budgets, in the running transaction. */
public interface BudgetEvents {

    /** @param version counts up with each event of the budget, from 1 */
    void thresholdPassed(Budget budget, Alert alert, long version);
}
