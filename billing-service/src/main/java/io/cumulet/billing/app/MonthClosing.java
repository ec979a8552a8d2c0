package io.cumulet.billing.app;

import io.cumulet.billing.app.Invoicing.Closing;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.Transience;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.AfterReset;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Closes each month when it ends. One timer stands for the end of the month; it sets another for each payer, so that each
 * is closed in a transaction of its own.
 */
@ApplicationScoped
public class MonthClosing implements AfterReset {

    static final String MONTH = "month-ends";
    static final String PAYER = "payer-closes";

    private static final Logger LOG = Logger.getLogger(MonthClosing.class);

    private final Timers timers;
    private final StackClock clock;

    public MonthClosing(Timers timers, StackClock clock) {
        this.timers = timers;
        this.clock = clock;
    }

    void start(@Observes @Priority(Interceptor.Priority.APPLICATION) StartupEvent event) throws InterruptedException {
        clock.awaitReady();
        awaitThisMonth();
    }

    @Override
    public void afterReset() {
        awaitThisMonth();
    }

    private void awaitThisMonth() {
        QuarkusTransaction.requiringNew()
                .run(() -> await(timers, YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC))));
    }

    private static void await(Timers timers, YearMonth month) {
        timers.schedule(MONTH, month.toString(), Bills.period(month).until(), "");
    }

    @Singleton
    static class MonthEnds implements TimerHandler {

        private final Timers timers;
        private final InvoiceStore invoices;
        private final OrganizationStore organizations;

        MonthEnds(Timers timers, InvoiceStore invoices, OrganizationStore organizations) {
            this.timers = timers;
            this.invoices = invoices;
            this.organizations = organizations;
        }

        @Override
        public String kind() {
            return MONTH;
        }

        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> {
                for (DueTimer timer : timers.claim(due)) {
                    YearMonth month = YearMonth.parse(timer.subject());
                    await(timers, month.plusMonths(1));
                    timers.schedule(payers().stream()
                            .map(payer -> new DueTimer(PAYER, payer.value(), timer.dueAt(), month.toString()))
                            .toList());
                }
            });
        }

        private Set<AccountId> payers() {
            Set<AccountId> accounts = invoices.accounts();
            Set<AccountId> payers = new TreeSet<>(accounts);
            payers.addAll(organizations.membershipsOf(accounts).payers());
            return payers;
        }
    }

    @Singleton
    static class PayerCloses implements TimerHandler {

        private static final Duration AFTER_GLITCH = Duration.ofMinutes(1);
        private static final Duration AFTER_FAULT = Duration.ofHours(1);

        private final Timers timers;
        private final Invoicing invoicing;
        private final Completeness completeness;
        private final InstantSource clock;

        PayerCloses(Timers timers, Invoicing invoicing, Completeness completeness, InstantSource clock) {
            this.timers = timers;
            this.invoicing = invoicing;
            this.completeness = completeness;
            this.clock = clock;
        }

        @Override
        public String kind() {
            return PAYER;
        }

        @Override
        public void fire(List<DueTimer> due) {
            Optional<Instant> behindSince =
                    CatchingUp.await(completeness, due.getFirst().dueAt());
            for (DueTimer timer : due) {
                try {
                    Closing closing = invoicing.prepare(
                            new AccountId(timer.subject()), YearMonth.parse(timer.payload()), behindSince);
                    QuarkusTransaction.requiringNew().run(() -> take(timer, closing));
                } catch (RuntimeException e) {
                    // One payer must not hold up the others, nor what else has timers. If the database is away, this
                    // fails
                    // as well, and all are tried again.
                    LOG.errorf(e, "%s of %s can't be closed; it is tried again", timer.payload(), timer.subject());
                    Duration pause = Transience.isTransient(e) ? AFTER_GLITCH : AFTER_FAULT;
                    Instant again = clock.instant().plus(pause);
                    QuarkusTransaction.requiringNew().run(() -> take(timer, new Closing.NotYet(again)));
                }
            }
        }

        private void take(DueTimer timer, Closing closing) {
            if (timers.claim(List.of(timer)).isEmpty()) {
                return;
            }
            switch (closing) {
                case Closing.Ready ready -> {
                    if (!invoicing.close(ready)) {
                        LOG.infof("%s of %s was closed by another process", timer.payload(), timer.subject());
                    }
                }
                case Closing.NotYet later ->
                    timers.schedule(timer.kind(), timer.subject(), later.again(), timer.payload());
                case Closing.Done done -> {}
            }
        }
    }
}
