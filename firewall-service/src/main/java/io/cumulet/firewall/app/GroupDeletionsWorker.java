package io.cumulet.firewall.app;

import io.cumulet.plumbing.Worker;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;

/** Goes on with deletions that a crash left: this process's, after its next start, or another's. By the real clock. */
@ApplicationScoped
public class GroupDeletionsWorker {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Worker worker;

    public GroupDeletionsWorker(GroupDeletions deletions) {
        worker = new Worker("group-deletions", () -> {
            deletions.resumeLeft();
            return PAUSE;
        });
    }

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER + 500) StartupEvent event) {
        worker.start();
    }

    void stop(@Observes ShutdownEvent event) {
        worker.stop();
    }
}
