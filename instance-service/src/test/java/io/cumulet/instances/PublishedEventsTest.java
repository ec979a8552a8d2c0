package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.awaitState;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.stopped;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Schemas;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What this service really published, whatever tests ran before, is what the contract promises. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class PublishedEventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Stack stack;

    private final Map<EventType, JsonSchema> schemas = new EnumMap<>(EventType.class);

    @Test
    void everyEventOnOurTopicsHasTheFormOfItsSchema() throws IOException {
        String account = Stack.newAccount();
        String id = stopped(account, "t2.micro", "userData", "c2VjcmV0LXNlY3JldA==", "tags", Map.of("a", "b"));
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200);
        awaitState(account, id, "terminated");
        launch(account, launchOf("t2.micro", "tags", Map.of("cumulet:driver", "fail-boot")))
                .statusCode(201);
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.stopping",
                "instance.stopped",
                "instance.terminating",
                "instance.terminated");

        String subnet = as(account).get("/v1/subnets").then().extract().path("subnets[0].subnetId");
        String networkInterface = as(account)
                .body(Map.of("subnetId", subnet, "tags", Map.of("a", "b")))
                .post("/v1/network-interfaces")
                .then()
                .extract()
                .path("networkInterfaceId");
        String address = as(account).post("/v1/addresses").then().extract().path("allocationId");
        as(account)
                .body(Map.of("networkInterfaceId", networkInterface))
                .post("/v1/addresses/{id}/association", address)
                .then()
                .statusCode(200);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(stack.told(Topic.NETWORKS_ADDRESSES, address))
                        .hasSize(2));

        for (Topic topic : List.of(
                Topic.INSTANCES_LIFECYCLE,
                Topic.INSTANCES_CAPACITY,
                Topic.HOSTS_LIFECYCLE,
                Topic.NETWORKS_INTERFACES,
                Topic.NETWORKS_ADDRESSES)) {
            List<Stack.Told> told = stack.told(topic, null);
            assertThat(told).isNotEmpty();
            for (Stack.Told event : told) {
                EventType type = EventType.ofName(event.type()).orElseThrow();
                assertThat(schema(type).validate(JSON.readTree(event.body())))
                        .as("%s %s", event.type(), new String(event.body(), java.nio.charset.StandardCharsets.UTF_8))
                        .isEmpty();
                assertThat(event.headers())
                        .containsEntry("ce_specversion", "1.0")
                        .containsEntry("ce_source", "/instance-service")
                        .containsEntry("ce_subject", event.key())
                        .containsKeys("ce_id", "ce_time", "ce_account", "ce_region", "ce_epoch");
                assertThat(new String(event.body(), java.nio.charset.StandardCharsets.UTF_8))
                        .doesNotContain("c2VjcmV0LXNlY3JldA");
            }
        }
    }

    private JsonSchema schema(EventType type) {
        return schemas.computeIfAbsent(type, t -> {
            try {
                return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(JSON.readTree(Schemas.schema(t)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
