package io.cumulet.billing.app;

import io.cumulet.billing.app.BudgetCosts.Course;
import io.cumulet.billing.domain.budgets.Alert;
import io.cumulet.billing.domain.budgets.Budget;
import io.cumulet.billing.domain.budgets.Notification;
import io.cumulet.billing.domain.budgets.Notification.Type;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import io.cumulet.plumbing.Transience;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates budgets when something changed, when a threshold will have been passed if nothing changes, and when a month
 * begins; never just because time went by.
 *
 * <pre>
 *   usage, spot price, purchase, membership, budget ─► note: timer at the end of these 5 seconds ─┐
 *                                                                                                 ├─► rate ─► alerts + events,
 *   timer of an account: when a threshold is passed next, or the month ends ──────────────────────┘           next timer
 * </pre>
 *
 * A month is judged a last time after its end, by whichever evaluation comes first then: each begins with the month up to
 * which the account was judged before.
 */
@ApplicationScoped
public class BudgetWatch {

    static final String KIND = "budgets";

    /** What comes in this time is evaluated together: a burst of events costs one rating. */
    private static final Duration TOGETHER = Duration.ofSeconds(5);

    private static final int ACCOUNT_DIGITS = 12;

    private static final Logger LOG = Logger.getLogger(BudgetWatch.class);

    private final BudgetStore store;
    private final Timers timers;
    private final StackClock clock;

    public BudgetWatch(BudgetStore store, Timers timers, StackClock clock) {
        this.store = store;
        this.timers = timers;
        this.clock = clock;
    }

    /** Whether anybody has a budget. */
    boolean isAnyWatched() {
        return store.isAnyWatched();
    }

    /**
     * Notes, in the running transaction, that what accounts use, what it costs, what they have bought or belong to has changed. Costs a query if nobody
     * concerned has a budget.
     */
    void note(Collection<AccountId> accounts) {
        if (accounts.isEmpty()) {
            return;
        }
        Set<AccountId> watching = new TreeSet<>(store.watching(accounts));
        if (watching.isEmpty()) {
            return;
        }
        Instant at = noteAt(clock.instant());
        // Each moment has a timer of its own, so that a steady flow of notes doesn't put the evaluation off. Set anew
        // while it is being acted on, it has another payload and comes again.
        timers.schedule(watching.stream()
                .map(account -> new DueTimer(
                        KIND, account + "@" + at, at, UUID.randomUUID().toString()))
                .toList());
    }

    /** Of a clock that stands still, nothing later would come. */
    private Instant noteAt(Instant now) {
        if (clock.isFrozen()) {
            return now;
        }
        long seconds = TOGETHER.toSeconds();
        return Instant.ofEpochSecond((now.getEpochSecond() / seconds + 1) * seconds);
    }

    @Singleton
    static class Evaluates implements TimerHandler {

        /** Records are nearly always on their way; a forecast may be as old. */
        private static final Duration BEHIND = Duration.ofMinutes(1);

        private static final Duration AFTER_BEHIND = Duration.ofSeconds(10);
        private static final Duration AFTER_GLITCH = Duration.ofMinutes(1);
        private static final Duration AFTER_FAULT = Duration.ofHours(1);

        private final BudgetStore store;
        private final BudgetCosts costs;
        private final BudgetEvents events;
        private final Completeness completeness;
        private final Timers timers;
        private final StackClock clock;

        Evaluates(
                BudgetStore store,
                BudgetCosts costs,
                BudgetEvents events,
                Completeness completeness,
                Timers timers,
                StackClock clock) {
            this.store = store;
            this.costs = costs;
            this.events = events;
            this.completeness = completeness;
            this.timers = timers;
            this.clock = clock;
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        @ActivateRequestContext
        public void fire(List<DueTimer> due) {
            Instant now = clock.instant();
            Optional<Instant> behindSince = completeness.behindSince();
            boolean isKnown = behindSince.isEmpty() || !behindSince.get().isBefore(needed(now));
            if (!isKnown && clock.isFrozen()) {
                // Nothing later would come: what isn't claimed is there again at once.
                return;
            }
            Map<AccountId, List<DueTimer>> byAccount = new LinkedHashMap<>();
            for (DueTimer timer : due) {
                AccountId account = new AccountId(timer.subject().substring(0, ACCOUNT_DIGITS));
                byAccount.computeIfAbsent(account, of -> new ArrayList<>()).add(timer);
            }
            byAccount.forEach((account, timersOf) -> {
                if (!isKnown) {
                    // What runs may have ended long ago: nobody is told of a forecast made of that.
                    again(account, timersOf, AFTER_BEHIND);
                    return;
                }
                try {
                    evaluate(account, timersOf, now, behindSince);
                } catch (RuntimeException e) {
                    // One account must not hold up the others, nor what else has timers.
                    LOG.errorf(e, "The budgets of %s can't be evaluated; it is tried again", account);
                    again(account, timersOf, Transience.isTransient(e) ? AFTER_GLITCH : AFTER_FAULT);
                }
            });
        }

        /** Up to when records have to be taken in: what an ended month cost is judged when all of it is known. */
        private Instant needed(Instant now) {
            if (clock.isFrozen()) {
                return now;
            }
            Instant lately = now.minus(BEHIND);
            Instant monthBegan = Bills.period(month(now)).from();
            return lately.isBefore(monthBegan) ? monthBegan : lately;
        }

        /** However many timers an account had, one takes their place: each evaluation looks at all there is. */
        private void again(AccountId account, List<DueTimer> due, Duration pause) {
            Instant at = clock.instant().plus(pause);
            QuarkusTransaction.requiringNew().run(() -> {
                if (!timers.claim(due).isEmpty()) {
                    timers.schedule(
                            KIND, account + "@again", at, UUID.randomUUID().toString());
                }
            });
        }

        /** Rates outside of a transaction: that may take long. */
        private void evaluate(AccountId account, List<DueTimer> due, Instant now, Optional<Instant> behindSince) {
            // Numbered before anything is read.
            long number = QuarkusTransaction.requiringNew().call(store::nextEvaluation);
            YearMonth thisMonth = month(now);
            YearMonth judgedThrough = store.judgedThrough(account).orElse(null);
            List<Budget> budgets = budgets(account);
            List<Course> running =
                    budgets.isEmpty() ? List.of() : costs.courses(account, thisMonth, budgets, behindSince);
            Map<YearMonth, List<Course>> ended = ended(account, judgedThrough, thisMonth, budgets, behindSince);
            QuarkusTransaction.requiringNew().run(() -> {
                boolean isNewest = store.lock(account, number);
                timers.claim(due);
                if (!isNewest) {
                    return;
                }
                // What was changed in between is evaluated anew.
                Set<Budget> unchanged = new HashSet<>(budgets(account));
                if (budgets.containsAll(unchanged)) {
                    store.judged(account, thisMonth);
                }
                ended.forEach((month, courses) -> courses.stream()
                        .filter(course -> unchanged.contains(course.budget()))
                        .forEach(course -> tell(course, month, Set.of(Type.ACTUAL), now)));
                for (Course course : running) {
                    if (unchanged.contains(course.budget())) {
                        tell(course, thisMonth, Set.of(Type.values()), now);
                    }
                }
                if (unchanged.isEmpty()) {
                    timers.cancel(KIND, account.value());
                } else {
                    timers.schedule(KIND, account.value(), next(running, thisMonth, now), "");
                }
            });
        }

        /**
         * What the months cost that ended since budgets were last judged: a threshold that is passed with a month's last
         * hour is passed when the next month begins. No budget is asked about months before its own first.
         */
        private Map<YearMonth, List<Course>> ended(
                AccountId account,
                @Nullable YearMonth judgedThrough,
                YearMonth thisMonth,
                List<Budget> budgets,
                Optional<Instant> behindSince) {
            Map<YearMonth, List<Course>> ended = new LinkedHashMap<>();
            YearMonth first = budgets.stream()
                    .map(budget -> month(budget.createdAt()))
                    .min(Comparator.naturalOrder())
                    .orElse(thisMonth);
            YearMonth from = judgedThrough == null || judgedThrough.isBefore(first) ? first : judgedThrough;
            for (YearMonth month = from; month.isBefore(thisMonth); month = month.plusMonths(1)) {
                Instant end = Bills.period(month).until();
                List<Budget> there = budgets.stream()
                        .filter(budget -> budget.createdAt().isBefore(end))
                        .toList();
                ended.put(month, costs.courses(account, month, there, behindSince));
            }
            return ended;
        }

        private List<Budget> budgets(AccountId account) {
            return store.list(account, null, Budgets.MOST);
        }

        private void tell(Course course, YearMonth month, Set<Type> types, Instant now) {
            for (Notification notification : course.budget().notifications()) {
                if (types.contains(notification.type())
                        && notification.isPassedBy(
                                compared(course, notification), course.budget().limit())) {
                    Alert alert = new Alert(
                            course.budget().id(),
                            month,
                            notification,
                            course.budget().limit(),
                            course.actual(),
                            course.forecast().total(),
                            now);
                    store.tell(alert).ifPresent(version -> events.thresholdPassed(course.budget(), alert, version));
                }
            }
        }

        private static Money compared(Course course, Notification notification) {
            return switch (notification.type()) {
                case ACTUAL -> course.actual();
                case FORECASTED -> course.forecast().total();
            };
        }

        /** When an actual cost passes the next threshold if nothing changes, at the month's end at the latest. */
        private static Instant next(List<Course> courses, YearMonth month, Instant now) {
            Instant next = Bills.period(month).until();
            // Usage that isn't all known yet, or a clock between the marks: not before the next full hour.
            Instant earliest = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
            for (Course course : courses) {
                for (Notification notification : course.budget().notifications()) {
                    boolean isAhead = notification.type() == Type.ACTUAL
                            && !notification.isPassedBy(
                                    course.actual(), course.budget().limit());
                    Instant passes = isAhead
                            ? course.forecast()
                                    .passes(notification, course.budget().limit())
                                    .orElse(next)
                            : next;
                    Instant at = passes.isBefore(earliest) ? earliest : passes;
                    next = at.isBefore(next) ? at : next;
                }
            }
            return next;
        }

        private static YearMonth month(Instant at) {
            return YearMonth.from(at.atOffset(ZoneOffset.UTC));
        }
    }
}
