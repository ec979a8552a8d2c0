package io.cumulet.plumbing.rebuild;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Makes a projection anew from its topic while the service runs, and publishes nothing: what was lost or spoiled in the
 * database comes back as it was told. Its consumer waits meanwhile; readers see the old state until the new one is
 * committed, as a whole. Events that the consumer hasn't taken in yet are left to it.
 */
@ApplicationScoped
public class Rebuilds {

    private static final int TIMEOUT_SECONDS = 3_600;

    private final TopicReader topics;
    private final Map<String, Projection> projections = new TreeMap<>();

    Rebuilds(TopicReader topics, @All List<Projection> projections) {
        this.topics = topics;
        projections.forEach(
                projection -> this.projections.put(projection.consumer().name(), projection));
    }

    /**
     * What this service can make anew.
     *
     * @param name of the consumer that keeps it
     */
    public record Known(String name, String topic) {}

    /** What was made anew, from how many events. */
    public record Rebuilt(String name, String topic, long events) {}

    public List<Known> all() {
        return projections.entrySet().stream()
                .map(entry -> new Known(entry.getKey(), entry.getValue().topic().topicName()))
                .toList();
    }

    /** Returns when it is done. */
    public Outcome<Rebuilt> rebuild(String name) {
        Projection projection = projections.get(name);
        if (projection == null) {
            return Outcome.refused(
                    ErrorCode.NOT_FOUND,
                    "name",
                    "There is no projection " + name + "; this service has " + String.join(", ", projections.keySet()));
        }
        String topic = projection.topic().topicName();
        long events = QuarkusTransaction.requiringNew().timeout(TIMEOUT_SECONDS).call(() -> rebuild(projection, topic));
        return Outcome.done(new Rebuilt(name, topic, events));
    }

    private long rebuild(Projection projection, String topic) throws InterruptedException {
        projection.begin();
        try {
            // Asked only now, that nobody else takes events in any more.
            long events = topics.read(topic, projection.consumer(), projection::take);
            projection.finish();
            return events;
        } catch (ExecutionException e) {
            throw Refusal.of(ErrorCode.UNAVAILABLE, "Kafka can't be read: " + e.getCause())
                    .asException();
        }
    }
}
