package io.cumulet.plumbing;

import static io.cumulet.plumbing.PriceRecords.batch;
import static io.cumulet.plumbing.PriceRecords.ofType;
import static io.cumulet.plumbing.PriceRecords.record;
import static io.cumulet.plumbing.PriceRecords.unreadable;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class IntakeTest {

    @Inject
    Intake intake;

    @Inject
    StackClock clock;

    @Inject
    DataSource dataSource;

    /** Remembers what it was given; refuses prices it is told to. */
    private static final class Remembering implements EventConsumer {
        final String name = "test-" + UUID.randomUUID();
        final List<String> applied = new ArrayList<>();
        int unavailableTimes;

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<EventType> wants() {
            return Set.of(EventType.SPOT_PRICE_CHANGED);
        }

        @Override
        public void apply(List<IncomingEvent> events) {
            if (unavailableTimes-- > 0) {
                // As a consumer of a zone's queue gets it: inside what its future failed with.
                throw new CompletionException(
                        Refusal.of(ErrorCode.UNAVAILABLE, "The queue is full").asException());
            }
            List<String> now = new ArrayList<>();
            for (IncomingEvent event : events) {
                String price = event.data(SpotPriceSnapshot.class).price();
                if (price.equals("poison")) {
                    throw new IllegalArgumentException("poison");
                }
                now.add(event.key() + "=" + price);
            }
            applied.addAll(now);
        }
    }

    @Test
    void aRedeliveredEventChangesNothing() {
        Remembering consumer = new Remembering();
        ConsumerRecord<String, byte[]> record = record("a", "1", clock.epoch());
        intake.process(batch(record, record), consumer);
        intake.process(batch(record), consumer);
        assertThat(consumer.applied).containsExactly("a=1");
    }

    @Test
    void poisonInTheMiddleIsParkedWithWhatFollowsForItsKeyAndNeighboursGoOn() {
        Remembering consumer = new Remembering();
        ConsumerRecord<String, byte[]> spoiled = unreadable("c", clock.epoch());
        intake.process(
                batch(
                        record("a", "1", clock.epoch()),
                        record("b", "poison", clock.epoch()),
                        spoiled,
                        record("a", "2", clock.epoch()),
                        record("b", "2", clock.epoch()),
                        record("c", "2", clock.epoch()),
                        record("d", "1", clock.epoch())),
                consumer);
        assertThat(consumer.applied).containsExactly("a=1", "a=2", "d=1");
        intake.process(batch(record("b", "3", clock.epoch()), record("a", "3", clock.epoch())), consumer);
        assertThat(consumer.applied).containsExactly("a=1", "a=2", "d=1", "a=3");
    }

    @Test
    void whatIsUnavailableForAWhileIsTriedAgainAndNotParked() {
        Remembering consumer = new Remembering();
        consumer.unavailableTimes = 2;
        intake.process(batch(record("a", "1", clock.epoch())), consumer);
        intake.process(batch(record("a", "2", clock.epoch())), consumer);
        assertThat(consumer.applied).containsExactly("a=1", "a=2");
    }

    @Test
    void eventsOfAnEarlierEpochAreOver() {
        Remembering consumer = new Remembering();
        intake.process(batch(record("a", "old", clock.epoch() - 1), record("a", "new", clock.epoch())), consumer);
        assertThat(consumer.applied).containsExactly("a=new");
    }

    @Test
    void whatWasReadBeforeAResetIsNotAppliedBehindIt() throws Exception {
        Remembering consumer = new Remembering();
        try (Connection reset = dataSource.getConnection();
                Statement statement = reset.createStatement();
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            reset.setAutoCommit(false);
            statement.execute("LOCK TABLE parked_record IN ACCESS EXCLUSIVE MODE");
            statement.execute("UPDATE stack_state SET epoch = epoch + 1");
            Future<?> intakeOfOld =
                    other.submit(() -> intake.process(batch(record("a", "old", clock.epoch())), consumer));
            await().atMost(Duration.ofSeconds(10)).until(this::somebodyWaitsForALock);
            reset.commit();
            intakeOfOld.get();
            assertThat(consumer.applied).isEmpty();
            statement.execute("UPDATE stack_state SET epoch = epoch - 1");
            reset.commit();
            reset.setAutoCommit(true);
        }
    }

    private boolean somebodyWaitsForALock() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet waiting = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
            waiting.next();
            return waiting.getInt(1) > 0;
        }
    }

    @Test
    void typesNobodyWantsAreSkippedUnparsed() {
        Remembering consumer = new Remembering();
        ConsumerRecord<String, byte[]> other = ofType("instance.launched", unreadable("a", clock.epoch()));
        ConsumerRecord<String, byte[]> unknown = ofType("of.tomorrow", unreadable("a", clock.epoch()));
        intake.process(batch(other, unknown, record("a", "1", clock.epoch())), consumer);
        assertThat(consumer.applied).containsExactly("a=1");
    }

    @Test
    void smallBatchesKeepAPaceAndABacklogDoesNot() {
        Remembering consumer = new Remembering();
        ConsumerRecord<String, byte[]> unwanted = ofType("instance.launched", unreadable("a", clock.epoch()));
        ConsumerRecords<String, byte[]> small = batch(unwanted);
        ConsumerRecords<String, byte[]> large =
                batch(Collections.nCopies(200, unwanted).toArray(ConsumerRecord[]::new));
        assertThat(timeOf(4, small, consumer)).isGreaterThanOrEqualTo(Duration.ofMillis(3 * 50));
        // They would wait for ten seconds; what is measured is a few milliseconds.
        assertThat(timeOf(200, large, consumer)).isLessThan(Duration.ofSeconds(5));
    }

    private Duration timeOf(int batches, ConsumerRecords<String, byte[]> each, EventConsumer consumer) {
        long start = System.nanoTime();
        for (int i = 0; i < batches; i++) {
            intake.process(each, consumer);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
