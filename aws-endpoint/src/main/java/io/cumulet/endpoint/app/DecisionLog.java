package io.cumulet.endpoint.app;

import io.cumulet.endpoint.app.AccessAudit.Decision;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Keeps the decisions of policies. One thread writes whatever has come in meanwhile in one transaction, so that many requests
 * at once wait for one commit. Thread-safe.
 */
@ApplicationScoped
public class DecisionLog {

    private static final int MOST_AT_ONCE = 500;

    private record Waiting(Decision decision, CompletableFuture<Void> kept) {}

    private final AccessAudit audit;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread writer =
            Thread.ofPlatform().daemon().name("access-audit").unstarted(this::write);

    public DecisionLog(AccessAudit audit) {
        this.audit = audit;
        writer.start();
    }

    /**
     * Waits until the decision is kept.
     *
     * @throws RuntimeException whatever kept the database from it; nothing was kept then
     */
    public void keep(Decision decision) {
        CompletableFuture<Void> kept = new CompletableFuture<>();
        queue.add(new Waiting(decision, kept));
        try {
            kept.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @PreDestroy
    void stop() {
        writer.interrupt();
    }

    private void write() {
        List<Waiting> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, MOST_AT_ONCE - 1);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            // The service stops.
        } finally {
            queue.drainTo(batch);
            batch.forEach(waiting -> waiting.kept().completeExceptionally(new IllegalStateException("Stopping")));
        }
    }

    private void write(List<Waiting> batch) {
        try {
            QuarkusTransaction.requiringNew()
                    .run(() ->
                            audit.decided(batch.stream().map(Waiting::decision).toList()));
            batch.forEach(waiting -> waiting.kept().complete(null));
        } catch (RuntimeException e) {
            batch.forEach(waiting -> waiting.kept().completeExceptionally(e));
        }
    }
}
