package io.cumulet.plumbing.suite;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.contract.ClockSnapshot;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Topic;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.AdvisoryLock;
import io.cumulet.plumbing.calls.ServiceCalls;
import io.cumulet.plumbing.clock.ClockFollower;
import io.cumulet.plumbing.clock.ClockMode;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.outbox.EventHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Moves the stack's clock so that all timers of all services fire in order.
 *
 * <pre>
 *   advance to T:  freeze ─► quiet? ─► earliest timer ≤ T of any service? ──yes──► set the clock to it ─┐
 *                              ▲                        └─no─► set the clock to T ─► quiet? ─► done     │
 *                              └────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * Kafka carries the time ({@code stack.clock}); REST is the barrier ({@code /v1/status}): the suite is quiet when every
 * process of every service follows the newest time and twice in a row reports nothing pending and no activity in between.
 * There are no periodic ticks: a month costs as many rounds as there are timers in it.
 *
 * <p>A process that refuses the connection is dead and has nothing under way: what it left is in the database, for the
 * service's other processes. One of each service has to answer.
 */
@ApplicationScoped
public class ClockCoordinator {

    private static final Logger LOG = Logger.getLogger(ClockCoordinator.class);
    private static final String KEY = "clock";
    private static final TopicPartition CLOCK = new TopicPartition(Topic.STACK_CLOCK.topicName(), 0);
    private static final long LOCK_KEY = 0x43554d554c455432L;
    private static final String STATUS = "/v1/status";
    private static final String EPOCH = STATUS + "/epoch";
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration TURN = Duration.ofSeconds(1);

    private final StackClock clock;
    private final ClockFollower follower;
    private final DataSource dataSource;
    private final SuiteConfig config;
    private final Producer<String, byte[]> producer;
    private final Admin admin;
    private final ObjectMapper json;
    private final ServiceCalls calls;
    /** Within this process; between processes the database's lock says so. */
    private final ReentrantLock oneAtATime = new ReentrantLock();

    public ClockCoordinator(
            StackClock clock,
            ClockFollower follower,
            DataSource dataSource,
            SuiteConfig config,
            Producer<String, byte[]> producer,
            Admin admin,
            ObjectMapper json,
            ServiceCalls calls) {
        this.clock = clock;
        this.follower = follower;
        this.dataSource = dataSource;
        this.config = config;
        this.producer = producer;
        this.admin = admin;
        this.json = json;
        this.calls = calls;
    }

    /**
     * The first record of a new stack: running, in real time.
     *
     * @throws RefusedException if somebody moves the clock at this moment; whether it is still new shows afterwards
     */
    public void announceIfNew() throws InterruptedException {
        clock.awaitReady();
        if (clock.isMovable() && clock.state() == null) {
            exclusively(() -> {
                ClockSnapshot moved = clock.state();
                return moved == null ? publish(ClockMode.RUNNING, clock.realInstant(), clock.epoch()) : moved;
            });
        }
    }

    /** Stops the clock where it is, once all that is under way has settled. */
    public ClockSnapshot freeze() {
        return exclusively(() -> {
            ClockSnapshot frozen = freezeNow();
            awaitQuiet();
            return frozen;
        });
    }

    /** Lets the clock run on from where it stands. */
    public ClockSnapshot run() {
        return exclusively(() -> publish(ClockMode.RUNNING, clock.instant(), clock.epoch()));
    }

    /**
     * Moves the clock forward; it goes on running afterwards if it ran before.
     *
     * @param duration more than nothing
     */
    public ClockSnapshot advance(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "duration", "The clock moves forward only: " + duration)
                    .asException();
        }
        return exclusively(() -> {
            boolean wasFrozen = clock.isFrozen();
            Instant target = freezeNow().at().plus(duration);
            List<Processes> suite = awaitQuiet();
            while (clock.instant().isBefore(target)) {
                publish(ClockMode.FROZEN, earliestTimer(suite, target), clock.epoch());
                suite = awaitQuiet();
            }
            return wasFrozen
                    ? Objects.requireNonNull(clock.state())
                    : publish(ClockMode.RUNNING, target, clock.epoch());
        });
    }

    /** Empties the whole stack: every table, every topic. A new epoch begins, in real time, with a running clock. */
    public ClockSnapshot reset() {
        return exclusively(() -> {
            Map<TopicPartition, RecordsToDelete> old = recordsSoFar();
            ClockSnapshot begun = publish(ClockMode.RUNNING, clock.realInstant(), clock.epoch() + 1);
            awaitEpoch(begun.epoch());
            // What is left of the old epoch is nobody's to read: the topics are emptied for their disk's and their
            // readers' sake.
            admin.deleteRecords(old).all().get();
            return begun;
        });
    }

    private ClockSnapshot freezeNow() throws InterruptedException {
        ClockSnapshot current = clock.state();
        return current != null && clock.isFrozen()
                ? current
                : publish(ClockMode.FROZEN, clock.instant(), clock.epoch());
    }

    private static Instant earliestTimer(List<Processes> suite, Instant target) {
        Instant earliest = target;
        for (Processes service : suite) {
            for (ServiceStatus status : service.statuses()) {
                Instant next = status.nextTimer();
                if (next != null && next.isBefore(earliest)) {
                    earliest = next;
                }
            }
        }
        return earliest;
    }

    /** Publishes a new state of the clock and waits until this process follows it. */
    private ClockSnapshot publish(ClockMode mode, Instant at, int epoch) throws InterruptedException {
        ClockSnapshot current = clock.state();
        long version = current == null ? 1 : current.version() + 1;
        ClockSnapshot next = new ClockSnapshot(mode.code(), at, clock.realInstant(), epoch, version);
        StringBuilder headers = new StringBuilder();
        EventHeaders.add(headers, CloudEventHeaders.SPEC_VERSION, "1.0");
        EventHeaders.add(headers, CloudEventHeaders.ID, UUID.randomUUID().toString());
        EventHeaders.add(
                headers,
                CloudEventHeaders.SOURCE,
                "/" + Topic.STACK_CLOCK.owner().service());
        EventHeaders.add(headers, CloudEventHeaders.TYPE, EventType.CLOCK_SET.typeName());
        EventHeaders.add(headers, CloudEventHeaders.TIME, at.toString());
        EventHeaders.add(headers, CloudEventHeaders.SUBJECT, KEY);
        EventHeaders.add(headers, CloudEventHeaders.CONTENT_TYPE, "application/json");
        EventHeaders.add(headers, CloudEventHeaders.ACCOUNT, AccountId.OPERATOR.value());
        EventHeaders.add(headers, CloudEventHeaders.REGION, Region.DEFAULT.value());
        EventHeaders.add(headers, CloudEventHeaders.EPOCH, Integer.toString(epoch));
        EventHeaders.add(headers, CloudEventHeaders.AGGREGATE_VERSION, Long.toString(version));
        try {
            Future<RecordMetadata> acknowledgement = producer.send(new ProducerRecord<>(
                    Topic.STACK_CLOCK.topicName(),
                    0,
                    null,
                    KEY,
                    ContractJson.write(next),
                    EventHeaders.parse(headers.toString())));
            // Nothing else will come that it could share a request with.
            producer.flush();
            acknowledgement.get();
        } catch (ExecutionException e) {
            throw Refusal.of(ErrorCode.UNAVAILABLE, "Kafka does not take the clock's new time")
                    .asException();
        }
        long deadline = System.nanoTime() + config.quietTimeout().toNanos();
        while (true) {
            ClockSnapshot followed = clock.state();
            if (followed != null && followed.version() >= version) {
                return next;
            }
            if (System.nanoTime() > deadline) {
                throw Refusal.of(ErrorCode.UNAVAILABLE, "This service does not follow the clock it has set")
                        .asException();
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** Waits until the suite is quiet; answers the services' status then. */
    private List<Processes> awaitQuiet() throws InterruptedException {
        ClockSnapshot wanted = Objects.requireNonNull(clock.state());
        long deadline = System.nanoTime() + config.quietTimeout().toNanos();
        long quietActivity = -1;
        while (true) {
            List<Processes> suite = askAll(STATUS);
            boolean quiet = suite.stream()
                    .allMatch(service -> service.isQuiet()
                            && service.all(status ->
                                    status.clockVersion() >= wanted.version() && status.epoch() == wanted.epoch()));
            long activity = suite.stream()
                    .flatMap(service -> service.statuses().stream())
                    .mapToLong(ServiceStatus::activity)
                    .sum();
            if (quiet && activity == quietActivity) {
                return suite;
            }
            quietActivity = quiet ? activity : -1;
            if (System.nanoTime() > deadline) {
                throw Refusal.of(
                                ErrorCode.UNAVAILABLE,
                                "The stack did not become quiet at " + wanted.at() + ": " + busy(suite))
                        .asException();
            }
            if (!quiet) {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            }
        }
    }

    private void awaitEpoch(int epoch) throws InterruptedException {
        long deadline = System.nanoTime() + config.quietTimeout().toNanos();
        while (true) {
            if (askAll(EPOCH).stream().allMatch(service -> service.all(status -> status.epoch() >= epoch))) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw Refusal.of(ErrorCode.UNAVAILABLE, "Not every service followed the reset")
                        .asException();
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    private static String busy(List<Processes> suite) {
        List<String> busy = new ArrayList<>();
        for (Processes service : suite) {
            if (!service.isQuiet()) {
                for (ServiceStatus status : service.statuses()) {
                    busy.add(status.service() + " has " + status.pending());
                }
            }
        }
        return busy.isEmpty() ? "services follow the clock late" : String.join("; ", busy);
    }

    private List<Processes> askAll(String path) throws InterruptedException {
        List<List<CompletableFuture<HttpResponse<byte[]>>>> answers = new ArrayList<>();
        for (List<URI> processes : config.services()) {
            answers.add(processes.stream().map(url -> ask(url, path)).toList());
        }
        List<Processes> suite = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            suite.add(read(config.services().get(i), answers.get(i)));
        }
        return suite;
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(URI url, String path) {
        HttpRequest request = calls.asItself(
                        HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(20)))
                .build();
        return calls.http().sendAsync(request, BodyHandlers.ofByteArray());
    }

    /** @throws io.cumulet.kernel.RefusedException if none of the processes answers, or one does with an error */
    private Processes read(List<URI> urls, List<CompletableFuture<HttpResponse<byte[]>>> answers)
            throws InterruptedException {
        List<ServiceStatus> statuses = new ArrayList<>();
        boolean complete = true;
        String dead = "";
        for (int i = 0; i < urls.size(); i++) {
            String fault;
            try {
                HttpResponse<byte[]> response = answers.get(i).get(30, TimeUnit.SECONDS);
                if (response.statusCode() == 200) {
                    statuses.add(json.readValue(response.body(), ServiceStatus.class));
                    continue;
                }
                fault = "it answers with status " + response.statusCode();
            } catch (ExecutionException e) {
                LOG.debugf(e, "%s doesn't answer", urls.get(i));
                fault = "it can't be reached";
                if (e.getCause() instanceof ConnectException && urls.size() > 1) {
                    dead = fault;
                    continue;
                }
                if (e.getCause() instanceof IOException && urls.size() > 1) {
                    // It ends, or has just ended; the next round tells.
                    complete = false;
                    dead = fault;
                    continue;
                }
            } catch (TimeoutException e) {
                fault = "it answers too late";
            } catch (IOException e) {
                LOG.warnf(e, "%s answers what isn't a status", urls.get(i));
                fault = "its answer can't be read";
            }
            throw missing(urls.get(i).toString(), fault);
        }
        if (statuses.isEmpty()) {
            throw missing(String.join(" or ", urls.stream().map(URI::toString).toList()), dead);
        }
        return new Processes(statuses, complete);
    }

    private static RefusedException missing(String urls, String fault) {
        return Refusal.of(ErrorCode.UNAVAILABLE, "The clock needs every service, and " + urls + " is missing: " + fault)
                .asException();
    }

    private Map<TopicPartition, RecordsToDelete> recordsSoFar() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (Topic topic : Topic.values()) {
            if (topic == Topic.STACK_CLOCK) {
                continue;
            }
            for (int partition = 0; partition < topic.partitions(); partition++) {
                ends.put(new TopicPartition(topic.topicName(), partition), OffsetSpec.latest());
            }
            ends.put(new TopicPartition(topic.deadLetterName(), 0), OffsetSpec.latest());
        }
        Map<TopicPartition, OffsetSpec> beginnings = new HashMap<>(ends);
        beginnings.replaceAll((partition, unused) -> OffsetSpec.earliest());
        KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> first =
                admin.listOffsets(beginnings).all();
        Map<TopicPartition, RecordsToDelete> records = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                admin.listOffsets(ends).all().get().entrySet()) {
            long offset = end.getValue().offset();
            ListOffsetsResultInfo beginning = first.get().get(end.getKey());
            if (beginning == null || beginning.offset() < offset) {
                records.put(end.getKey(), RecordsToDelete.beforeOffset(offset));
            }
        }
        return records;
    }

    /** A step that may wait for others. */
    @FunctionalInterface
    private interface Step {
        ClockSnapshot run() throws InterruptedException, ExecutionException;
    }

    private ClockSnapshot exclusively(Step step) {
        if (!clock.isMovable()) {
            throw Refusal.of(
                            ErrorCode.UNSUPPORTED_OPERATION,
                            "This stack runs on the system's clock, which can't be moved")
                    .asException();
        }
        takeTurn();
        try (AdvisoryLock unused =
                AdvisoryLock.tryTake(dataSource, LOCK_KEY).orElseThrow(ClockCoordinator::movedByAnother)) {
            catchUp();
            return step.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while moving the clock", e);
        } catch (ExecutionException e) {
            LOG.warn("Kafka refused", e);
            throw Refusal.of(ErrorCode.UNAVAILABLE, "Kafka: " + e.getCause()).asException();
        } catch (SQLException e) {
            LOG.warn("The database can't say who moves the clock", e);
            throw Refusal.of(ErrorCode.UNAVAILABLE, "The database is away: " + e.getMessage())
                    .asException();
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Waits for a short move, such as the first announcement of a new stack; a long one refuses others. */
    private void takeTurn() {
        try {
            if (!oneAtATime.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw movedByAnother();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while waiting to move the clock", e);
        }
    }

    private static RefusedException movedByAnother() {
        return Refusal.of(ErrorCode.UNAVAILABLE, "The clock is being moved by another call")
                .asException();
    }

    /** Another process of this service may have moved the clock a moment ago: its record has to be followed first. */
    private void catchUp() throws InterruptedException, ExecutionException {
        long end = admin.listOffsets(Map.of(CLOCK, OffsetSpec.latest()))
                .partitionResult(CLOCK)
                .get()
                .offset();
        long deadline = System.nanoTime() + config.quietTimeout().toNanos();
        while (follower.readUpTo() < end) {
            if (System.nanoTime() > deadline) {
                throw Refusal.of(ErrorCode.UNAVAILABLE, "This service does not follow the clock")
                        .asException();
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** The clock as it stands, for callers that only look. */
    public @Nullable ClockSnapshot state() {
        return clock.state();
    }
}
