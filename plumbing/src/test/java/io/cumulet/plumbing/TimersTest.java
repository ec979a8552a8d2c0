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

    private void schedule(DueTimer timer) {
        QuarkusTransaction.requiringNew().run(() -> timers.schedule(List.of(timer)));
    }

    private List<DueTimer> claim(DueTimer timer) {
        return QuarkusTransaction.requiringNew().call(() -> timers.claim(List.of(timer)));
    }
}
