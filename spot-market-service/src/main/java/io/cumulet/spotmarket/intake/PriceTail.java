package io.cumulet.spotmarket.intake;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.KafkaClients;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.PriceFeed;
import io.cumulet.spotmarket.config.PricingConfig;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows {@code spot.prices} for those who watch prices here, whichever process writes them. One consumer reads the topic's
 * end for all of them, and only while there is one; whoever resumes reads up to it with a consumer of his own first.
 *
 * <pre>
 *   spot.prices  ──────●───────────────●──────────►
 *                  resumes here     the tail: one consumer, a bounded queue for each follower
 *                      └─ own consumer ─┘
 * </pre>
 *
 * A position is where each partition goes on, as {@code 12-7-0-30}: the topic keeps everything, so that it holds for ever and
 * at any process.
 */
@ApplicationScoped
class PriceTail implements PriceFeed {

    private static final Logger LOG = Logger.getLogger(PriceTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}(-[0-9]{1,18})*");

    private final KafkaClients clients;
    private final StackClock clock;
    private final PricingConfig config;
    private final List<TopicPartition> partitions;

    /** Guards all below. */
    private final Object lock = new Object();

    private final Set<Following> followers = new HashSet<>();
    /** Where the tail is; null while nobody reads it. */
    private long @Nullable [] reached;

    private boolean stopping;

    PriceTail(KafkaClients clients, StackClock clock, PricingConfig config) {
        this.clients = clients;
        this.clock = clock;
        this.config = config;
        List<TopicPartition> all = new ArrayList<>();
        for (int partition = 0; partition < Topic.SPOT_PRICES.partitions(); partition++) {
            all.add(new TopicPartition(Topic.SPOT_PRICES.topicName(), partition));
        }
        this.partitions = List.copyOf(all);
    }

    void stop(@Observes ShutdownEvent event) {
        List<Following> all;
        synchronized (lock) {
            stopping = true;
            all = List.copyOf(followers);
        }
        all.forEach(Following::end);
    }

    @Override
    public Outcome<Follower> follow(@Nullable String after, Predicate<PoolId> wanted) {
        long[] from = after == null ? null : positions(after);
        if (after != null && from == null) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "Last-Event-ID", "This is not an event of this stream");
        }
        Following following = new Following(wanted);
        synchronized (lock) {
            if (isFull()) {
                return Outcome.refused(full());
            }
            if (reached != null) {
                join(following, reached, from);
                return Outcome.done(following);
            }
        }
        // Kafka may have to be waited for: whoever stops this process meanwhile must not wait too.
        Tail opened = openTail();
        boolean isNeeded;
        boolean joins;
        synchronized (lock) {
            joins = !isFull();
            isNeeded = joins && reached == null;
            if (joins) {
                reached = reached == null ? opened.ends : reached;
                join(following, reached, from);
            }
        }
        if (isNeeded) {
            Thread.ofPlatform().name("price-tail").daemon(true).start(() -> read(opened.consumer));
        } else {
            opened.consumer.close();
        }
        return joins ? Outcome.done(following) : Outcome.refused(full());
    }

    private boolean isFull() {
        return stopping || followers.size() >= config.mostStreams();
    }

    private Refusal full() {
        return Refusal.of(
                ErrorCode.UNAVAILABLE, "This process serves " + config.mostStreams() + " streams already, or stops");
    }

    private void join(Following following, long[] tail, long @Nullable [] from) {
        following.joins(tail.clone(), from);
        followers.add(following);
    }

    /** The topic from its end on. */
    private record Tail(Consumer<String, byte[]> consumer, long[] ends) {}

    private long @Nullable [] positions(String text) {
        if (!POSITION.matcher(text).matches()) {
            return null;
        }
        long[] offsets =
                Arrays.stream(text.split("-", -1)).mapToLong(Long::parseLong).toArray();
        return offsets.length == partitions.size() ? offsets : null;
    }

    private static String text(long[] offsets) {
        StringBuilder text = new StringBuilder();
        for (long offset : offsets) {
            text.append(text.isEmpty() ? "" : "-").append(offset);
        }
        return text.toString();
    }

    private Tail openTail() {
        Consumer<String, byte[]> consumer = clients.lonelyConsumer();
        long[] ends = new long[partitions.size()];
        try {
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            for (int i = 0; i < ends.length; i++) {
                ends[i] = consumer.position(partitions.get(i));
            }
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
        return new Tail(consumer, ends);
    }

    private void read(Consumer<String, byte[]> consumer) {
        try (consumer) {
            while (true) {
                Iterable<ConsumerRecord<String, byte[]>> records = consumer.poll(POLL);
                List<Following> slow;
                synchronized (lock) {
                    if (followers.isEmpty()) {
                        reached = null;
                        return;
                    }
                    slow = hand(records);
                }
                slow.forEach(Following::end);
            }
        } catch (RuntimeException e) {
            LOG.warn("The topic of prices can't be read; its followers are sent away", e);
            List<Following> all;
            synchronized (lock) {
                reached = null;
                all = List.copyOf(followers);
                followers.clear();
            }
            all.forEach(Following::end);
        }
    }

    /** Answers those who can't take them. */
    private List<Following> hand(Iterable<ConsumerRecord<String, byte[]>> records) {
        Set<Following> slow = new HashSet<>();
        long[] next = Objects.requireNonNull(reached);
        for (ConsumerRecord<String, byte[]> record : records) {
            read(record).ifPresent(price -> {
                for (Following follower : followers) {
                    if (follower.wanted.test(price.price().pool()) && !follower.queue.offer(price)) {
                        slow.add(follower);
                    }
                }
            });
            next[record.partition()] = record.offset() + 1;
        }
        return List.copyOf(slow);
    }

    /** A price and where it stands in the topic. */
    private record Placed(Pools.Price price, int partition, long offset) {}

    /** Empty for what is of another life of the stack, and for what can't be read. */
    private Optional<Placed> read(ConsumerRecord<String, byte[]> record) {
        if (!Integer.toString(clock.epoch()).equals(EventHeaders.text(record.headers(), CloudEventHeaders.EPOCH))) {
            return Optional.empty();
        }
        try {
            SpotPriceSnapshot told = ContractJson.read(record.value(), SpotPriceSnapshot.class);
            return Optional.of(new Placed(
                    new Pools.Price(
                            PoolId.parse(record.key()), told.version(), HourlyRate.of(told.price()), told.occurredAt()),
                    record.partition(),
                    record.offset()));
        } catch (IOException | RuntimeException e) {
            LOG.warnf("Not a price: %s-%d@%d: %s", record.topic(), record.partition(), record.offset(), e);
            return Optional.empty();
        }
    }

    /** Hears of everything from where it joined the tail; reads what lies before that itself. */
    private final class Following implements Follower {

        private final Predicate<PoolId> wanted;
        private final ArrayBlockingQueue<Placed> queue = new ArrayBlockingQueue<>(config.streamBacklog());
        private final Deque<Placed> read = new ArrayDeque<>();
        private final List<Runnable> whenOver = new ArrayList<>();
        private long[] position = {};
        private long[] joined = {};
        private @Nullable Consumer<String, byte[]> own;
        private volatile boolean over;

        Following(Predicate<PoolId> wanted) {
            this.wanted = wanted;
        }

        void joins(long[] tail, long @Nullable [] from) {
            joined = tail;
            position = tail.clone();
            if (from != null) {
                for (int i = 0; i < position.length; i++) {
                    // A position beyond the end is of a topic that was emptied since.
                    position[i] = Math.min(from[i], tail[i]);
                }
            }
        }

        @Override
        public Optional<Change> next(Duration patience) throws InterruptedException {
            while (!over && read.isEmpty() && isBehind()) {
                catchUp();
            }
            Placed next = read.poll();
            if (next == null && !over) {
                next = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            }
            if (next == null) {
                moveOn();
                return Optional.empty();
            }
            position[next.partition()] = next.offset() + 1;
            return Optional.of(new Change(next.price(), text(position)));
        }

        private boolean isBehind() {
            for (int i = 0; i < position.length; i++) {
                if (position[i] < joined[i]) {
                    return true;
                }
            }
            closeOwn();
            return false;
        }

        /** A part of what lies between; positions of partitions move behind what of it isn't wanted once it is taken. */
        private void catchUp() {
            Consumer<String, byte[]> consumer = own == null ? open() : own;
            if (hasCaughtUp(consumer)) {
                position = joined.clone();
                return;
            }
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < joined[record.partition()]) {
                    PriceTail.this
                            .read(record)
                            .filter(price -> wanted.test(price.price().pool()))
                            .ifPresent(read::add);
                }
            }
            if (read.isEmpty()) {
                for (int i = 0; i < position.length; i++) {
                    position[i] = Math.clamp(consumer.position(partitions.get(i)), position[i], joined[i]);
                }
            }
        }

        private boolean hasCaughtUp(Consumer<String, byte[]> consumer) {
            for (int i = 0; i < joined.length; i++) {
                if (consumer.position(partitions.get(i)) < joined[i]) {
                    return false;
                }
            }
            return true;
        }

        private Consumer<String, byte[]> open() {
            Consumer<String, byte[]> consumer = clients.lonelyConsumer();
            own = consumer;
            consumer.assign(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            for (int i = 0; i < position.length; i++) {
                TopicPartition partition = partitions.get(i);
                consumer.seek(partition, Math.max(position[i], beginnings.getOrDefault(partition, 0L)));
            }
            return consumer;
        }

        private void closeOwn() {
            if (own != null) {
                own.close();
                own = null;
            }
        }

        /** What came and wasn't wanted is behind it too, as long as nothing that is waits. */
        private void moveOn() {
            synchronized (lock) {
                if (reached != null && queue.isEmpty() && !over) {
                    position = reached.clone();
                }
            }
        }

        @Override
        public String position() {
            return text(position);
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public void onOver(Runnable action) {
            synchronized (whenOver) {
                if (!over) {
                    whenOver.add(action);
                    return;
                }
            }
            action.run();
        }

        void end() {
            List<Runnable> actions;
            synchronized (lock) {
                followers.remove(this);
            }
            synchronized (whenOver) {
                over = true;
                actions = List.copyOf(whenOver);
                whenOver.clear();
            }
            actions.forEach(Runnable::run);
        }

        @Override
        public void close() {
            synchronized (lock) {
                followers.remove(this);
            }
            synchronized (whenOver) {
                over = true;
                whenOver.clear();
            }
            closeOwn();
        }
    }
}
