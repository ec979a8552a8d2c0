package io.cumulet.plumbing.clock;

import io.cumulet.contract.ClockSnapshot;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.Topic;
import io.cumulet.plumbing.KafkaClients;
import io.cumulet.plumbing.Worker;
import io.cumulet.plumbing.suite.Epochs;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code stack.clock} from its beginning and goes on reading: each process of the suite, each replica, for itself.
 * A higher epoch on it is a reset: this service empties itself before it takes over the new time.
 */
@ApplicationScoped
public class ClockFollower {

    private static final Logger LOG = Logger.getLogger(ClockFollower.class);
    private static final TopicPartition CLOCK = new TopicPartition(Topic.STACK_CLOCK.topicName(), 0);
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients kafka;
    private final StackClock clock;
    private final Epochs epochs;
    private final Worker worker = new Worker("clock-follower", this::round);
    private @Nullable Consumer<String, byte[]> consumer;
    private volatile long readUpTo;

    public ClockFollower(KafkaClients kafka, StackClock clock, Epochs epochs) {
        this.kafka = kafka;
        this.clock = clock;
        this.epochs = epochs;
    }

    public void start() {
        clock.epoch(epochs.found());
        if (clock.isMovable()) {
            worker.start();
        }
    }

    /** Ends the round under way; called while database and broker can still be reached. */
    public void stop() {
        Consumer<String, byte[]> reader = consumer;
        if (reader != null) {
            reader.wakeup();
        }
        worker.stop();
    }

    /** The offset behind the last record of {@code stack.clock} that this process has followed. */
    public long readUpTo() {
        return readUpTo;
    }

    private Duration round() throws IOException {
        Consumer<String, byte[]> reader = consumer;
        if (reader == null) {
            reader = kafka.lonelyConsumer();
            reader.assign(List.of(CLOCK));
            reader.seekToBeginning(List.of(CLOCK));
            consumer = reader;
        }
        try {
            for (ConsumerRecord<String, byte[]> record : reader.poll(POLL)) {
                follow(ContractJson.read(record.value(), ClockSnapshot.class));
            }
            readUpTo = reader.position(CLOCK);
            if (reader.currentLag(CLOCK).orElse(1) == 0) {
                clock.becomeReady();
            }
            return Duration.ZERO;
        } catch (IOException | RuntimeException e) {
            consumer = null;
            reader.close();
            throw e;
        }
    }

    private void follow(ClockSnapshot snapshot) {
        if (snapshot.epoch() > clock.epoch()) {
            LOG.infof("The stack was reset: epoch %d begins", snapshot.epoch());
            epochs.begin(snapshot.epoch(), () -> {
                clock.epoch(snapshot.epoch());
                clock.follow(snapshot);
            });
        } else {
            clock.follow(snapshot);
        }
    }
}
