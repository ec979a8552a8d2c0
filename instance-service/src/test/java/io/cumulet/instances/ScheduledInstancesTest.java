package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.operator;
import static io.cumulet.instances.Stack.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.CommitmentSnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Launches into Scheduled Reserved Instances, on a clock that stands still between steps. A boot takes 30 s, an end 20 s. */
@QuarkusTest
@TestProfile(SlowDriverTest.Slow.class)
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class ScheduledInstancesTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();
    private final String id = UUID.randomUUID().toString();
    private Instant slot;

    @BeforeEach
    void freeze() {
        clock("freeze", null);
        slot = stack.now().truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        buy();
    }

    @AfterEach
    void run() {
        clock("run", null);
    }

    @Test
    void instancesRunInsideTheSlotAloneAndAreTerminatedThreeMinutesBeforeItEnds() {
        launched(Map.of()).statusCode(409).body("detail", org.hamcrest.Matchers.containsString(slot.toString()));
        advanceTo(slot);
        // As many as were bought, in their zone; protection doesn't keep them.
        List<String> launched = launched(Map.of("maxCount", 5, "disableApiTermination", true, "clientToken", "a"))
                .statusCode(201)
                .body("instances", hasSize(2))
                .body("instances.availabilityZone", everyItem(equalTo("us-east-1a")))
                .body("instances.scheduledInstanceId", everyItem(equalTo(id)))
                .extract()
                .path("instances.instanceId");
        launched(Map.of("maxCount", 5, "disableApiTermination", true, "clientToken", "a"))
                .statusCode(201)
                .body("instances.instanceId", equalTo(launched));
        isRefused(launched(Map.of()), 409, "ScheduledInstanceSlotUnavailable", "scheduledInstanceId");
        String first = launched.getFirst();
        advanceTo(slot.plusSeconds(60));
        isRefused(as(account).post("/v1/instances/{id}/stop", first).then(), 400, "UnsupportedOperation");
        isRefused(as(account).post("/v1/instances/{id}/reboot", first).then(), 400, "UnsupportedOperation");

        // One that its owner terminates makes room for another.
        String second = launched.getLast();
        as(account)
                .body(Map.of("disableApiTermination", false))
                .patch("/v1/instances/{id}", second)
                .then()
                .statusCode(200);
        as(account).delete("/v1/instances/{id}", second).then().statusCode(200);
        advanceTo(slot.plusSeconds(120));
        launched(Map.of()).statusCode(201);

        Instant end = slot.plus(4, ChronoUnit.HOURS).minusSeconds(180);
        advanceTo(end.minusSeconds(1));
        assertThat(state(account, first)).isEqualTo("running");
        advanceTo(end);
        as(account)
                .get("/v1/instances/{id}", first)
                .then()
                .body("state", equalTo("shutting-down"))
                .body("stateReason.code", equalTo("Server.ScheduledInstanceTermination"));
        isRefused(launched(Map.of()), 409, "ScheduledInstanceSlotUnavailable", "scheduledInstanceId");
        advanceTo(end.plusSeconds(20));
        stack.awaitTypes(
                first, "instance.requested", "instance.launched", "instance.terminating", "instance.terminated");
        List<Stack.Told> told = stack.told(Topic.INSTANCES_LIFECYCLE, first);
        InstanceSnapshot terminating = told.get(2).body(InstanceSnapshot.class);
        assertThat(told.get(2).headers())
                .containsEntry(
                        CloudEventHeaders.CAUSE_ID, told.getFirst().headers().get(CloudEventHeaders.ID));
        assertThat(terminating.scheduledInstanceId()).isEqualTo(id);
        assertThat(terminating.occurredAt()).isEqualTo(end);

        // The copy can be made anew, and the next slot is tomorrow's.
        operator()
                .post("/v1/projections/scheduled-instance-copy/rebuild")
                .then()
                .statusCode(200);
        isRefused(launched(Map.of()), 409, "ScheduledInstanceSlotUnavailable");
        advanceTo(slot.plus(1, ChronoUnit.DAYS));
        launched(Map.of("minCount", 2)).statusCode(201);
    }

    @Test
    void onlyWhatWasBoughtCanBeLaunchedAndOnlyByWhoBoughtIt() {
        advanceTo(slot);
        isRefused(
                launch(Stack.newAccount(), launchOf("m4.large", "scheduledInstanceId", id)),
                404,
                "InvalidScheduledInstance",
                "scheduledInstanceId");
        isRefused(
                as(account)
                        .queryParam("region", "eu-west-1")
                        .body(Map.of("imageId", "ami-785db401", "instanceType", "m4.large", "scheduledInstanceId", id))
                        .post("/v1/instances")
                        .then(),
                404,
                "InvalidScheduledInstance",
                "scheduledInstanceId");
        isRefused(
                launch(account, launchOf("m4.xlarge", "scheduledInstanceId", id)),
                400,
                "ScheduledInstanceParameterMismatch",
                "instanceType");
        isRefused(launched(Map.of("imageId", Stack.WINDOWS)), 400, "ScheduledInstanceParameterMismatch", "imageId");
        isRefused(
                launched(Map.of("placement", Map.of("availabilityZone", "us-east-1b"))),
                400,
                "ScheduledInstanceParameterMismatch",
                "placement.availabilityZone");
        isRefused(
                launched(Map.of("market", Map.of("type", "spot"))),
                400,
                "InvalidParameterCombination",
                "scheduledInstanceId");
        isRefused(launched(Map.of("minCount", 3)), 409, "ScheduledInstanceSlotUnavailable", "scheduledInstanceId");
        as(account).get("/v1/instances").then().body("instances", hasSize(0));
    }

    /** Two m4.large in us-east-1a for four hours a day. Its purchase comes after its first slot was told of: twice. */
    private void buy() {
        for (int version : List.of(2, 1, 2)) {
            stack.tell(
                    version == 1 ? EventType.COMMITMENT_PURCHASED : EventType.COMMITMENT_ACTIVATED,
                    id,
                    account,
                    version,
                    new CommitmentSnapshot(
                            id,
                            account,
                            "scheduled-instances",
                            "active",
                            version,
                            "us-east-1",
                            "us-east-1a",
                            "m4.large",
                            null,
                            "linux",
                            "scheduled",
                            2,
                            "0",
                            "0.095",
                            null,
                            "no-upfront",
                            1,
                            slot.minusSeconds(1),
                            slot,
                            slot.plus(365, ChronoUnit.DAYS),
                            null,
                            null,
                            new CommitmentSnapshot.Schedule("daily", 1, List.of(), 4)));
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        isRefused(launched(Map.of()), 409, "ScheduledInstanceSlotNotOpen", "scheduledInstanceId"));
    }

    private ValidatableResponse launched(Map<String, Object> more) {
        Map<String, Object> body = launchOf("m4.large", "scheduledInstanceId", id);
        body.putAll(more);
        return launch(account, body);
    }

    private void advanceTo(Instant moment) {
        clock("advance", Duration.between(stack.now(), moment).toString());
    }

    private static void clock(String action, String by) {
        operator()
                .body(by == null ? Map.of("action", action) : Map.of("action", action, "duration", by))
                .post("/v1/clock")
                .then()
                .statusCode(200);
    }
}
