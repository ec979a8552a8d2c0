package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.SecurityGroupSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class LaunchTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();

    @Test
    void aLaunchedInstanceRunsAndItsEventsAreOnKafka() {
        String id = launch(account, launchOf("t2.micro", "tags", Map.of("Name", "web")))
                .statusCode(201)
                .body("reservationId", matchesPattern("r-[0-9a-f]{17}"))
                .body("instances", hasSize(1))
                .body("instances[0].state", equalTo("pending"))
                .body("instances[0].availabilityZone", equalTo("us-east-1a"))
                .body("instances[0].privateIpAddress", equalTo("172.31.0.4"))
                .body("instances[0].tags.Name", equalTo("web"))
                .extract()
                .path("instances[0].instanceId");

        Stack.awaitState(account, id, "running");
        stack.awaitTypes(id, "instance.requested", "instance.launched");
        List<Stack.Told> told = stack.told(Topic.INSTANCES_LIFECYCLE, id);
        assertThat(told).extracting(Stack.Told::version).containsExactly(1L, 2L);
        InstanceSnapshot running = told.get(1).body(InstanceSnapshot.class);
        assertThat(running.state()).isEqualTo("running");
        assertThat(running.account()).isEqualTo(account);
        assertThat(running.os()).isEqualTo("linux");
        assertThat(running.hostId()).isNotNull();
        assertThat(told.get(1).headers()).containsEntry("ce_market", "on-demand");
    }

    @Test
    void asManyAsFitAreLaunchedBetweenMinAndMaxOrNone() {
        Stack.addHost("us-east-1d", "c4", 10);
        Map<String, Object> body = launchOf("c4.large", "minCount", 2, "maxCount", 9);
        body.put("placement", Map.of("availabilityZone", "us-east-1d"));
        launch(account, body).statusCode(201).body("instances", hasSize(5));
        isRefused(launch(account, body), 503, "InsufficientInstanceCapacity");
        as(account).get("/v1/instances").then().body("instances", hasSize(5));
    }

    @Test
    void theSameTokenAndRequestAnswerTheSameInstancesAndAnotherRequestIsRefused() {
        Map<String, Object> body = launchOf("t2.micro", "clientToken", "once", "maxCount", 2);
        Map<String, ?> first = launch(account, body).statusCode(201).extract().path("");
        Map<String, ?> second = launch(account, body).statusCode(201).extract().path("");
        assertThat(second.get("reservationId")).isEqualTo(first.get("reservationId"));
        as(account).get("/v1/instances").then().body("instances", hasSize(2));
        isRefused(
                launch(account, launchOf("t2.small", "clientToken", "once")),
                409,
                "IdempotentParameterMismatch",
                "clientToken");
    }

    @Test
    void whatIsNotTheSameWordForWordIsAnotherRequest() {
        launch(account, launchOf("t2.micro", "clientToken", "words")).statusCode(201);
        for (Map<String, Object> other : List.of(
                launchOf("t2.micro", "clientToken", "words", "keyName", "null"),
                launchOf("t2.micro", "clientToken", "words", "userData", "null"),
                launchOf("t2.micro", "clientToken", "words", "market", Map.of("type", "on-demand")))) {
            isRefused(launch(account, other), 409, "IdempotentParameterMismatch", "clientToken");
        }
        as(account).get("/v1/instances").then().body("instances", hasSize(1));
    }

    @Test
    void aRepeatedLaunchAnswersWhatTheFirstDidAlsoWhenItsGroupIsGoneByNow() {
        String group = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(group, account);
        Map<String, Object> body = launchOf("t2.micro", "clientToken", "group", "securityGroupIds", List.of(group));
        String reservation = launch(account, body).statusCode(201).extract().path("reservationId");
        FirewallFake.groups.remove(group);
        stack.tell(
                EventType.SECURITY_GROUP_DELETED,
                group,
                account,
                2,
                new SecurityGroupSnapshot(
                        group,
                        account,
                        "us-east-1",
                        DefaultNetwork.vpcId(new AccountId(account), Region.DEFAULT),
                        "web",
                        "web",
                        2,
                        stack.now(),
                        List.of(),
                        List.of(),
                        Map.of()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> launch(account, launchOf("t2.micro", "securityGroupIds", List.of(group)))
                        .statusCode(404));
        launch(account, body).statusCode(201).body("reservationId", equalTo(reservation));
        isRefused(
                launch(account, launchOf("t2.micro", "clientToken", "fresh", "securityGroupIds", List.of(group))),
                404,
                "InvalidGroup.NotFound",
                "securityGroupIds");
    }
}
