package io.cumulet.plumbing.intake;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.plumbing.Transience;
import io.cumulet.plumbing.intake.ParkedRecords.Line;
import io.cumulet.plumbing.intake.ParkedRecords.Parked;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records that this service couldn't apply: shows them, and applies them once their cause is fixed, each key's in the
 * order of the topic. The first of a key that still fails stops its key; other keys go on.
 */
@ApplicationScoped
public class DeadLetters {

    private static final Logger LOG = Logger.getLogger(DeadLetters.class);

    private final ParkedRecords parked;
    private final Intake intake;
    private final Map<String, EventConsumer> consumers = new HashMap<>();

    DeadLetters(ParkedRecords parked, Intake intake, @All List<EventConsumer> consumers) {
        this.parked = parked;
        this.intake = intake;
        consumers.forEach(consumer -> this.consumers.put(consumer.name(), consumer));
    }

    /**
     * What became of a replay.
     *
     * @param replayed how many records were applied
     * @param stillFailing the first of each key that couldn't be applied, with the reason of now
     */
    public record Replay(long replayed, List<Failing> stillFailing) {

        /** A record that still can't be applied. */
        public record Failing(long id, String consumer, String topic, String key, String reason) {}
    }

    /** Applies what waits: of a consumer, a topic, a key; null means all. */
    public Replay replay(@Nullable String consumer, @Nullable String topic, @Nullable String key) {
        long replayed = 0;
        List<Replay.Failing> failing = new ArrayList<>();
        List<Line> lines = QuarkusTransaction.requiringNew()
                .call(() -> parked.lines(new ParkedRecords.Filter(consumer, topic, key)));
        for (Line line : lines) {
            Optional<Replay.Failing> stopped = Optional.empty();
            long before = replayed;
            while (stopped.isEmpty()) {
                Optional<Parked> next = QuarkusTransaction.requiringNew().call(() -> parked.first(line));
                if (next.isEmpty()) {
                    break;
                }
                stopped = replay(next.get());
                replayed += stopped.isEmpty() ? 1 : 0;
            }
            stopped.ifPresent(failing::add);
            if (replayed > before) {
                LOG.infof("Replayed %d records of key %s for %s", replayed - before, line.key(), line.consumer());
            }
        }
        return new Replay(replayed, List.copyOf(failing));
    }

    /** Empty if it is applied now, or was by somebody else. */
    private Optional<Replay.Failing> replay(Parked letter) {
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                parked.lock(letter.consumer());
                if (parked.remove(letter.id())) {
                    EventConsumer consumer = consumers.get(letter.consumer());
                    if (consumer == null) {
                        throw new IllegalStateException("Nobody here consumes as " + letter.consumer() + " any more");
                    }
                    intake.applyAgain(record(letter), consumer);
                }
            });
            return Optional.empty();
        } catch (RuntimeException e) {
            if (Transience.isTransient(e)) {
                throw e;
            }
            LOG.warnf(e, "Dead letter %d still can't be applied", letter.id());
            String reason = "It can't be applied: " + e;
            QuarkusTransaction.requiringNew().run(() -> parked.explain(letter.id(), reason));
            return Optional.of(
                    new Replay.Failing(letter.id(), letter.consumer(), letter.topic(), letter.key(), reason));
        }
    }

    /** Gives a record up that can never be applied; what waits behind it may be replayed then. Its copy on the topic of dead letters stays. */
    public Outcome<Long> discard(long id) {
        boolean removed = QuarkusTransaction.requiringNew().call(() -> parked.remove(id));
        if (!removed) {
            return unknown(id);
        }
        LOG.warnf("Dead letter %d was discarded", id);
        return Outcome.done(id);
    }

    Outcome<Parked> find(long id) {
        return QuarkusTransaction.requiringNew()
                .call(() -> parked.find(id))
                .map(Outcome::done)
                .orElseGet(() -> unknown(id));
    }

    List<Parked> page(ParkedRecords.Filter filter, long afterId, int size) {
        return QuarkusTransaction.requiringNew().call(() -> parked.page(filter, afterId, size));
    }

    private static <T> Outcome<T> unknown(long id) {
        return Outcome.refused(ErrorCode.NOT_FOUND, "id", "There is no dead letter " + id);
    }

    private static ConsumerRecord<String, byte[]> record(Parked letter) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                letter.topic(),
                letter.partition(),
                letter.offset(),
                // It came without one, which is why it is here.
                letter.key().isEmpty() ? null : letter.key(),
                letter.payload());
        for (Header header : EventHeaders.parse(letter.headers())) {
            record.headers().add(header);
        }
        return record;
    }
}
