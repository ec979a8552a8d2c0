package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.awaitState;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.operator;
import static io.cumulet.instances.Stack.running;
import static io.cumulet.instances.Stack.stopped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The state table of an instance, over REST and on Kafka. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class LifecycleTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();

    @Test
    void aRunningInstanceStopsAndGivesItsCapacityBackButKeepsItsAddress() {
        String host = Stack.addHost("us-east-1e", "i3", 8);
        String id = running(account, "i3.large", "placement", Map.of("availabilityZone", "us-east-1e"));
        operator().get("/v1/hosts/{id}", host).then().body("used.vcpus", equalTo(2));

        as(account)
                .post("/v1/instances/{id}/stop", id)
                .then()
                .statusCode(200)
                .body("state", equalTo("stopping"))
                .body("stateReason.code", equalTo("Client.UserInitiatedShutdown"));
        awaitState(account, id, "stopped");

        operator()
                .get("/v1/hosts/{id}", host)
                .then()
                .body("used.vcpus", equalTo(0))
                .body("used.memoryMib", equalTo(0));
        as(account).get("/v1/instances/{id}", id).then().body("privateIpAddress", equalTo("172.31.64.4"));
        stack.awaitTypes(id, "instance.requested", "instance.launched", "instance.stopping", "instance.stopped");
        List<InstanceSnapshot> told = stack.told(Topic.INSTANCES_LIFECYCLE, id).stream()
                .map(event -> event.body(InstanceSnapshot.class))
                .toList();
        assertThat(told).extracting(InstanceSnapshot::version).containsExactly(1L, 2L, 3L, 4L);
        assertThat(told.get(2).hostId()).isNotNull();
        assertThat(told.get(3).hostId()).isNull();
    }

    @Test
    void aStoppedInstanceStartsAgain() {
        String id = stopped(account, "t2.micro");
        as(account)
                .post("/v1/instances/{id}/start", id)
                .then()
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("stateReason", nullValue());
        awaitState(account, id, "running");
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.stopping",
                "instance.stopped",
                "instance.requested",
                "instance.started");
    }

    @Test
    void aStartWithoutRoomChangesNothing() {
        Stack.addHost("us-east-1f", "i3", 2);
        Map<String, Object> there = Map.of("availabilityZone", "us-east-1f");
        String id = stopped(account, "i3.large", "placement", there);
        running(account, "i3.large", "placement", there);
        isRefused(as(account).post("/v1/instances/{id}/start", id).then(), 503, "InsufficientInstanceCapacity");
        assertThat(Stack.state(account, id)).isEqualTo("stopped");
        stack.awaitTypes(id, "instance.requested", "instance.launched", "instance.stopping", "instance.stopped");
    }

    @Test
    void aRebootStaysInRunning() {
        String id = running(account, "t2.micro");
        as(account).post("/v1/instances/{id}/reboot", id).then().statusCode(200).body("state", equalTo("running"));
        stack.awaitTypes(id, "instance.requested", "instance.launched", "instance.rebooted");
    }

    @Test
    void aRunningInstanceTerminatesAndGivesBackCapacityAndAddress() {
        String id = running(account, "t2.micro");
        String subnet =
                as(account).get("/v1/instances/{id}", id).then().extract().path("subnetId");
        as(account).get("/v1/subnets/{id}", subnet).then().body("availableIpAddressCount", equalTo(4090));
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200).body("state", equalTo("shutting-down"));
        awaitState(account, id, "terminated");
        as(account).get("/v1/instances/{id}", id).then().body("privateIpAddress", nullValue());
        as(account).get("/v1/subnets/{id}", subnet).then().body("availableIpAddressCount", equalTo(4091));
        stack.awaitTypes(id, "instance.requested", "instance.launched", "instance.terminating", "instance.terminated");
    }

    @Test
    void aStoppedInstanceTerminates() {
        String id = stopped(account, "t2.micro");
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200);
        awaitState(account, id, "terminated");
    }

    @Test
    void anInstanceThatDoesNotBootEndsWithTheReason() {
        String id = launch(account, launchOf("t2.micro", "tags", Map.of("cumulet:driver", "fail-boot")))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        awaitState(account, id, "terminated");
        as(account).get("/v1/instances/{id}", id).then().body("stateReason.code", equalTo("Server.InternalError"));
        stack.awaitTypes(id, "instance.requested", "instance.failed");
    }

    @Test
    void aCommandWhoseTargetIsReachedAnswersAndSaysNothing() {
        String running = running(account, "t2.micro");
        as(account)
                .post("/v1/instances/{id}/start", running)
                .then()
                .statusCode(200)
                .body("state", equalTo("running"));
        stack.awaitTypes(running, "instance.requested", "instance.launched");

        String stopped = stopped(account, "t2.micro");
        as(account)
                .post("/v1/instances/{id}/stop", stopped)
                .then()
                .statusCode(200)
                .body("state", equalTo("stopped"));

        as(account).delete("/v1/instances/{id}", running).then().statusCode(200);
        awaitState(account, running, "terminated");
        as(account).delete("/v1/instances/{id}", running).then().statusCode(200).body("state", equalTo("terminated"));
        stack.awaitTypes(
                running, "instance.requested", "instance.launched", "instance.terminating", "instance.terminated");
    }

    @Test
    void aCommandThatDoesNotFitTheStateIsAConflictAndChangesNothing() {
        String stopped = stopped(account, "t2.micro");
        isRefused(as(account).post("/v1/instances/{id}/reboot", stopped).then(), 409, "IncorrectInstanceState");

        as(account).delete("/v1/instances/{id}", stopped).then().statusCode(200);
        awaitState(account, stopped, "terminated");
        isRefused(as(account).post("/v1/instances/{id}/start", stopped).then(), 409, "IncorrectInstanceState");
        isRefused(as(account).post("/v1/instances/{id}/stop", stopped).then(), 409, "IncorrectInstanceState");
        isRefused(as(account).post("/v1/instances/{id}/reboot", stopped).then(), 409, "IncorrectInstanceState");
        isRefused(
                as(account)
                        .body(Map.of("tags", Map.of("a", "b")))
                        .patch("/v1/instances/{id}", stopped)
                        .then(),
                409,
                "IncorrectInstanceState");
    }

    @Test
    void typeAndUserDataChangeOnlyWhileStopped() {
        String id = running(account, "t2.micro", "userData", "aGVsbG8=");
        isRefused(
                as(account)
                        .body(Map.of("instanceType", "t2.small"))
                        .patch("/v1/instances/{id}", id)
                        .then(),
                409,
                "IncorrectInstanceState");
        isRefused(
                as(account)
                        .body(Map.of("userData", "aGk="))
                        .patch("/v1/instances/{id}", id)
                        .then(),
                409,
                "IncorrectInstanceState");
        as(account).post("/v1/instances/{id}/stop", id).then().statusCode(200);
        awaitState(account, id, "stopped");

        as(account)
                .body(Map.of("instanceType", "t2.small", "userData", "aGk="))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200)
                .body("instanceType", equalTo("t2.small"));
        as(account).get("/v1/instances/{id}/attributes/user-data", id).then().body("userData", equalTo("aGk="));
        isRefused(
                as(account)
                        .body(Map.of("instanceType", "t4g.micro"))
                        .patch("/v1/instances/{id}", id)
                        .then(),
                400,
                "InvalidParameterCombination",
                "instanceType");
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.stopping",
                "instance.stopped",
                "instance.modified");
    }

    @Test
    void tagsAndProtectionChangeWhileItRuns() {
        String id = running(account, "t2.micro", "tags", Map.of("a", "1", "b", "2"));
        Map<String, Object> patch = new HashMap<>();
        patch.put("a", null);
        patch.put("c", "3");
        as(account)
                .body(Map.of("tags", patch, "disableApiTermination", true))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200)
                .body("tags", equalTo(Map.of("b", "2", "c", "3")))
                .body("disableApiTermination", equalTo(true));
        // The same again is no change.
        as(account)
                .body(Map.of("disableApiTermination", true))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200);
        stack.awaitTypes(id, "instance.requested", "instance.launched", "instance.modified");
    }

    @Test
    void aProtectedInstanceIsNotTerminated() {
        String id = running(account, "t2.micro", "disableApiTermination", true);
        isRefused(as(account).delete("/v1/instances/{id}", id).then(), 409, "OperationNotPermitted");
        assertThat(Stack.state(account, id)).isEqualTo("running");
        as(account)
                .body(Map.of("disableApiTermination", false))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200);
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200);
    }

    @Test
    void aHostInUseIsDrainedAndGoesWithItsLastInstance() {
        String host = Stack.addHost("us-east-1d", "g4dn", 8);
        String id =
                launch(account, launchOf("t2.micro")).statusCode(201).extract().path("instances[0].instanceId");
        assertThat(id).isNotNull();
        operator().delete("/v1/hosts/{id}", host).then().statusCode(200).body("state", equalTo("removed"));
        isRefused(operator().delete("/v1/hosts/{id}", host).then(), 404, "InvalidHostID.NotFound");

        String used = Stack.addHost("us-east-1d", "i3", 4);
        String user = running(account, "i3.large", "placement", Map.of("availabilityZone", "us-east-1d"));
        operator().delete("/v1/hosts/{id}", used).then().statusCode(200).body("state", equalTo("draining"));
        isRefused(
                launch(account, launchOf("i3.large", "placement", Map.of("availabilityZone", "us-east-1d"))),
                503,
                "InsufficientInstanceCapacity");
        as(account).delete("/v1/instances/{id}", user).then().statusCode(200);
        awaitState(account, user, "terminated");
        operator().get("/v1/hosts/{id}", used).then().body("state", equalTo("removed"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stack.told(Topic.HOSTS_LIFECYCLE, used))
                        .extracting(Stack.Told::type)
                        .containsExactly("host.added", "host.changed", "host.changed"));
    }

    @Test
    void anotherAccountsInstanceAnswersAsOneThatDoesNotExist() {
        String id = running(account, "t2.micro");
        String stranger = Stack.newAccount();
        String missing = "i-00000000000000000";
        for (String path : List.of("/v1/instances/{id}", "/v1/instances/{id}/attributes/user-data")) {
            String foreign =
                    as(stranger).get(path, id).then().statusCode(404).extract().asString();
            String absent = as(stranger)
                    .get(path, missing)
                    .then()
                    .statusCode(404)
                    .extract()
                    .asString();
            assertThat(withoutRequestId(foreign).replace(id, missing)).isEqualTo(withoutRequestId(absent));
        }
        isRefused(as(stranger).delete("/v1/instances/{id}", id).then(), 404, "InvalidInstanceID.NotFound");
        isRefused(as(stranger).post("/v1/instances/{id}/stop", id).then(), 404, "InvalidInstanceID.NotFound");
        isRefused(
                as(account)
                        .queryParam("region", "eu-west-1")
                        .get("/v1/instances/{id}", id)
                        .then(),
                404,
                "InvalidInstanceID.NotFound");
        as(stranger).get("/v1/instances").then().body("instances", hasSize(0));
    }

    private static String withoutRequestId(String body) {
        return body.replaceAll("\"requestId\":\"[^\"]*\"", "");
    }
}
