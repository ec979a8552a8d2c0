package io.cumulet.billing.domain.budgets;

import io.cumulet.kernel.Money;
import java.time.Instant;
import java.time.YearMonth;

/**
 * That a threshold was passed in a month; told once, whatever the month is known to cost afterwards.
 *
 * @param limit of the budget, at that moment
 * @param actual USD that the month had cost
 * @param forecast USD that the month would cost if what ran then went on
 */
public record Alert(
        String budgetId,
        YearMonth month,
        Notification notification,
        Money limit,
        Money actual,
        Money forecast,
        Instant at) {}
