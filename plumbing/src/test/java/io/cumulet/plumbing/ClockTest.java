package io.cumulet.plumbing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class ClockTest {

    @Inject
    StackClock clock;

    @Inject
    Timers timers;

    @Inject
    Reminders reminders;

    @BeforeEach
    void freeze() {
        command("freeze", null);
        reminders.fired.clear();
    }

    @AfterEach
    void run() {
        command("run", null);
    }

    @Test
    void aFrozenClockStandsStill() {
        Instant first = clock.instant();
        await().pollDelay(Duration.ofMillis(20)).until(() -> true);
        assertThat(clock.instant()).isEqualTo(first);
    }

    @Test
    void anAdvanceFiresTimersInOrderEachAtItsOwnTimeEvenThoseSetOnTheWay() {
        Instant start = clock.instant();
        QuarkusTransaction.requiringNew().run(() -> {
            timers.schedule("reminder", "late", start.plus(Duration.ofDays(20)), "");
            timers.schedule("reminder", "early", start.plus(Duration.ofDays(1)), "P2D");
            timers.schedule("reminder", "beyond", start.plus(Duration.ofDays(31)), "");
            timers.schedule("reminder", "cancelled", start.plus(Duration.ofDays(2)), "");
        });
        QuarkusTransaction.requiringNew().run(() -> timers.cancel("reminder", "cancelled"));

        command("advance", "P30D");

        assertThat(reminders.fired)
                .containsExactly(
                        new Reminders.Fired("early", start.plus(Duration.ofDays(1))),
                        new Reminders.Fired("early-again", start.plus(Duration.ofDays(3))),
                        new Reminders.Fired("late", start.plus(Duration.ofDays(20))));
        assertThat(clock.instant()).isEqualTo(start.plus(Duration.ofDays(30)));
        QuarkusTransaction.requiringNew().run(() -> timers.cancel("reminder", "beyond"));
    }

    @Test
    void aClockThatRunsGoesOnRunningFromWhereItWasMoved() {
        command("run", null);
        Instant before = clock.instant();
        command("advance", "PT1H");
        assertThat(clock.isFrozen()).isFalse();
        assertThat(clock.instant()).isCloseTo(before.plus(Duration.ofHours(1)), within(20, ChronoUnit.SECONDS));
    }

    @Test
    void aResetEmptiesTheDatabaseAndBeginsANewEpochInRealTime() {
        int epoch = clock.epoch();
        int resets = reminders.resets.get();
        QuarkusTransaction.requiringNew()
                .run(() -> timers.schedule("reminder", "gone", clock.instant().plus(Duration.ofHours(1)), ""));
        given().header("Authorization", "Bearer operator")
                .post("/v1/reset")
                .then()
                .statusCode(200)
                .body("epoch", equalTo(epoch + 1));
        assertThat(clock.epoch()).isEqualTo(epoch + 1);
        assertThat(reminders.resets.get()).isEqualTo(resets + 1);
        assertThat(clock.instant()).isCloseTo(clock.realInstant(), within(5, ChronoUnit.SECONDS));
        command("advance", "PT2H");
        assertThat(reminders.fired).isEmpty();
    }

    @Test
    void onlyAnOperatorMovesTheClockAndOnlyForward() {
        given().contentType("application/json")
                .body("{\"action\":\"freeze\"}")
                .post("/v1/clock")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("code", equalTo("UnauthorizedOperation"));
        given().header("Authorization", "Bearer operator")
                .contentType("application/json")
                .body("{\"action\":\"advance\",\"duration\":\"-PT1H\"}")
                .post("/v1/clock")
                .then()
                .statusCode(400)
                .body("field", equalTo("duration"));
    }

    private static void command(String action, String duration) {
        String body = duration == null
                ? "{\"action\":\"" + action + "\"}"
                : "{\"action\":\"" + action + "\",\"duration\":\"" + duration + "\"}";
        given().header("Authorization", "Bearer operator")
                .contentType("application/json")
                .body(body)
                .post("/v1/clock")
                .then()
                .statusCode(200);
    }
}
