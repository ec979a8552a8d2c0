package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.awaitState;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.operator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a driver that takes its time, on a clock that stands still between steps. */
@QuarkusTest
@TestProfile(SlowDriverTest.Slow.class)
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class SlowDriverTest {

    public static class Slow implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("cumulet.driver.boot-time", "PT30S", "cumulet.driver.stop-time", "PT20S");
        }
    }

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();

    @BeforeEach
    void freeze() {
        clock("freeze", null);
    }

    @AfterEach
    void run() {
        clock("run", null);
    }

    @Test
    void anInstanceBootsAndStopsExactlyWhenItsTimeHasPassed() {
        Instant launched = stack.now();
        String id = pending();
        clock("advance", "PT29S");
        assertThat(Stack.state(account, id)).isEqualTo("pending");
        clock("advance", "PT1S");
        assertThat(Stack.state(account, id)).isEqualTo("running");

        as(account).post("/v1/instances/{id}/stop", id).then().statusCode(200).body("state", equalTo("stopping"));
        clock("advance", "PT1H");
        assertThat(Stack.state(account, id)).isEqualTo("stopped");
        List<Instant> times = stack.told(Topic.INSTANCES_LIFECYCLE, id).stream()
                .map(told -> told.body(InstanceSnapshot.class).occurredAt())
                .toList();
        assertThat(times)
                .containsExactly(
                        launched, launched.plusSeconds(30), launched.plusSeconds(30), launched.plusSeconds(50));
    }

    @Test
    void aPendingInstanceCanOnlyBeTaggedAndTerminated() {
        String id = pending();
        isRefused(as(account).post("/v1/instances/{id}/stop", id).then(), 409, "IncorrectInstanceState");
        isRefused(as(account).post("/v1/instances/{id}/reboot", id).then(), 409, "IncorrectInstanceState");
        as(account)
                .body(Map.of("tags", Map.of("Name", "early")))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200)
                .body("tags.Name", equalTo("early"));
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200).body("state", equalTo("shutting-down"));
        clock("advance", "PT5M");
        assertThat(Stack.state(account, id)).isEqualTo("terminated");
        stack.awaitTypes(id, "instance.requested", "instance.modified", "instance.terminating", "instance.terminated");
    }

    @Test
    void whatStopsKeepsItsCapacityUntilItIsStopped() {
        String host = Stack.addHost("us-east-1c", "i3", 2);
        Map<String, Object> there = Map.of("availabilityZone", "us-east-1c");
        String id = launch(account, launchOf("i3.large", "placement", there))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        clock("advance", "PT30S");
        as(account).post("/v1/instances/{id}/stop", id).then().statusCode(200);
        isRefused(launch(account, launchOf("i3.large", "placement", there)), 503, "InsufficientInstanceCapacity");
        isRefused(as(account).post("/v1/instances/{id}/start", id).then(), 409, "IncorrectInstanceState");
        clock("advance", "PT20S");
        operator().get("/v1/hosts/{id}", host).then().body("used.vcpus", equalTo(0));
    }

    @Test
    void aTerminatedInstanceIsSeenForAnHour() {
        String id = pending();
        clock("advance", "PT30S");
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200);
        clock("advance", "PT20S");
        awaitState(account, id, "terminated");
        clock("advance", "PT59M59S");
        assertThat(Stack.state(account, id)).isEqualTo("terminated");
        clock("advance", "PT1S");
        isRefused(as(account).get("/v1/instances/{id}", id).then(), 404, "InvalidInstanceID.NotFound");
        isRefused(as(account).delete("/v1/instances/{id}", id).then(), 404, "InvalidInstanceID.NotFound");
        as(account).get("/v1/instances").then().body("instances", hasSize(0));
    }

    @Test
    void aResetLeavesAStackLikeNew() {
        pending();
        operator().post("/v1/reset").then().statusCode(200);
        as(account).get("/v1/instances").then().body("instances", hasSize(0));
        String id = pending();
        clock("freeze", null);
        clock("advance", "PT30S");
        assertThat(Stack.state(account, id)).isEqualTo("running");
        as(account)
                .get("/v1/instances/{id}", id)
                .then()
                .body("privateIpAddress", equalTo("172.31.0.4"))
                .body("availabilityZone", equalTo("us-east-1a"));
    }

    private String pending() {
        return org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> launch(account, launchOf("t2.micro")).extract().path("instances[0].instanceId"),
                        org.hamcrest.Matchers.notNullValue());
    }

    private static void clock(String action, String duration) {
        operator()
                .body(duration == null ? Map.of("action", action) : Map.of("action", action, "duration", duration))
                .post("/v1/clock")
                .then()
                .statusCode(200);
    }
}
