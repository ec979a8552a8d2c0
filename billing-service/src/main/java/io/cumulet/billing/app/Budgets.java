package io.cumulet.billing.app;

import io.cumulet.billing.domain.budgets.Alert;
import io.cumulet.billing.domain.budgets.Budget;
import io.cumulet.billing.domain.budgets.CostFilter;
import io.cumulet.billing.domain.budgets.CostType;
import io.cumulet.billing.domain.budgets.Notification;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Making, changing and looking at budgets. */
@ApplicationScoped
public class Budgets {

    /** The most budgets of an account: each is evaluated whenever the account's usage changes. */
    public static final int MOST = 100;

    private static final String CREATE = "CreateBudget";

    private final BudgetStore store;
    private final BudgetWatch watch;
    private final BudgetCosts costs;
    private final ClientTokens tokens;
    private final InstantSource clock;

    public Budgets(BudgetStore store, BudgetWatch watch, BudgetCosts costs, ClientTokens tokens, InstantSource clock) {
        this.store = store;
        this.watch = watch;
        this.costs = costs;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * What a budget is to say.
     *
     * @param filter null if everything in scope counts
     */
    public record Wish(
            String name,
            Money limit,
            CostType costType,
            Scope scope,
            @Nullable CostFilter filter,
            List<Notification> notifications) {

        private Budget budget(String id, AccountId account, Instant createdAt) {
            return new Budget(id, account, name, limit, costType, scope, filter, notifications, createdAt);
        }
    }

    /**
     * A budget with what its running month costs.
     *
     * @param alerts what was told in that month
     */
    public record Watched(Budget budget, YearMonth month, BudgetCosts.Course course, List<Alert> alerts) {}

    /** @param request what was asked, without the token */
    public Outcome<Watched> create(AccountId account, Wish wish, @Nullable String clientToken, Record request) {
        return Transactions.decide(() -> switch (tokens.claim(account, Region.DEFAULT, CREATE, clientToken, request)) {
                    case Claim.Mismatch(Refusal refusal) -> Outcome.<Budget>refused(refusal);
                    case Claim.Repeat(String id) ->
                        store.find(account, id).map(Outcome::done).orElseGet(() -> missing(id));
                    case Claim.Fresh() -> createFresh(account, wish, clientToken);
                })
                .map(this::watched);
    }

    private Outcome<Budget> createFresh(AccountId account, Wish wish, @Nullable String clientToken) {
        store.lock(account);
        List<Budget> others = store.list(account, null, MOST);
        if (others.size() >= MOST) {
            return Outcome.refused(
                    ErrorCode.BUDGETS_LIMIT_EXCEEDED, "name", "An account has at most " + MOST + " budgets");
        }
        Budget budget = wish.budget(UUID.randomUUID().toString(), account, clock.instant());
        return named(budget, others).map(free -> {
            store.insert(free);
            watch.note(Set.of(account));
            tokens.complete(account, Region.DEFAULT, CREATE, clientToken, free.id());
            return free;
        });
    }

    private static Outcome<Budget> named(Budget budget, List<Budget> others) {
        return others.stream()
                        .anyMatch(other -> other.name().equals(budget.name())
                                && !other.id().equals(budget.id()))
                ? Outcome.refused(ErrorCode.BUDGET_DUPLICATE, "name", "There is a budget " + budget.name() + " already")
                : Outcome.done(budget);
    }

    /** Replaces all of a budget. What was told this month isn't told again. */
    public Outcome<Watched> replace(AccountId account, String id, Wish wish) {
        return Transactions.decide(() -> {
                    store.lock(account);
                    return find(account, id)
                            .flatMap(known ->
                                    named(wish.budget(id, account, known.createdAt()), store.list(account, null, MOST)))
                            .map(budget -> {
                                store.update(budget);
                                watch.note(Set.of(account));
                                return budget;
                            });
                })
                .map(this::watched);
    }

    public Outcome<Budget> delete(AccountId account, String id) {
        return Transactions.decide(() -> {
            store.lock(account);
            return find(account, id).map(budget -> {
                store.delete(budget);
                return budget;
            });
        });
    }

    public Outcome<Watched> show(AccountId account, String id) {
        return Transactions.decide(() -> find(account, id)).map(this::watched);
    }

    /** By id, from behind one on. */
    public List<Budget> list(AccountId account, @Nullable String afterId, int limit) {
        return Transactions.read(() -> store.list(account, afterId, limit));
    }

    /** What the running month costs, for budgets of one account. */
    public List<Watched> watched(AccountId account, List<Budget> budgets) {
        if (budgets.isEmpty()) {
            return List.of();
        }
        YearMonth month = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        Map<String, List<Alert>> alerts = Transactions.read(() -> store.alerts(budgets, month)).stream()
                .collect(Collectors.groupingBy(Alert::budgetId));
        return costs.courses(account, month, budgets).stream()
                .map(course -> new Watched(
                        course.budget(),
                        month,
                        course,
                        alerts.getOrDefault(course.budget().id(), List.of())))
                .toList();
    }

    private Watched watched(Budget budget) {
        return watched(budget.account(), List.of(budget)).getFirst();
    }

    private Outcome<Budget> find(AccountId account, String id) {
        return store.find(account, id).map(Outcome::done).orElseGet(() -> missing(id));
    }

    private static <T> Outcome<T> missing(String id) {
        return Outcome.refused(ErrorCode.BUDGET_NOT_FOUND, "id", "There is no budget " + id);
    }
}
