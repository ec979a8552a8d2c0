package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** The market and the instances it gives and takes, on a host with room for one m4.large. */
@ExtendWith(RunningStack.class)
class SpotMarketIT {

    private static final String ZONE = "us-east-1d";

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

    private static Instant oneRoom(World world) {
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        world.operator()
                .post(
                        Service.INSTANCES,
                        "/v1/hosts",
                        Map.of("availabilityZone", ZONE, "family", "m4", "count", 1, "vcpus", 2, "memoryMib", 8192));
        world.operator().freezeClock();
        return start;
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
        try (EventReader reader = new EventReader(stack.settings().bootstrapServers())) {
            reader.fromBeginning(List.of(topic));
            return reader.readToEnd().stream()
                    .filter(event -> event.key().equals(key))
                    .map(EventReader.Event::type)
                    .toList();
        }
    }
}
