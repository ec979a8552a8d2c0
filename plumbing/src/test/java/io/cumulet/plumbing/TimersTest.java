package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class TimersTest {

    @Inject
    Timers timers;

    @Inject
    StackClock clock;

    private final String subject = UUID.randomUUID().toString();

    /** The worker, or another process's, looked before the timer was replaced; a frozen clock gives both the same time. */
    @Test
    void aTimerThatWasReplacedForTheSameMomentIsNotTakenForTheOneThatReplacedIt() {
        Instant at = clock.instant().plus(Duration.ofDays(100));
        DueTimer boot = new DueTimer("reminder", subject, at, "boot");
        DueTimer shutDown = new DueTimer("reminder", subject, at, "shut down");
        schedule(boot);
        schedule(shutDown);
        assertThat(claim(boot)).isEmpty();
        assertThat(claim(shutDown)).containsExactly(shutDown);
        assertThat(claim(shutDown)).as("once").isEmpty();
    }

    @Test
    void ofTwoThatAreSetAtOnceTheLaterOneCountsAndAnyYearWillDo() {
        DueTimer early = new DueTimer("reminder", subject, Instant.parse("2100-01-01T00:00:00.000001Z"), "early");
        DueTimer late = new DueTimer("reminder", subject, Instant.parse("+12026-01-01T00:00:00Z"), "late");
        schedule(early, late);
        assertThat(claim(early)).isEmpty();
        assertThat(claim(late)).containsExactly(late);
    }

    private void schedule(DueTimer... set) {
        QuarkusTransaction.requiringNew().run(() -> timers.schedule(List.of(set)));
    }

    private List<DueTimer> claim(DueTimer timer) {
        return QuarkusTransaction.requiringNew().call(() -> timers.claim(List.of(timer)));
    }
}
