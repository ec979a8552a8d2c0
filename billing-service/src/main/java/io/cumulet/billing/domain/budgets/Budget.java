package io.cumulet.billing.domain.budgets;

import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A limit on what each UTC calendar month costs. It tells, it doesn't stop anything.
 *
 * @param name unique within the account
 * @param limit USD a month, above 0
 * @param filter null if everything in scope counts
 * @param notifications 1 to 10, each once
 * @see <a href="https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html">AWS Budgets</a>
 */
public record Budget(
        String id,
        AccountId account,
        String name,
        Money limit,
        CostType costType,
        Scope scope,
        @Nullable CostFilter filter,
        List<Notification> notifications,
        Instant createdAt) {

    /** The most notifications of one budget. */
    public static final int MOST_NOTIFICATIONS = 10;

    public Budget {
        notifications = List.copyOf(notifications);
    }

    /** Whether tags decide what counts. */
    public boolean needsTags() {
        return filter != null && filter.needsTags();
    }
}
