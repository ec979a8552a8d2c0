package io.cumulet.billing.app;

import io.cumulet.billing.app.Charging.Recorded;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.budgets.Budget;
import io.cumulet.billing.domain.budgets.Spending;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What months cost by budgets: two ratings for all budgets of an account together. */
@ApplicationScoped
public class BudgetCosts {

    private final Charging charging;
    private final Completeness completeness;
    private final TagStore tags;

    public BudgetCosts(Charging charging, Completeness completeness, TagStore tags) {
        this.charging = charging;
        this.completeness = completeness;
        this.tags = tags;
    }

    /**
     * What a month costs by a budget.
     *
     * @param actual USD so far, as on a draft of the bill; without corrections of earlier months
     * @param forecast the month as it will be if what runs goes on to its end, and what is queued begins
     * @param completeUntil the moment up to which all usage is in the actual cost
     */
    public record Course(Budget budget, Money actual, Spending forecast, Instant completeUntil) {}

    List<Course> courses(AccountId account, YearMonth month, List<Budget> budgets) {
        return courses(account, month, budgets, completeness.behindSince());
    }

    /** @param behindSince how complete the records were when the caller asked */
    List<Course> courses(AccountId account, YearMonth month, List<Budget> budgets, Optional<Instant> behindSince) {
        Recorded recorded = charging.recorded(account, Bills.period(month), behindSince);
        Charges soFar = charging.charges(recorded);
        Charges goingOn = charging.charges(recorded.goingOn());
        Function<String, TagHistory> tagsOf =
                budgets.stream().anyMatch(Budget::needsTags) ? tags(soFar, goingOn) : id -> TagHistory.NONE;
        return budgets.stream()
                .map(budget -> new Course(
                        budget,
                        Spending.of(soFar, budget, tagsOf).total(),
                        Spending.of(goingOn, budget, tagsOf),
                        soFar.request().completeUntil()))
                .toList();
    }

    private Function<String, TagHistory> tags(Charges one, Charges other) {
        Set<String> ids = Stream.concat(one.instanceIds().stream(), other.instanceIds().stream())
                .collect(Collectors.toSet());
        Map<String, TagHistory> histories = new HashMap<>(tags.historiesOf(ids));
        return id -> histories.getOrDefault(id, TagHistory.NONE);
    }
}
