package io.cumulet.plumbing.intake;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Timestamps;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.AfterCommit;
import io.cumulet.plumbing.Pace;
import io.cumulet.plumbing.SqlArrays;
import io.cumulet.plumbing.Transience;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.plumbing.suite.Epochs;
import io.cumulet.plumbing.trace.BatchSpan;
import io.cumulet.plumbing.trace.TraceContext;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches of records from Kafka to a consumer so that each event counts once, a fault that passes is waited out
 * (the database is away, or a service that has to be asked, or a queue is full), and a bad record neither stops the topic nor vanishes: it is parked and told of on {@code <topic>.dead-letter}.
 *
 * <pre>
 *   batch ──► skip (type, epoch) ──► parse ──► one transaction: leave out parked keys → claim inbox → apply
 *                                      │                │ fails: passes by itself → wait, again
 *                                      └── unreadable ──┴────── else → halves … → one record alone → parked
 * </pre>
 */
@ApplicationScoped
public class Intake {

    private static final Logger LOG = Logger.getLogger(Intake.class);
    private static final Duration SHORTEST_PACE = Duration.ofMillis(50);
    private static final Duration LONGEST_PACE = Duration.ofMillis(200);
    /** So many cost much more than the transaction around them: one that has a backlog would wait for nothing. */
    private static final int LARGE_BATCH = 200;

    private final StackClock clock;
    private final Epochs epochs;
    private final DataSource dataSource;
    private final ParkedRecords parked;
    private final Outbox outbox;
    private final AfterCommit afterCommit;
    private final MeterRegistry metrics;
    private final Traces traces;
    private final AtomicLong applied = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final Map<String, Pace> paces = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    public Intake(
            StackClock clock,
            Epochs epochs,
            DataSource dataSource,
            ParkedRecords parked,
            Outbox outbox,
            AfterCommit afterCommit,
            MeterRegistry metrics,
            Traces traces) {
        this.clock = clock;
        this.epochs = epochs;
        this.dataSource = dataSource;
        this.parked = parked;
        this.outbox = outbox;
        this.afterCommit = afterCommit;
        this.metrics = metrics;
        this.traces = traces;
    }

    /** What fails now because the service ends comes again after its next start. */
    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    /**
     * A record with what was read from it: an event, or the reason why it can't be read.
     *
     * @param epoch of this service when the record was read
     */
    private record Letter(
            ConsumerRecord<String, byte[]> record, @Nullable IncomingEvent event, String fault, int epoch) {

        String key() {
            return record.key() == null ? "" : record.key();
        }
    }

    /** Takes a batch; returns when all of it is applied or parked, so that its offsets may be committed. */
    public void process(ConsumerRecords<String, byte[]> records, EventConsumer consumer) {
        underWay.incrementAndGet();
        try {
            clock.awaitReady();
            Pace pace =
                    paces.computeIfAbsent(channel(records, consumer), unused -> new Pace(SHORTEST_PACE, LONGEST_PACE));
            if (!clock.isFrozen() && records.count() < LARGE_BATCH) {
                pace.await();
            }
            List<Letter> letters = new ArrayList<>(records.count());
            for (ConsumerRecord<String, byte[]> record : records) {
                read(record, consumer).ifPresent(letters::add);
            }
            if (!letters.isEmpty()) {
                try (BatchSpan span = span(letters, consumer)) {
                    takeIn(letters, consumer, span);
                }
            }
            for (TopicPartition partition : records.partitions()) {
                long next = records.records(partition).getLast().offset() + 1;
                positions.merge(partition, next, Math::max);
            }
            applied.addAndGet(records.count());
            pace.ended();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while taking in events", e);
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static String channel(ConsumerRecords<String, byte[]> records, EventConsumer consumer) {
        return consumer.name() + " " + records.partitions().iterator().next().topic();
    }

    /** How many records were taken from Kafka by this process so far, skipped ones included. */
    public long applied() {
        return applied.get();
    }

    /**
     * Behind the last record this process has applied or parked, by partition. Ahead of the committed offset after a
     * commit that failed: nothing is lost by that, since a redelivery changes nothing, but nothing is unread either.
     */
    public Map<TopicPartition, Long> positions() {
        return Map.copyOf(positions);
    }

    /** How many batches are being applied now. */
    public long underWay() {
        return underWay.get();
    }

    private Optional<Letter> read(ConsumerRecord<String, byte[]> record, EventConsumer consumer)
            throws InterruptedException {
        String typeName = EventHeaders.text(record.headers(), CloudEventHeaders.TYPE);
        Optional<EventType> type = typeName == null ? Optional.empty() : EventType.ofName(typeName);
        if (typeName != null && (type.isEmpty() || !consumer.wants().contains(type.get()))) {
            return Optional.empty();
        }
        int epoch = clock.epoch();
        try {
            if (type.isEmpty()) {
                throw new IOException("There is no " + CloudEventHeaders.TYPE + " header");
            }
            epoch = Integer.parseInt(header(record, CloudEventHeaders.EPOCH));
            if (!belongsToThisEpoch(epoch) || !consumer.wantsHeaders(record.headers())) {
                return Optional.empty();
            }
            return Optional.of(new Letter(record, event(record, type.get()), "", epoch));
        } catch (IOException | RuntimeException e) {
            return Optional.of(new Letter(record, null, "It can't be read: " + e.getMessage(), epoch));
        }
    }

    /** Events of before the last reset are over; one of after it waits until this service has reset itself too. */
    private boolean belongsToThisEpoch(int epoch) throws InterruptedException {
        while (epoch > clock.epoch()) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return epoch == clock.epoch();
    }

    /**
     * Reads one record as an event of a type.
     *
     * @throws IOException if it isn't one
     */
    public static IncomingEvent event(ConsumerRecord<String, byte[]> record, EventType type) throws IOException {
        if (record.value() == null) {
            throw new IOException("There is no body");
        }
        if (record.key() == null) {
            throw new IOException("There is no key");
        }
        return new IncomingEvent(
                header(record, CloudEventHeaders.ID),
                type,
                record.key(),
                new AccountId(header(record, CloudEventHeaders.ACCOUNT)),
                new Region(header(record, CloudEventHeaders.REGION)),
                Long.parseLong(header(record, CloudEventHeaders.AGGREGATE_VERSION)),
                Timestamps.parse(header(record, CloudEventHeaders.TIME)),
                ContractJson.read(record.value(), type.payload()));
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) throws IOException {
        String value = EventHeaders.text(record.headers(), name);
        if (value == null) {
            throw new IOException("There is no " + name + " header");
        }
        return value;
    }

    private BatchSpan span(List<Letter> letters, EventConsumer consumer) {
        if (!traces.areOn()) {
            return BatchSpan.NONE;
        }
        Set<TraceContext> causes = new LinkedHashSet<>();
        for (Letter letter : letters) {
            Headers headers = letter.record().headers();
            String traceparent = EventHeaders.text(headers, CloudEventHeaders.TRACEPARENT);
            if (traceparent != null) {
                TraceContext cause =
                        TraceContext.of(traceparent, EventHeaders.text(headers, CloudEventHeaders.TRACESTATE));
                if (cause != null) {
                    causes.add(cause);
                }
            }
        }
        return traces.processing(letters.getFirst().record().topic(), consumer.name(), causes, letters.size());
    }

    private void takeIn(List<Letter> letters, EventConsumer consumer, BatchSpan span) throws InterruptedException {
        long pauseMillis = 100;
        while (true) {
            try {
                apply(letters, consumer);
                return;
            } catch (RuntimeException e) {
                if (Transience.isTransient(e)) {
                    if (stopping) {
                        throw e;
                    }
                    LOG.warnf("%s waits %d ms and tries again: %s", consumer.name(), pauseMillis, e);
                    TimeUnit.MILLISECONDS.sleep(pauseMillis);
                    pauseMillis = Math.min(2 * pauseMillis, 5000);
                } else if (letters.size() == 1) {
                    span.failed(e);
                    LOG.errorf(e, "%s can't apply %s", consumer.name(), place(letters.getFirst()));
                    parkAlone(letters.getFirst(), consumer, "It can't be applied: " + e);
                    return;
                } else {
                    int half = letters.size() / 2;
                    takeIn(letters.subList(0, half), consumer, span);
                    takeIn(letters.subList(half, letters.size()), consumer, span);
                    return;
                }
            }
        }
    }

    private void apply(List<Letter> letters, EventConsumer consumer) {
        if (consumer.mode() == EventConsumer.Mode.OWN_TRANSACTION) {
            List<IncomingEvent> events = QuarkusTransaction.requiringNew().call(() -> withoutParked(letters, consumer));
            if (!events.isEmpty()) {
                consumer.apply(events);
            }
        } else {
            QuarkusTransaction.requiringNew().run(() -> {
                List<IncomingEvent> events = withoutParked(letters, consumer);
                if (consumer.mode() == EventConsumer.Mode.INBOX) {
                    events = claim(events, consumer);
                }
                if (!events.isEmpty()) {
                    consumer.apply(events);
                }
            });
        }
    }

    /** Parks unreadable records and those behind a parked one of the same key; answers the rest. */
    private List<IncomingEvent> withoutParked(List<Letter> letters, EventConsumer consumer) {
        Set<String> parkedKeys = parkedKeys(letters, consumer);
        // Only now: a reset that empties the tables has waited for what was just read from one, or is over.
        int epoch = epochs.current();
        List<IncomingEvent> events = new ArrayList<>(letters.size());
        for (Letter letter : letters) {
            if (letter.epoch() < epoch) {
                continue;
            }
            IncomingEvent event = letter.event();
            if (event == null) {
                park(letter, consumer, letter.fault());
                parkedKeys.add(letter.key());
            } else if (parkedKeys.contains(letter.key())) {
                park(letter, consumer, "An earlier record of this key is parked");
            } else {
                events.add(event);
            }
        }
        return events;
    }

    private Set<String> parkedKeys(List<Letter> letters, EventConsumer consumer) {
        Set<String> keys = new LinkedHashSet<>();
        letters.forEach(letter -> keys.add(letter.key()));
        String topic = letters.getFirst().record().topic();
        Set<String> waiting = parked.waiting(consumer.name(), topic, keys);
        if (waiting.isEmpty()) {
            return waiting;
        }
        // A replay may be about to apply what waits: we look again once it has.
        parked.lock(consumer.name());
        return parked.waiting(consumer.name(), topic, keys);
    }

    /** Remembers the events in the inbox; answers those that were not there yet, in the order given. */
    private List<IncomingEvent> claim(List<IncomingEvent> events, EventConsumer consumer) {
        if (events.isEmpty()) {
            return events;
        }
        Set<String> ids = new LinkedHashSet<>();
        events.forEach(event -> ids.add(event.id()));
        Set<String> fresh = new HashSet<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO inbox (consumer, event_id) SELECT ?, unnest(?) ON CONFLICT DO NOTHING RETURNING event_id")) {
            insert.setString(1, consumer.name());
            insert.setArray(2, SqlArrays.texts(connection, ids));
            try (ResultSet result = insert.executeQuery()) {
                while (result.next()) {
                    fresh.add(result.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not claim the inbox", e);
        }
        // remove() so that an event that stands twice in the batch is applied once
        return events.stream().filter(event -> fresh.remove(event.id())).toList();
    }

    /**
     * Applies a record that was parked, in the running transaction.
     *
     * @throws IllegalArgumentException if it still can't be read
     */
    void applyAgain(ConsumerRecord<String, byte[]> record, EventConsumer consumer) {
        String typeName = EventHeaders.text(record.headers(), CloudEventHeaders.TYPE);
        EventType type = typeName == null ? null : EventType.ofName(typeName).orElse(null);
        if (type == null) {
            throw new IllegalArgumentException("It can't be read: its type is " + typeName);
        }
        List<IncomingEvent> events;
        try {
            events = List.of(event(record, type));
        } catch (IOException e) {
            throw new IllegalArgumentException("It can't be read: " + e.getMessage(), e);
        }
        if (consumer.mode() == EventConsumer.Mode.INBOX) {
            events = claim(events, consumer);
        }
        if (!events.isEmpty()) {
            consumer.apply(events);
        }
    }

    private void parkAlone(Letter letter, EventConsumer consumer, String reason) throws InterruptedException {
        while (true) {
            try {
                QuarkusTransaction.requiringNew().run(() -> park(letter, consumer, reason));
                return;
            } catch (RuntimeException e) {
                if (!Transience.isTransient(e)) {
                    throw e;
                }
                TimeUnit.SECONDS.sleep(1);
            }
        }
    }

    private void park(Letter letter, EventConsumer consumer, String reason) {
        ConsumerRecord<String, byte[]> record = letter.record();
        byte[] payload = record.value() == null ? new byte[0] : record.value();
        StringBuilder headers = new StringBuilder(EventHeaders.format(record.headers()));
        if (!parked.add(consumer.name(), record, letter.key(), headers.toString(), reason)) {
            return;
        }
        afterCommit.run(() -> {
            LOG.errorf("Parked %s for %s: %s", place(letter), consumer.name(), reason);
            deadLetters(metrics, consumer).increment();
        });
        EventHeaders.add(headers, "cumulet_reason", reason);
        EventHeaders.add(headers, "cumulet_consumer", consumer.name());
        EventHeaders.add(headers, "cumulet_place", place(letter));
        outbox.appendRaw(record.topic() + ".dead-letter", letter.key(), headers.toString(), payload);
    }

    /** Counts what a consumer has parked since this process began. */
    public static Counter deadLetters(MeterRegistry metrics, EventConsumer consumer) {
        return metrics.counter("cumulet.dead.letters", "consumer", consumer.name());
    }

    private static String place(Letter letter) {
        ConsumerRecord<String, byte[]> record = letter.record();
        return record.topic() + "-" + record.partition() + "@" + record.offset() + " (key " + letter.key() + ")";
    }
}
