package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.awaitState;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.SpotRebalance;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class SpotTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();

    @Test
    void aLaunchBelowThePriceIsRefusedAndOneAtThePriceRuns() {
        priced("us-east-1a", "m4.large", "0.0500");
        isRefused(
                launch(account, spot("m4.large", "0.0499", "terminate")), 400, "SpotMaxPriceTooLow", "market.maxPrice");
        String id = launch(account, spot("m4.large", "0.05", "terminate"))
                .statusCode(201)
                .body("instances[0].market.type", equalTo("spot"))
                .body("instances[0].market.spotRequestId", notNullValue())
                .extract()
                .path("instances[0].instanceId");
        awaitState(account, id, "running");
        stack.awaitTypes(id, "instance.requested", "instance.launched");
        Stack.Told told = stack.told(Topic.INSTANCES_LIFECYCLE, id).get(1);
        assertThat(told.headers()).containsEntry("ce_market", "spot");
        assertThat(told.body(InstanceSnapshot.class).spotRequestId())
                .isEqualTo(ResourceKind.SPOT_REQUEST.derivedId(id));
    }

    @Test
    void withoutAMaxPriceTheOnDemandPriceIsBid() {
        priced("us-east-1a", "m4.large", "0.0500");
        Map<String, Object> body = launchOf("m4.large", "market", Map.of("type", "spot"));
        launch(account, body).statusCode(201).body("instances[0].market.maxPrice", equalTo("0.1"));
    }

    @Test
    void aPoolWithoutAPriceYetIsNotSold() {
        isRefused(launch(account, spot("r5.large", "1", "terminate")), 503, "Unavailable");
    }

    @Test
    void aWarnedInstanceRunsOnAndTheEvictionTerminatesIt() {
        String id = runningSpot("terminate");
        Instant actionAt = stack.now().plusSeconds(120);
        interrupt(EventType.SPOT_INTERRUPTION_WARNED, id, "terminate", actionAt);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .get("/v1/instances/{id}", id)
                        .then()
                        .body("market.interruptionActionAt", equalTo(actionAt.toString()))
                        .body("state", equalTo("running")));
        interrupt(EventType.SPOT_EVICTED, id, "terminate", actionAt);
        awaitState(account, id, "terminated");
        as(account)
                .get("/v1/instances/{id}", id)
                .then()
                .body("stateReason.code", equalTo("Server.SpotInstanceTermination"));
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.interruption-warned",
                "instance.interrupted",
                "instance.terminating",
                "instance.terminated");
    }

    @Test
    void anInstanceReadsInItsMetadataWhatTheMarketSaysOfIt() {
        String id = runningSpot("terminate");
        assertThat(metadata(id, "instance-id", 200)).isEqualTo(id);
        assertThat(metadata(id, "instance-type", 200)).isEqualTo("m4.large");
        assertThat(metadata(id, "instance-life-cycle", 200)).isEqualTo("spot");
        assertThat(metadata(id, "ami-id", 200)).isEqualTo(Stack.AMAZON_LINUX);
        assertThat(metadata(id, "ami-launch-index", 200)).isEqualTo("0");
        assertThat(metadata(id, "reservation-id", 200)).startsWith("r-");
        assertThat(metadata(id, "local-ipv4", 200)).startsWith("172.31.");
        assertThat(metadata(id, "placement/availability-zone", 200)).isEqualTo("us-east-1a");
        assertThat(metadata(id, "placement/region", 200)).isEqualTo("us-east-1");
        for (String notYet :
                List.of("events/recommendations/rebalance", "spot/instance-action", "spot/termination-time")) {
            metadata(id, notYet, 404);
        }
        assertThat(as(Stack.newAccount())
                        .get("/v1/instances/" + id + "/metadata/latest/meta-data/instance-id")
                        .statusCode())
                .isEqualTo(404);

        Instant noticeTime = stack.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        stack.tell(
                EventType.SPOT_REBALANCE_RECOMMENDED,
                id,
                account,
                1,
                new SpotRebalance(
                        id,
                        ResourceKind.SPOT_REQUEST.derivedId(id),
                        account,
                        "us-east-1",
                        "us-east-1a",
                        "m4.large",
                        "linux",
                        noticeTime));
        Instant actionAt = noticeTime.plusSeconds(120);
        interrupt(EventType.SPOT_INTERRUPTION_WARNED, id, "injected", "terminate", actionAt, "us-east-1a");
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.rebalance-recommended",
                "instance.interruption-warned");
        assertThat(metadata(id, "events/recommendations/rebalance", 200))
                .isEqualTo("{\"noticeTime\":\"" + noticeTime + "\"}");
        assertThat(metadata(id, "spot/instance-action", 200))
                .isEqualTo("{\"action\":\"terminate\",\"time\":\"" + actionAt + "\"}");
        assertThat(metadata(id, "spot/termination-time", 200)).isEqualTo(actionAt.toString());

        interrupt(EventType.SPOT_EVICTED, id, "injected", "terminate", actionAt, "us-east-1a");
        awaitState(account, id, "terminated");
        as(account)
                .get("/v1/instances/{id}", id)
                .then()
                .body("stateReason.code", equalTo("Server.SpotInstanceTermination"))
                .body("stateReason.message", containsString("(injected)"));
    }

    @Test
    void whatAFleetGivesUpIsTerminatedWhetherItRunsOrIsStoppedAndIsProtected() {
        String running = runningSpot("terminate");
        as(account)
                .body(Map.of("disableApiTermination", true))
                .patch("/v1/instances/{id}", running)
                .then()
                .statusCode(200);
        String stopped = runningSpot("stop");
        interrupt(EventType.SPOT_EVICTED, stopped, "stop", stack.now().plusSeconds(120));
        awaitState(account, stopped, "stopped");
        for (String id : List.of(running, stopped)) {
            interrupt(EventType.SPOT_EVICTED, id, SpotInterruption.FLEET, "terminate", stack.now(), "us-east-1a");
            awaitState(account, id, "terminated");
            as(account)
                    .get("/v1/instances/{id}", id)
                    .then()
                    .body("stateReason.code", equalTo("Client.UserInitiatedShutdown"));
        }
    }

    @Test
    void anAllocationBringsSubnetTagsOfTheSuiteAndUserData() {
        String vpc = as(account)
                .body(Map.of("cidrBlock", "10.1.0.0/16"))
                .post("/v1/vpcs")
                .then()
                .statusCode(201)
                .extract()
                .path("vpcId");
        String subnet = as(account)
                .body(Map.of("vpcId", vpc, "cidrBlock", "10.1.0.0/24", "availabilityZone", "us-east-1a"))
                .post("/v1/subnets")
                .then()
                .statusCode(201)
                .extract()
                .path("subnetId");
        String request = ResourceKind.SPOT_REQUEST.newId();
        SpotMarketFake.userData.put(request, "aGVsbG8=");
        SpotMarketFake.awayFor.add(request);
        Map<String, String> tags = Map.of("aws:ec2:fleet-id", "fleet-1", "mine", "1");
        allocate(allocation(request, 1)
                .subnet(subnet)
                .tags(tags)
                .options(Map.of("ebsOptimized", true, "monitoring", Map.of("enabled", true)))
                .withUserData());
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> SpotMarketFake.askedInVain.contains(request));
        instancesOf(request, 0);
        SpotMarketFake.awayFor.remove(request);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> instancesOf(request, 1).body("instances[0].state", equalTo("running")));
        ValidatableResponse launched = instancesOf(request, 1)
                .body("instances[0].subnetId", equalTo(subnet))
                .body("instances[0].tags", equalTo(tags))
                .body("instances[0].ebsOptimized", equalTo(true))
                .body("instances[0].monitoring.state", equalTo("enabled"));
        String id = launched.extract().path("instances[0].instanceId");
        as(account).get("/v1/instances/{id}/attributes/user-data", id).then().body("userData", equalTo("aGVsbG8="));
        // Only the suite sets and removes such tags.
        isRefused(
                launch(account, launchOf("m4.large", "tags", Map.of("aws:ec2:fleet-id", "fleet-1"))),
                400,
                "InvalidParameterValue",
                "tags");

        String forgotten = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(forgotten, 1).withUserData());
        failsAs(forgotten, "Server.InvalidSpotInstanceRequestID.NotFound");
        String nowhere = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(nowhere, 1).subnet(ResourceKind.SUBNET.newId()));
        failsAs(nowhere, "Server.InvalidSubnetID.NotFound");
    }

    private String metadata(String id, String path, int status) {
        return as(account)
                .get("/v1/instances/" + id + "/metadata/latest/meta-data/" + path)
                .then()
                .statusCode(status)
                .contentType(containsString(status == 200 ? "text/plain" : "application/problem+json"))
                .extract()
                .asString();
    }

    @Test
    void anInstanceWithBehaviourStopIsStoppedAndAnEvictionThatComesTwiceChangesNothing() {
        String id = runningSpot("stop");
        Instant actionAt = stack.now().plusSeconds(120);
        interrupt(EventType.SPOT_INTERRUPTION_WARNED, id, "stop", actionAt);
        interrupt(EventType.SPOT_EVICTED, id, "stop", actionAt);
        interrupt(EventType.SPOT_EVICTED, id, "stop", actionAt);
        awaitState(account, id, "stopped");
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.interruption-warned",
                "instance.interrupted",
                "instance.stopping",
                "instance.stopped");
    }

    @Test
    void anAllocationIsLaunchedOnceHoweverOftenItComes() {
        String request = ResourceKind.SPOT_REQUEST.newId();
        allocate(request, 1, "us-east-1a", "m4.large");
        allocate(request, 1, "us-east-1a", "m4.large");
        allocate(request, 2, "us-east-1a", "m4.large");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .queryParam("spotRequestId", request)
                        .queryParam("state", "running")
                        .get("/v1/instances")
                        .then()
                        .body("instances", hasSize(2)));
    }

    @Test
    void anAllocationWithoutRoomIsAnsweredWithAFailedInstance() {
        String request = ResourceKind.SPOT_REQUEST.newId();
        allocate(request, 1, "us-east-1f", "r5.24xlarge");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .queryParam("spotRequestId", request)
                        .get("/v1/instances")
                        .then()
                        .body("instances", hasSize(1))
                        .body("instances[0].state", equalTo("terminated"))
                        .body("instances[0].stateReason.code", equalTo("Server.InsufficientInstanceCapacity")));
        String id = as(account)
                .queryParam("spotRequestId", request)
                .get("/v1/instances")
                .then()
                .extract()
                .path("instances[0].instanceId");
        stack.awaitTypes(id, "instance.failed");
    }

    @Test
    void anAllocationWithAForeignGroupIsAnsweredWithAFailedInstance() {
        String request = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(request, 1).groups(List.of(ResourceKind.SECURITY_GROUP.newId())));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .queryParam("spotRequestId", request)
                        .get("/v1/instances")
                        .then()
                        .body("instances", hasSize(1))
                        .body("instances[0].stateReason.code", equalTo("Server.InvalidGroup.NotFound")));
    }

    @Test
    void anAllocationThatCannotBeLaunchedAsAskedIsAnsweredWithAFailedInstance() {
        String noImage = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(noImage, 1).image("ami-00000000"));
        allocate(allocation(noImage, 1).image("ami-00000000"));
        failsAs(noImage, "Server.InvalidAMIID.NotFound");
        String noType = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(noType, 1).type("m4.tiny"));
        failsAs(noType, "Server.InvalidInstanceType");
        String noSuchGroup = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(noSuchGroup, 1).groups(List.of("not a group")));
        failsAs(noSuchGroup, "Server.InvalidGroup.NotFound");
        // What nobody can read is answered too: the market would keep room for it for ever.
        String noPrice = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(noPrice, 1).maxPrice("0.1234567890123"));
        failsAs(noPrice, "Server.InvalidParameterValue");
        String noTypeName = ResourceKind.SPOT_REQUEST.newId();
        allocate(allocation(noTypeName, 1).type("not a type"));
        failsAs(noTypeName, "Server.InvalidInstanceType");

        Stack.Told failed = stack.told(Topic.INSTANCES_LIFECYCLE, failsAs(noImage, "Server.InvalidAMIID.NotFound"))
                .getFirst();
        assertThat(failed.body(InstanceSnapshot.class).spotRequestId()).isEqualTo(noImage);
        assertThat(failed.headers()).containsEntry("ce_market", "spot");
    }

    @Test
    void anAllocationWaitsForTheFirewallAndIsThenLaunched() {
        String group = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(group, account);
        FirewallFake.askedInVain.set(0);
        FirewallFake.away = true;
        String request = ResourceKind.SPOT_REQUEST.newId();
        try {
            allocate(allocation(request, 1).groups(List.of(group)));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(FirewallFake.askedInVain.get()).isGreaterThan(2));
            instancesOf(request, 0);
        } finally {
            FirewallFake.away = false;
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> instancesOf(request, 1).body("instances[0].state", equalTo("running")));
    }

    /** An owner's day with a spot instance that is stopped when others pay more. */
    @Test
    void whatTheMarketStoppedIsStartedAgainByTheMarketAlone() {
        String id = runningSpot("stop");
        String request = ResourceKind.SPOT_REQUEST.derivedId(id);
        Instant actionAt = stack.now().plusSeconds(120);
        interrupt(EventType.SPOT_INTERRUPTION_WARNED, id, "stop", actionAt);
        interrupt(EventType.SPOT_EVICTED, id, "stop", actionAt);
        awaitState(account, id, "stopped");
        isRefused(as(account).post("/v1/instances/{id}/start", id).then(), 409, "IncorrectSpotRequestState");

        allocate(allocation(request, 2).instance(id));
        awaitState(account, id, "running");
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.interruption-warned",
                "instance.interrupted",
                "instance.stopping",
                "instance.stopped",
                "instance.requested",
                "instance.started");
        instancesOf(request, 1);

        as(account).post("/v1/instances/{id}/stop", id).then().statusCode(200);
        awaitState(account, id, "stopped");
        as(account).post("/v1/instances/{id}/start", id).then().statusCode(200);
        awaitState(account, id, "running");
    }

    /**
     * <pre>
     *   launch ──► i-1 ──terminated──┐
     *     │ tells the market all      ▼
     *     └──► (its request) ──► allocation 1 ──► i-2, as i-1 was launched
     * </pre>
     */
    @Test
    void aPersistentRequestOfALaunchIsToldWithAllThatItsNextInstanceNeeds() {
        priced("us-east-1a", "m4.large", "0.0500");
        String until = stack.now()
                .plus(Duration.ofDays(30))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        Map<String, Object> body = launchOf(
                "m4.large",
                "market",
                Map.of(
                        "type",
                        "spot",
                        "maxPrice",
                        "0.09",
                        "requestType",
                        "persistent",
                        "validUntil",
                        until,
                        "requestTags",
                        Map.of("team", "search")));
        body.put("placement", Map.of("availabilityZone", "us-east-1a"));
        body.put("userData", "aGVsbG8=");
        body.put("monitoring", Map.of("enabled", true));
        body.put("metadataOptions", Map.of("httpTokens", "required", "httpPutResponseHopLimit", 3));
        body.put("associatePublicIpAddress", false);
        body.put("disableApiTermination", true);
        body.put("networkInterfaceTags", Map.of("of", "eth0"));
        String id = launch(account, body).statusCode(201).extract().path("instances[0].instanceId");
        String request = ResourceKind.SPOT_REQUEST.derivedId(id);
        awaitState(account, id, "running");
        stack.awaitTypes(id, "instance.requested", "instance.launched");
        List<Stack.Told> told = stack.told(Topic.INSTANCES_LIFECYCLE, id);
        InstanceSnapshot requested = told.getFirst().body(InstanceSnapshot.class);
        assertThat(requested.spotRequestTags()).isEqualTo(Map.of("team", "search"));
        InstanceSnapshot.Relaunch anew = requested.launchedAnew();
        assertThat(anew.validUntil()).isEqualTo(Instant.parse(until));
        assertThat(anew.hasUserData()).isTrue();
        assertThat(anew.options())
                .isEqualTo(Map.of(
                        "monitoring",
                        Map.of("enabled", true),
                        "metadataOptions",
                        Map.of("httpTokens", "required", "httpPutResponseHopLimit", 3),
                        "associatePublicIpAddress",
                        false,
                        "disableApiTermination",
                        true,
                        "networkInterfaceTags",
                        Map.of("of", "eth0")));
        assertThat(told.get(1).body(InstanceSnapshot.class).launchedAnew())
                .as("told once")
                .isNull();

        as(account)
                .body(Map.of("disableApiTermination", false))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200);
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200);
        awaitState(account, id, "terminated");
        // The market has no user data of it: it came with the launch.
        allocate(allocation(request, 1).options(anew.options()).withUserData());
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> as(account)
                        .queryParam("spotRequestId", request)
                        .queryParam("state", "running")
                        .get("/v1/instances")
                        .then()
                        .body("instances", hasSize(1))
                        .body("instances[0].monitoring.state", equalTo("enabled"))
                        .body("instances[0].disableApiTermination", equalTo(true))
                        .body("instances[0].metadataOptions.httpPutResponseHopLimit", equalTo(3)));
        String next = as(account)
                .queryParam("spotRequestId", request)
                .queryParam("state", "running")
                .get("/v1/instances")
                .then()
                .extract()
                .path("instances[0].instanceId");
        assertThat(next).isNotEqualTo(id);
        as(account).get("/v1/instances/{id}/attributes/user-data", next).then().body("userData", equalTo("aGVsbG8="));
    }

    @Test
    void whatIsWrongWithThePersistenceOfALaunchIsNamed() {
        priced("us-east-1a", "m4.large", "0.0500");
        isRefused(
                launch(account, asked("requestType", "for-ever")), 400, "InvalidParameterValue", "market.requestType");
        isRefused(
                launch(account, asked("validUntil", "2999-01-01T00:00:00Z")),
                400,
                "InvalidParameterCombination",
                "market.validUntil");
        isRefused(
                launch(account, asked("requestType", "persistent", "validUntil", "2001-01-01T00:00:00Z")),
                400,
                "InvalidParameterValue",
                "market.validUntil");
        isRefused(
                launch(account, asked("requestType", "one-time", "interruptionBehavior", "stop")),
                400,
                "InvalidParameterCombination",
                "market.interruptionBehavior");
        isRefused(
                launch(account, asked("type", "on-demand", "requestType", "persistent")),
                400,
                "InvalidParameterCombination",
                "market.requestType");
        String tooLow = Stack.newAccount();
        isRefused(launch(tooLow, asked("requestType", "persistent", "maxPrice", "0.0001")), 400, "SpotMaxPriceTooLow");
        as(tooLow).get("/v1/instances").then().body("instances", hasSize(0));
    }

    private static Map<String, Object> asked(String... market) {
        Map<String, Object> said = new HashMap<>(Map.of("type", "spot"));
        for (int i = 0; i < market.length; i += 2) {
            said.put(market[i], market[i + 1]);
        }
        return launchOf("m4.large", "market", said);
    }

    @Test
    void aRestartWithoutRoomIsAnsweredAndTheSameEventTwiceStartsOnce() {
        String zone = "us-east-1d";
        Stack.addHost(zone, "r5", 2);
        priced(zone, "r5.large", "0.0500");
        Map<String, Object> body = spot("r5.large", "0.09", "stop");
        body.put("placement", Map.of("availabilityZone", zone));
        String id = launch(account, body).statusCode(201).extract().path("instances[0].instanceId");
        String request = ResourceKind.SPOT_REQUEST.derivedId(id);
        awaitState(account, id, "running");
        interrupt(EventType.SPOT_EVICTED, id, "stop", stack.now().plusSeconds(120), zone);
        awaitState(account, id, "stopped");
        body.remove("market");
        String other = launch(account, body).statusCode(201).extract().path("instances[0].instanceId");

        allocate(allocation(request, 2).zone(zone).type("r5.large").instance(id));
        stack.awaitTypes(
                id,
                "instance.requested",
                "instance.launched",
                "instance.interrupted",
                "instance.stopping",
                "instance.stopped",
                "instance.stopped");
        InstanceSnapshot answer =
                stack.told(Topic.INSTANCES_LIFECYCLE, id).getLast().body(InstanceSnapshot.class);
        assertThat(answer.state()).isEqualTo("stopped");
        assertThat(answer.stateReason().code()).isEqualTo("Server.InsufficientInstanceCapacity");

        as(account).delete("/v1/instances/{id}", other).then().statusCode(200);
        awaitState(account, other, "terminated");
        AllocationOf again = allocation(request, 3).zone(zone).type("r5.large").instance(id);
        String eventId = UUID.randomUUID().toString();
        stack.tell(eventId, EventType.SPOT_ALLOCATED, request, account, 3, again.build());
        awaitState(account, id, "running");
        interrupt(EventType.SPOT_EVICTED, id, "stop", stack.now().plusSeconds(120), zone);
        awaitState(account, id, "stopped");
        stack.tell(eventId, EventType.SPOT_ALLOCATED, request, account, 3, again.build());
        // Behind it on the topic, so that the repetition has been read once this is answered.
        allocate(allocation(request, 4).zone(zone).image("ami-00000000"));
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> instancesOf(request, 2));
        assertThat(Stack.state(account, id)).isEqualTo("stopped");
    }

    @Test
    void theEndOfItsRequestEndsAStoppedInstanceAndNoOther() {
        String running = runningSpot("stop");
        String stopped = runningSpot("stop");
        interrupt(EventType.SPOT_EVICTED, stopped, "stop", stack.now().plusSeconds(120));
        awaitState(account, stopped, "stopped");
        requestEnded(running);
        requestEnded(stopped);
        awaitState(account, stopped, "terminated");
        assertThat(Stack.state(account, running)).isEqualTo("running");
    }

    @Test
    void capacityTellsWhatFitsAndWhatSpotHolds() {
        Stack.addHost("us-east-1d", "m4", 8);
        priced("us-east-1d", "m4.large", "0.0100");
        Map<String, Object> body = spot("m4.large", "0.05", "terminate");
        body.put("placement", Map.of("availabilityZone", "us-east-1d"));
        launch(account, body).statusCode(201);
        body.remove("market");
        launch(account, body).statusCode(201);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            CapacitySnapshot newest = stack.told(Topic.INSTANCES_CAPACITY, "us-east-1d/m4")
                    .getLast()
                    .body(CapacitySnapshot.class);
            assertThat(newest.fits()).isEqualTo(Map.of("m4.large", 2, "m4.xlarge", 1, "m4.2xlarge", 0));
            assertThat(newest.spotUnits()).isEqualTo(Map.of("m4.large/linux", 1));
        });
        assertThat(stack.told(Topic.INSTANCES_CAPACITY, "us-east-1d/m4"))
                .extracting(Stack.Told::version)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private String runningSpot(String behavior) {
        priced("us-east-1a", "m4.large", "0.0500");
        String id = launch(account, spot("m4.large", "0.09", behavior))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        awaitState(account, id, "running");
        return id;
    }

    private static Map<String, Object> spot(String type, String maxPrice, String behavior) {
        return launchOf(type, "market", Map.of("type", "spot", "maxPrice", maxPrice, "interruptionBehavior", behavior));
    }

    private static long priceVersion = 0;

    private void priced(String zone, String type, String price) {
        long version;
        synchronized (SpotTest.class) {
            version = ++priceVersion;
        }
        stack.tell(
                EventType.SPOT_PRICE_CHANGED,
                zone + "/" + type + "/linux",
                "000000000000",
                version,
                new SpotPriceSnapshot(zone, type, "linux", version, price, stack.now()));
        Map<String, Object> probe = new HashMap<>(spot(type, "0.0000001", "terminate"));
        probe.put("placement", Map.of("availabilityZone", zone));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> isRefused(launch(account, probe), 400, "SpotMaxPriceTooLow"));
    }

    private void interrupt(EventType type, String id, String action, Instant actionAt) {
        interrupt(type, id, action, actionAt, "us-east-1a");
    }

    private void interrupt(EventType type, String id, String action, Instant actionAt, String zone) {
        interrupt(type, id, "price", action, actionAt, zone);
    }

    private void requestEnded(String id) {
        interrupt(EventType.SPOT_EVICTED, id, SpotInterruption.REQUEST_ENDED, "terminate", stack.now(), "us-east-1a");
    }

    private void interrupt(EventType type, String id, String reason, String action, Instant actionAt, String zone) {
        stack.tell(
                type,
                id,
                account,
                type == EventType.SPOT_EVICTED ? 2 : 1,
                new SpotInterruption(
                        id,
                        ResourceKind.SPOT_REQUEST.derivedId(id),
                        account,
                        "us-east-1",
                        zone,
                        "m4.large",
                        "linux",
                        reason,
                        action,
                        actionAt,
                        stack.now()));
    }

    private ValidatableResponse instancesOf(String request, int count) {
        return as(account)
                .queryParam("spotRequestId", request)
                .get("/v1/instances")
                .then()
                .body("instances", hasSize(count));
    }

    /** Waits until a request was answered with one failed instance, and answers its id. */
    private String failsAs(String request, String reason) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> instancesOf(request, 1)
                        .body("instances[0].state", equalTo("terminated"))
                        .body("instances[0].stateReason.code", equalTo(reason)));
        String id = instancesOf(request, 1).extract().path("instances[0].instanceId");
        stack.awaitTypes(id, "instance.failed");
        return id;
    }

    private void allocate(String request, int unit, String zone, String type) {
        allocate(allocation(request, unit).zone(zone).type(type));
    }

    private void allocate(AllocationOf allocation) {
        SpotAllocation body = allocation.build();
        stack.tell(EventType.SPOT_ALLOCATED, body.spotRequestId(), account, body.unit(), body);
    }

    private AllocationOf allocation(String request, int unit) {
        return new AllocationOf(request, unit);
    }

    /** An allocation of an m4.large in us-east-1a, unless something else is said. */
    private final class AllocationOf {
        private final String request;
        private final int unit;
        private String instanceId;
        private String zone = "us-east-1a";
        private String image = Stack.AMAZON_LINUX;
        private String type = "m4.large";
        private String maxPrice = "0.09";
        private List<String> groups = List.of();
        private String subnet;
        private Map<String, String> tags = Map.of();
        private Boolean hasUserData;
        private Map<String, Object> options;

        AllocationOf(String request, int unit) {
            this.request = request;
            this.unit = unit;
        }

        AllocationOf instance(String id) {
            instanceId = id;
            return this;
        }

        AllocationOf zone(String name) {
            zone = name;
            return this;
        }

        AllocationOf image(String id) {
            image = id;
            return this;
        }

        AllocationOf type(String name) {
            type = name;
            return this;
        }

        AllocationOf maxPrice(String price) {
            maxPrice = price;
            return this;
        }

        AllocationOf groups(List<String> ids) {
            groups = ids;
            return this;
        }

        AllocationOf subnet(String id) {
            subnet = id;
            return this;
        }

        AllocationOf tags(Map<String, String> given) {
            tags = given;
            return this;
        }

        AllocationOf withUserData() {
            hasUserData = true;
            return this;
        }

        AllocationOf options(Map<String, Object> given) {
            options = given;
            return this;
        }

        SpotAllocation build() {
            return new SpotAllocation(
                    request,
                    unit,
                    instanceId,
                    account,
                    "us-east-1",
                    zone,
                    stack.now(),
                    image,
                    type,
                    "linux",
                    maxPrice,
                    "terminate",
                    subnet,
                    null,
                    groups,
                    tags,
                    hasUserData,
                    options);
        }
    }
}
