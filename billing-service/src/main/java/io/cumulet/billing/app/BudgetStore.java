package io.cumulet.billing.app;

import io.cumulet.billing.domain.budgets.Alert;
import io.cumulet.billing.domain.budgets.Budget;
import io.cumulet.kernel.AccountId;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps budgets and what was told about them. All in the running transaction. */
public interface BudgetStore {

    /** Nobody else changes an account's budgets, or writes alerts of them, until the transaction ends. */
    void lock(AccountId account);

    /** Adds a budget; in the transaction that {@link #lock locked} the account. */
    void insert(Budget budget);

    /** Replaces what a budget says; in the transaction that {@link #lock locked} the account. */
    void update(Budget budget);

    /** Deletes a budget with its alerts; in the transaction that {@link #lock locked} the account. */
    void delete(Budget budget);

    Optional<Budget> find(AccountId account, String id);

    /** An account's budgets, by id. */
    List<Budget> list(AccountId account, @Nullable String afterId, int limit);

    /**
     * The accounts with budgets that depend on what some accounts use and buy: they themselves, and whoever they share an
     * organization with or ever did.
     */
    Set<AccountId> watching(Collection<AccountId> accounts);

    /** Whether anybody has a budget. */
    boolean isAnyWatched();

    /** The number of an evaluation that begins; those that begin later have higher ones. */
    long nextEvaluation();

    /**
     * Locks an account for what an evaluation found out.
     *
     * @return false if one that began later was written before
     */
    boolean lock(AccountId account, long evaluation);

    /** The month that was running when an account's budgets were last judged; empty if they never were. */
    Optional<YearMonth> judgedThrough(AccountId account);

    /**
     * Notes that an account's budgets are judged up to a running month, in the transaction that {@link #lock locked} the
     * account. An earlier month than the one noted before changes nothing.
     */
    void judged(AccountId account, YearMonth through);

    /** What was told about budgets in a month. */
    List<Alert> alerts(Collection<Budget> budgets, YearMonth month);

    /**
     * Notes that something is told, in the transaction that {@link #lock locked} the account.
     *
     * @return the version of the event that tells it; empty if it was told before
     */
    Optional<Long> tell(Alert alert);
}
