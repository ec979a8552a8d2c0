package io.cumulet.firewall.app;

import io.cumulet.plumbing.Worker;
import io.cumulet.plumbing.rebuild.Rebuilds;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;

/**
 * Sees to it that no host waits for its whole ruleset for ever. By the real clock, as what hosts miss they miss in real time.
 * Before that, once after an upgrade, it has the copy of members made anew where hosts have to wait for it.
 */
@ApplicationScoped
public class RulesetsWorker {

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Worker worker;

    public RulesetsWorker(RulesetPublications publications, Rebuilds rebuilds) {
        worker = new Worker("rulesets", () -> {
            publications
                    .awaitedRebuild()
                    .ifPresent(name -> rebuilds.rebuild(name).orThrow());
            return publications.publishDue() > 0 ? Duration.ZERO : PAUSE;
        });
    }

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER + 500) StartupEvent event) {
        worker.start();
    }

    void stop(@Observes ShutdownEvent event) {
        worker.stop();
    }
}
