package io.cumulet.plumbing;

import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.clock.ClockFollower;
import io.cumulet.plumbing.outbox.OutboxRelay;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.plumbing.suite.SuiteConfig;
import io.cumulet.plumbing.timers.TimerWorker;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Starts the moving parts in order: topics before anybody reads or writes them, then the clock, then (late, once the
 * channels are connected) relay and timers.
 */
@ApplicationScoped
public class Startup {

    private final Topics topics;
    private final ClockFollower follower;
    private final OutboxRelay relay;
    private final TimerWorker timers;
    private final ClockCoordinator coordinator;
    private final SuiteConfig suite;
    private final AuthConfig auth;
    private final String host;

    public Startup(
            Topics topics,
            ClockFollower follower,
            OutboxRelay relay,
            TimerWorker timers,
            ClockCoordinator coordinator,
            SuiteConfig suite,
            AuthConfig auth,
            @ConfigProperty(name = "quarkus.http.host") String host) {
        this.topics = topics;
        this.follower = follower;
        this.relay = relay;
        this.timers = timers;
        this.coordinator = coordinator;
        this.suite = suite;
        this.auth = auth;
        this.host = host;
    }

    void first(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event)
            throws UnknownHostException, InterruptedException {
        checkOnlyLoopbackGetsInWithoutCredentials(auth, host);
        createTopics();
        follower.start();
    }

    static void checkOnlyLoopbackGetsInWithoutCredentials(AuthConfig auth, String host) throws UnknownHostException {
        if (auth.mode() == AuthConfig.Mode.LOCAL
                && !auth.localBehindLoopbackPorts()
                && !InetAddress.getByName(host).isLoopbackAddress()) {
            throw new IllegalStateException("cumulet.auth.mode=local lets anybody in, so the service only starts on a "
                    + "loopback address; quarkus.http.host is " + host + ". In a container whose port is published on "
                    + "127.0.0.1 alone, set cumulet.auth.local-behind-loopback-ports=true.");
        }
    }

    void last(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER + 500) StartupEvent event) {
        relay.start();
        timers.start();
        if (suite.coordinator()) {
            new Worker("clock-announcement", () -> {
                        coordinator.announceIfNew();
                        return Duration.ofDays(365);
                    })
                    .start();
        }
    }

    /** Before what the timers hand their work to. */
    void endTimers(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event) {
        timers.stop();
    }

    /** After whoever may still write events. */
    void end(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER + 500) ShutdownEvent event) {
        relay.stop();
        follower.stop();
    }

    private void createTopics() throws InterruptedException {
        int attempts = 30;
        while (true) {
            try {
                topics.createMissing();
                return;
            } catch (ExecutionException e) {
                if (--attempts == 0) {
                    throw new IllegalStateException("Kafka can't be reached; is kafka.bootstrap.servers right?", e);
                }
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
    }
}
