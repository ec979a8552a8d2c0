package io.cumulet.contract;

import java.time.Instant;

/**
 * A budget whose threshold was passed: told once for each notification and month. Key: budget id.
 *
 * @param version counts up with each event of the budget, from 1
 * @param month the UTC calendar month, such as {@code 2026-01}
 * @param type what passed the threshold: {@code actual} or {@code forecasted}
 * @param thresholdPercent of the limit
 * @param costType {@code billed} or {@code effective}
 * @param scope {@code own} or {@code consolidated}
 * @param limit USD a month; a decimal string
 * @param actualSpend USD that the month had cost; a decimal string
 * @param forecastedSpend USD that the month would cost if what ran then went on; a decimal string
 * @param occurredAt when the budget was evaluated
 */
public record BudgetAlert(
        String budgetId,
        String account,
        String name,
        long version,
        String month,
        String type,
        int thresholdPercent,
        String costType,
        String scope,
        String limit,
        String actualSpend,
        String forecastedSpend,
        Instant occurredAt) {}
