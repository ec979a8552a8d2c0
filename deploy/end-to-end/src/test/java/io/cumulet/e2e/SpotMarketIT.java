package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.localstack.EventReader;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The market and the instances it gives and takes, on hosts with room for one m4.large each. */
@ExtendWith(RunningStack.class)
class SpotMarketIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ZONE = "us-east-1d";
    private static final String OTHER_ZONE = "us-east-1f";

    /**
     * <pre>
     *   minute       0        20      22       23
     *   spot         ├─────────────────┤ taken back, its hour is free
     *   on-demand             refused          ├───────────┤
     *   a high bid              waits ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈├──
     * </pre>
     */
    @Test
    void onDemandTakesBackTheRoomOfSpotAndNoBidGetsItMeanwhile(LocalStack stack) {
        World customer = new World(stack.settings());
        World rival = new World(stack.settings());
        Instant start = oneRoom(customer);
        String request = ask(customer, World.bid(ZONE, "0.05"));
        advance(customer, Duration.ofMinutes(20));
        String spot = only(customer.instances());
        assertThat(status(customer, request)).isEqualTo("active fulfilled");

        Map<String, Object> onDemand = onDemand();
        refusedForNow(rival, onDemand);
        String highBid = ask(rival, World.bid(ZONE, "0.09"));
        advance(customer, Duration.ofMinutes(1));
        String metadata = "/v1/instances/" + spot + "/metadata/latest/meta-data/spot/instance-action";
        JsonNode action = customer.account().get(Service.INSTANCES, metadata);
        assertThat(action.path("action").asText()).isEqualTo("terminate");
        assertThat(Instant.parse(action.path("time").asText())).isEqualTo(start.plus(Duration.ofMinutes(22)));
        assertThat(customer.instance(spot).path("state").asText()).isEqualTo("running");
        refusedForNow(rival, onDemand);

        advance(customer, Duration.ofMinutes(2));
        assertThat(customer.instance(spot).path("state").asText()).isEqualTo("terminated");
        assertThat(status(customer, request)).isEqualTo("closed instance-terminated-no-capacity");
        assertThat(rival.instances()).as("the room is kept for on-demand").isEmpty();
        String launched = only(StackApi.list(rival.account()
                .post(Service.INSTANCES, "/v1/instances", onDemand)
                .path("instances")));
        advance(customer, Duration.ofMinutes(10));
        assertThat(rival.instance(launched).path("state").asText()).isEqualTo("running");
        assertThat(status(rival, highBid)).isEqualTo("open capacity-not-available");

        rival.account().delete(Service.INSTANCES, "/v1/instances/" + launched);
        advance(customer, Duration.ofMinutes(1));
        assertThat(status(rival, highBid)).isEqualTo("active fulfilled");

        assertThat(only(customer.usage(), "endedBy")).isEqualTo("interruption");
        assertThat(customer.billed(start, start.plus(Duration.ofHours(1))))
                .as("the first hour, which the market broke off")
                .isZero();
        assertThat(told(stack, "spot.interruptions", spot))
                .containsSubsequence("spot.interruption-warned", "spot.evicted")
                .doesNotHaveDuplicates();
        assertThat(told(stack, "instances.lifecycle", spot))
                .containsSubsequence(
                        "instance.requested",
                        "instance.launched",
                        "instance.interruption-warned",
                        "instance.interrupted",
                        "instance.terminating",
                        "instance.terminated")
                .doesNotHaveDuplicates();
    }

    /**
     * <pre>
     *   minute       0        30      32           60
     *   persistent   ├─────────────────┤ open again ├──── another instance
     *   rival               bids more  ├────────────┤ gone
     *   market                 killed
     * </pre>
     */
    @Test
    void aPersistentRequestThatWasOutbidOpensAgainAlsoIfTheMarketDiesBetweenWarningAndEviction(LocalStack stack) {
        World customer = new World(stack.settings());
        World rival = new World(stack.settings());
        Instant start = oneRoom(customer);
        Map<String, Object> persistent = new HashMap<>(World.bid(ZONE, "0.05"));
        persistent.put("type", "persistent");
        String request = ask(customer, persistent);
        advance(customer, Duration.ofMinutes(30));
        String first = only(customer.instances());
        String higher = ask(rival, World.bid(ZONE, "0.08"));
        advance(customer, Duration.ofSeconds(30));
        assertThat(status(customer, request)).isEqualTo("active marked-for-termination");

        stack.process(Service.SPOT_MARKET).kill();
        stack.up(System.out::println);
        advance(customer, Duration.ofMinutes(10));
        assertThat(customer.instance(first).path("state").asText()).isEqualTo("terminated");
        assertThat(customer.instance(first).path("stateReason").path("code").asText())
                .isEqualTo("Server.SpotInstanceTermination");
        assertThat(status(customer, request)).isEqualTo("open capacity-not-available");
        assertThat(status(rival, higher)).isEqualTo("active fulfilled");
        assertThat(Instant.parse(customer.usage().getFirst().path("endedAt").asText()))
                .isEqualTo(start.plus(Duration.ofMinutes(32)));

        rival.account().delete(Service.INSTANCES, "/v1/instances/" + only(rival.instances()));
        advance(customer, Duration.ofMinutes(1));
        assertThat(status(customer, request)).isEqualTo("active fulfilled");
        String second = customer.account()
                .get(Service.INSTANCES, "/v1/instances?state=running&spotRequestId=" + request)
                .path("instances")
                .path(0)
                .path("instanceId")
                .asText();
        assertThat(second).isNotEmpty().isNotEqualTo(first);
        assertThat(told(stack, "spot.interruptions", first))
                .containsSubsequence("spot.interruption-warned", "spot.evicted")
                .doesNotHaveDuplicates();
        assertThat(told(stack, "spot.allocations", request)).containsExactly("spot.allocated", "spot.allocated");
    }

    /**
     * A drained host keeps what runs there: room goes, and nobody with it. Units go where on-demand fills what is left.
     *
     * <pre>
     *   minute       0   1   2   3      4   6            11     12        13
     *   host 1       ├ drained: takes no more ───────────────────┤ its last instance is gone
     *   host 2                 comes
     *   first bid    ├───────────────────────────────────────────┤ ended by its owner
     *   second bid     waits ┈┈├────────────┤ taken back, waits ┈┈┈┈┈┈┈┈┈┈├── another instance
     *   on-demand                    refused ├─────────────────────────────┤
     * </pre>
     */
    @Test
    void whereTheZoneHasLostItsRoomABidWaitsAndAUnitIsTakenBackUntilRoomComes(LocalStack stack) {
        World customer = new World(stack.settings());
        World rival = new World(stack.settings());
        oneRoom(customer);
        String first = ask(customer, World.bid(ZONE, "0.05"));
        advance(customer, Duration.ofMinutes(1));
        String onDrainedHost = only(customer.instances());
        Map<String, Object> persistent = new HashMap<>(World.bid(ZONE, "0.04"));
        persistent.put("type", "persistent");
        String second = ask(rival, persistent);
        String host = only(
                StackApi.list(customer.operator()
                        .get(Service.INSTANCES, "/v1/hosts?availabilityZone=" + ZONE)
                        .path("hosts")),
                "hostId");
        assertThat(customer.operator()
                        .delete(Service.INSTANCES, "/v1/hosts/" + host)
                        .path("state")
                        .asText())
                .isEqualTo("draining");
        advance(customer, Duration.ofMinutes(1));
        assertThat(status(rival, second)).isEqualTo("open capacity-not-available");
        assertThat(status(customer, first)).isEqualTo("active fulfilled");

        addHost(customer, ZONE);
        advance(customer, Duration.ofMinutes(1));
        assertThat(status(rival, second)).isEqualTo("active fulfilled");
        String taken = only(rival.instances());
        World third = new World(stack.settings());
        refusedForNow(third, onDemand());
        advance(customer, Duration.ofMinutes(1));
        assertThat(status(rival, second)).isEqualTo("active marked-for-termination");
        advance(customer, Duration.ofMinutes(2));
        assertThat(status(rival, second)).isEqualTo("open capacity-not-available");
        String onDemand = only(StackApi.list(third.account()
                .post(Service.INSTANCES, "/v1/instances", onDemand())
                .path("instances")));
        advance(customer, Duration.ofMinutes(5));
        assertThat(status(customer, first)).isEqualTo("active fulfilled");

        customer.account().delete(Service.INSTANCES, "/v1/instances/" + onDrainedHost);
        advance(customer, Duration.ofMinutes(1));
        assertThat(customer.operator()
                        .get(Service.INSTANCES, "/v1/hosts/" + host)
                        .path("state")
                        .asText())
                .isEqualTo("removed");
        assertThat(status(rival, second)).as("that room is gone").isEqualTo("open capacity-not-available");
        third.account().delete(Service.INSTANCES, "/v1/instances/" + onDemand);
        advance(customer, Duration.ofMinutes(1));
        assertThat(status(rival, second)).isEqualTo("active fulfilled");

        assertThat(told(stack, "spot.interruptions", onDrainedHost))
                .doesNotContain("spot.interruption-warned", "spot.evicted");
        assertThat(bodies(stack, "spot.interruptions", taken))
                .filteredOn(body -> body.has("actionAt"))
                .extracting(body -> body.path("reason").asText())
                .containsExactly("capacity", "capacity");
        assertThat(told(stack, "instances.lifecycle", taken))
                .containsSubsequence(
                        "instance.launched",
                        "instance.interruption-warned",
                        "instance.interrupted",
                        "instance.terminated")
                .doesNotHaveDuplicates();
        assertThat(bodies(stack, "spot.requests", second))
                .extracting(body -> body.path("statusCode").asText())
                .containsSubsequence(
                        "capacity-not-available",
                        "fulfilled",
                        "marked-for-termination",
                        "capacity-not-available",
                        "fulfilled");
        // Its allocations aren't counted: the drained host's room may have been given in vain when its instance ended.
        assertThat(rival.instances())
                .filteredOn(one -> one.path("state").asText().equals("running"))
                .extracting(one -> one.path("instanceId").asText())
                .hasSize(1)
                .doesNotContain(taken);
    }

    /**
     * <pre>
     *   minute       0    1        11      13       14
     *   fleet, d     ├─────────────┤ outbid ┤ gone
     *   fleet, f                   ├──────────────────────
     *   rival, d                     waits ┈├─────────────
     * </pre>
     */
    @Test
    void aFleetReplacesWhatIsOutbidInItsOtherPoolAndKeepsItsTarget(LocalStack stack) {
        World customer = new World(stack.settings());
        World rival = new World(stack.settings());
        oneRoom(customer);
        addHost(customer, OTHER_ZONE);
        String fleet = fleet(customer, Map.of());
        advance(customer, Duration.ofMinutes(1));
        String first = only(members(customer, fleet));
        assertThat(show(customer, fleet)).isEqualTo("active fulfilled 1");
        advance(customer, Duration.ofMinutes(10));

        String higher = ask(rival, World.bid(ZONE, "0.08"));
        advance(customer, Duration.ofSeconds(30));
        assertThat(customer.account()
                        .get(
                                Service.INSTANCES,
                                "/v1/instances/" + first + "/metadata/latest/meta-data/spot/instance-action")
                        .path("action")
                        .asText())
                .isEqualTo("terminate");
        assertThat(members(customer, fleet))
                .as("replaced at the warning")
                .extracting(member -> member.path("availabilityZone").asText())
                .containsExactlyInAnyOrder(ZONE, OTHER_ZONE);
        assertThat(show(customer, fleet)).isEqualTo("active fulfilled 2");

        advance(customer, Duration.ofMinutes(3));
        assertThat(customer.instance(first).path("stateReason").path("code").asText())
                .isEqualTo("Server.SpotInstanceTermination");
        assertThat(only(members(customer, fleet), "availabilityZone")).isEqualTo(OTHER_ZONE);
        assertThat(show(customer, fleet)).isEqualTo("active fulfilled 1");
        assertThat(status(rival, higher)).isEqualTo("active fulfilled");
        advance(customer, Duration.ofMinutes(30));
        assertThat(customer.instances())
                .as("the first, and the one that replaced it")
                .hasSize(2);
        String second = only(members(customer, fleet));
        assertThat(history(customer, fleet))
                .containsExactly(
                        "launched " + first,
                        "termination_notified " + first,
                        "launched " + second,
                        "terminated " + first);
        assertThat(told(stack, "spot.interruptions", first))
                .containsSubsequence("spot.interruption-warned", "spot.evicted")
                .doesNotHaveDuplicates();
    }

    /** A bid at nine tenths of what the fleet pays endangers its instance: that is replaced before anybody takes it. */
    @Test
    void aFleetThatRebalancesReplacesWhatIsAtRiskOnceAndGivesItUp(LocalStack stack) {
        World customer = new World(stack.settings());
        World rival = new World(stack.settings());
        oneRoom(customer);
        addHost(customer, OTHER_ZONE);
        String fleet =
                fleet(customer, Map.of("capacityRebalance", "launch-before-terminate", "terminationDelaySeconds", 120));
        advance(customer, Duration.ofMinutes(1));
        String first = only(members(customer, fleet));

        String nearly = ask(rival, World.bid(ZONE, "0.046"));
        advance(customer, Duration.ofMinutes(1));
        assertThat(members(customer, fleet)).hasSize(2);
        assertThat(status(rival, nearly)).isEqualTo("open capacity-not-available");
        advance(customer, Duration.ofMinutes(3));
        assertThat(only(members(customer, fleet), "availabilityZone")).isEqualTo(OTHER_ZONE);
        assertThat(status(rival, nearly)).isEqualTo("active fulfilled");
        advance(customer, Duration.ofMinutes(30));
        assertThat(show(customer, fleet)).isEqualTo("active fulfilled 1");
        assertThat(customer.instances()).as("replaced once").hasSize(2);
        assertThat(told(stack, "spot.interruptions", first))
                .containsExactly("spot.rebalance-recommended", "spot.evicted");
    }

    /** A fleet of one m4.large in either of two zones, for at most 0.05. */
    private static String fleet(World world, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("type", "maintain");
        body.put("targetCapacity", 1);
        body.put("launch", Map.of("imageId", World.IMAGE));
        body.put(
                "overrides",
                List.of(
                        Map.of("instanceType", "m4.large", "availabilityZone", ZONE, "maxPrice", "0.05"),
                        Map.of("instanceType", "m4.large", "availabilityZone", OTHER_ZONE, "maxPrice", "0.05")));
        return world.account()
                .post(Service.SPOT_MARKET, "/v1/fleets", body)
                .path("fleet")
                .path("fleetId")
                .asText();
    }

    /** State, activity and fulfilled capacity of a fleet. */
    private static String show(World world, String fleet) {
        JsonNode view = world.account().get(Service.SPOT_MARKET, "/v1/fleets/" + fleet);
        return view.path("state").asText() + " " + view.path("activityStatus").asText() + " "
                + view.path("fulfilledCapacity").asText();
    }

    private static List<JsonNode> members(World world, String fleet) {
        return StackApi.list(world.account()
                .get(Service.SPOT_MARKET, "/v1/fleets/" + fleet + "/instances")
                .path("instances"));
    }

    /** What happened to a fleet's instances. */
    private static List<String> history(World world, String fleet) {
        return StackApi.list(world.account()
                        .get(Service.SPOT_MARKET, "/v1/fleets/" + fleet + "/history?eventType=instance-change")
                        .path("historyRecords"))
                .stream()
                .map(happening -> happening.path("eventSubType").asText() + " "
                        + happening.path("instanceId").asText())
                .toList();
    }

    private static Instant oneRoom(World world) {
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        addHost(world, ZONE);
        return start;
    }

    private static void addHost(World world, String zone) {
        world.operator()
                .post(
                        Service.INSTANCES,
                        "/v1/hosts",
                        Map.of("availabilityZone", zone, "family", "m4", "count", 1, "vcpus", 2, "memoryMib", 8192));
        world.operator().freezeClock();
    }

    private static void advance(World world, Duration duration) {
        world.operator().advanceClock(duration);
    }

    private static Map<String, Object> onDemand() {
        Map<String, Object> launch = new HashMap<>(World.spotLaunch(ZONE, "0.1", "terminate"));
        launch.remove("market");
        return launch;
    }

    private static void refusedForNow(World world, Map<String, Object> launch) {
        StackApi.Answer refused = world.account().call(Service.INSTANCES, "POST", "/v1/instances", launch);
        assertThat(refused.body().path("code").asText()).isEqualTo("InsufficientInstanceCapacity");
        assertThat(refused.body().path("detail").asText()).contains("try again in about 2 minutes");
    }

    private static String ask(World world, Map<String, Object> bid) {
        return world.account()
                .post(Service.SPOT_MARKET, "/v1/spot-requests", bid)
                .path("spotRequests")
                .path(0)
                .path("spotRequestId")
                .asText();
    }

    /** State and status code of a request. */
    private static String status(World world, String request) {
        JsonNode view = world.account().get(Service.SPOT_MARKET, "/v1/spot-requests/" + request);
        return view.path("state").asText() + " " + view.path("statusCode").asText();
    }

    private static String only(List<JsonNode> instances) {
        return only(instances, "instanceId");
    }

    private static String only(List<JsonNode> things, String field) {
        assertThat(things).hasSize(1);
        return things.getFirst().path(field).asText();
    }

    /** The types of what a topic holds of a key, in order. */
    private static List<String> told(LocalStack stack, String topic, String key) {
        return events(stack, topic, key).stream().map(EventReader.Event::type).toList();
    }

    private static List<JsonNode> bodies(LocalStack stack, String topic, String key) {
        return events(stack, topic, key).stream()
                .map(event -> {
                    try {
                        return JSON.readTree(event.json());
                    } catch (JsonProcessingException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private static List<EventReader.Event> events(LocalStack stack, String topic, String key) {
        try (EventReader reader = new EventReader(stack.settings().bootstrapServers())) {
            reader.fromBeginning(List.of(topic));
            return reader.readToEnd().stream()
                    .filter(event -> event.key().equals(key))
                    .toList();
        }
    }
}
