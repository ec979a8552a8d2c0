package io.cumulet.plumbing;

import static io.cumulet.plumbing.PriceRecords.batch;
import static io.cumulet.plumbing.PriceRecords.record;
import static io.cumulet.plumbing.PriceRecords.unreadable;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.contract.EventType;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.intake.DeadLetters;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class DeadLettersTest {

    @Inject
    Intake intake;

    @Inject
    DeadLetters deadLetters;

    @Inject
    PriceBook book;

    @Inject
    StackClock clock;

    private final String key = "key-" + UUID.randomUUID();

    @BeforeEach
    void nothingIsRefused() {
        book.refused.clear();
    }

    private void arrive(String... prices) {
        for (String price : prices) {
            intake.process(batch(record(key, price, clock.epoch())), book);
        }
    }

    @Test
    void onceTheCauseIsFixedAReplayAppliesTheRecordAndWhatCameBehindItInOrder() {
        book.refused.add("2");
        arrive("1", "2", "3", "4");
        assertThat(book.prices.get(key)).containsExactly("1");

        DeadLetters.Replay tooEarly = deadLetters.replay(PriceBook.NAME, null, key);
        assertThat(tooEarly.replayed()).isZero();
        assertThat(tooEarly.stillFailing())
                .singleElement()
                .satisfies(failing -> assertThat(failing.reason()).contains("No room in the book for 2"));

        book.refused.clear();
        assertThat(deadLetters.replay(PriceBook.NAME, null, key)).isEqualTo(new DeadLetters.Replay(3, List.of()));
        arrive("5");
        assertThat(book.prices.get(key)).containsExactly("1", "2", "3", "4", "5");
        assertThat(deadLetters.replay(PriceBook.NAME, null, key).replayed()).isZero();
    }

    @Test
    void aRecordThatStillFailsStopsItsKeyAlone() {
        String other = "other-" + key;
        book.refused.add("2");
        book.refused.add("9");
        arrive("1", "2", "3", "9", "4");
        intake.process(batch(record(other, "9", clock.epoch()), record(other, "10", clock.epoch())), book);
        book.refused.remove("2");
        DeadLetters.Replay replay = deadLetters.replay(PriceBook.NAME, null, null);
        assertThat(replay.stillFailing())
                .extracting(DeadLetters.Replay.Failing::key)
                .contains(key, other);
        assertThat(book.prices.get(key)).containsExactly("1", "2", "3");
        assertThat(book.prices).doesNotContainKey(other);
        book.refused.clear();
        deadLetters.replay(PriceBook.NAME, null, null);
        assertThat(book.prices.get(key)).containsExactly("1", "2", "3", "9", "4");
        assertThat(book.prices.get(other)).containsExactly("9", "10");
    }

    @Test
    void aReplayAndNewRecordsAtOnceLeaveNothingWaitingAndKeepTheOrder() {
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            String poison = "p" + round;
            book.refused.add(poison);
            arrive(poison, "a" + round, "b" + round);
            book.refused.clear();
            CompletableFuture<?> replay =
                    CompletableFuture.runAsync(() -> deadLetters.replay(PriceBook.NAME, null, key));
            arrive("c" + round, "d" + round, "e" + round);
            replay.join();
            expected.addAll(List.of(poison, "a" + round, "b" + round, "c" + round, "d" + round, "e" + round));
            // Whatever the intake parked behind the last one was parked before the replay looked, or not at all.
            assertThat(deadLetters.replay(PriceBook.NAME, null, key).replayed())
                    .as("round %d", round)
                    .isZero();
        }
        assertThat(book.prices.get(key)).containsExactlyElementsOf(expected);
    }

    @Test
    void operatorsListShowAndDiscardThem() {
        intake.process(batch(unreadable(key, clock.epoch()), record(key, "7", clock.epoch())), book);
        String list = "/v1/dead-letters?consumer=" + PriceBook.NAME + "&key=" + key;
        String next = operator()
                .get(list + "&maxResults=1")
                .then()
                .statusCode(200)
                .body("deadLetters.size()", equalTo(1))
                .body("deadLetters[0].topic", equalTo("spot.prices"))
                .body("deadLetters[0].reason", containsString("can't be read"))
                .extract()
                .path("nextToken");
        operator()
                .get(list + "&maxResults=1&nextToken=" + next)
                .then()
                .body("deadLetters.size()", equalTo(1))
                .body("deadLetters[0].reason", containsString("earlier record"))
                .body("nextToken", equalTo(null));
        int id = operator().get(list).then().extract().path("deadLetters[0].id");
        operator()
                .get("/v1/dead-letters/" + id)
                .then()
                .statusCode(200)
                .body("payload", equalTo("not json"))
                .body("headers.ce_type", equalTo("spot.price-changed"));
        operator().delete("/v1/dead-letters/" + id).then().statusCode(204);
        operator().delete("/v1/dead-letters/" + id).then().statusCode(404).body("field", equalTo("id"));
        operator()
                .contentType("application/json")
                .body("{\"key\": \"" + key + "\"}")
                .post("/v1/dead-letters/replay")
                .then()
                .statusCode(200)
                .body("replayed", equalTo(1))
                .body("stillFailing.size()", equalTo(0));
        assertThat(book.prices.get(key)).containsExactly("7");
        operator().get("/v1/dead-letters/none").then().statusCode(404).body("code", equalTo("NotFound"));
        given().get("/v1/dead-letters").then().statusCode(403);
        given().contentType("application/json")
                .body("{}")
                .post("/v1/dead-letters/replay")
                .then()
                .statusCode(403);
    }

    @Test
    void theyAreCountedFromNoneOn() {
        String counter = "cumulet_dead_letters_total{consumer=\"" + SilentBook.NAME + "\"} 0.0";
        assertThat(given().get("/q/metrics").then().extract().asString()).contains(counter);
    }

    /** A consumer that nothing comes to. */
    @Singleton
    static final class SilentBook implements EventConsumer {

        static final String NAME = "silent-book";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Set<EventType> wants() {
            return Set.of();
        }

        @Override
        public void apply(List<IncomingEvent> events) {
            throw new IllegalStateException("Nothing is wanted");
        }
    }

    private static RequestSpecification operator() {
        return given().header("Authorization", "Bearer operator");
    }
}
