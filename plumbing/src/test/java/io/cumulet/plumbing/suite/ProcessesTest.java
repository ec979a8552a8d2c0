package io.cumulet.plumbing.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessesTest {

    @Test
    void aRecordIsUnreadOnlyIfNoProcessHasAppliedIt() {
        ServiceStatus first = status(Map.of(), Map.of("a-0", 3L, "a-1", 5L));
        ServiceStatus second = status(Map.of(), Map.of("a-1", 5L, "a-2", 7L));
        assertThat(new Processes(List.of(first, second), true).unread()).containsExactly("a-1");
        assertThat(new Processes(List.of(first, second), true).isQuiet()).isFalse();
        assertThat(new Processes(List.of(first, status(Map.of(), Map.of("a-2", 7L))), true).isQuiet())
                .isTrue();
    }

    @Test
    void aServiceIsQuietOnlyIfEachOfItsProcessesIs() {
        ServiceStatus quiet = status(Map.of(), Map.of());
        ServiceStatus busy = status(Map.of("timers due", 1L), Map.of());
        assertThat(new Processes(List.of(quiet), true).isQuiet()).isTrue();
        assertThat(new Processes(List.of(quiet, busy), true).isQuiet()).isFalse();
        assertThat(new Processes(List.of(quiet), false).isQuiet())
                .as("one broke off in the middle of its answer")
                .isFalse();
    }

    private static ServiceStatus status(Map<String, Long> pending, Map<String, Long> unread) {
        return new ServiceStatus("test", Instant.EPOCH, 1, 0, null, pending, unread, 0);
    }
}
