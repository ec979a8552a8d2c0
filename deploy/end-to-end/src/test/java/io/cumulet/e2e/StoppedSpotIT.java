package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A spot instance with behaviour {@code stop} on a host with room for one, and a rival who bids more for an hour:
 *
 * <pre>
 *   minute      0         30 32                  90
 *   customer    ├───────────┤ stopped, unbilled  ├──────── the same instance
 *   rival                 bids ├─────────────────┤ gone
 * </pre>
 */
@ExtendWith(RunningStack.class)
class StoppedSpotIT {

    private static final String ZONE = "us-east-1d";

    @Test
    void whatWasOutbidStandsStillUnbilledAndTheMarketStartsItAgainWhenTheRivalIsGone(LocalStack stack) {
        World customer = new World(stack.settings());
        World rival = new World(stack.settings());
        customer.operator().reset();
        Instant start = customer.freezeOnAFullHour();
        customer.operator()
                .post(
                        Service.INSTANCES,
                        "/v1/hosts",
                        Map.of("availabilityZone", ZONE, "family", "m4", "count", 1, "vcpus", 2, "memoryMib", 8192));
        customer.operator().freezeClock();
        String id = customer.account()
                .post(Service.INSTANCES, "/v1/instances", World.spotLaunch(ZONE, "0.05", "stop"))
                .path("instances")
                .path(0)
                .path("instanceId")
                .asText();
        customer.operator().advanceClock(Duration.ofMinutes(30));
        assertThat(customer.instance(id).path("state").asText()).isEqualTo("running");

        String bid = rival.account()
                .post(Service.SPOT_MARKET, "/v1/spot-requests", World.bid(ZONE, "0.08"))
                .path("spotRequests")
                .path(0)
                .path("spotRequestId")
                .asText();
        customer.operator().advanceClock(Duration.ofMinutes(60));
        assertThat(customer.instance(id).path("state").asText()).isEqualTo("stopped");
        StackApi.Answer refused =
                customer.account().call(Service.INSTANCES, "POST", "/v1/instances/" + id + "/start", null);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("code").asText()).isEqualTo("IncorrectSpotRequestState");

        rival.account().delete(Service.SPOT_MARKET, "/v1/spot-requests/" + bid);
        rival.instances()
                .forEach(instance -> rival.account()
                        .delete(
                                Service.INSTANCES,
                                "/v1/instances/" + instance.path("instanceId").asText()));
        customer.operator().advanceClock(Duration.ofMinutes(5));
        assertThat(customer.instance(id).path("state").asText()).isEqualTo("running");
        assertThat(customer.instances()).hasSize(1);

        List<JsonNode> runs = customer.usage();
        assertThat(runs).hasSize(2);
        assertThat(runs.getFirst().path("endedBy").asText()).isEqualTo("interruption");
        assertThat(Instant.parse(runs.getFirst().path("endedAt").asText()))
                .isEqualTo(start.plus(Duration.ofMinutes(32)));
        assertThat(Instant.parse(runs.getLast().path("startedAt").asText()))
                .isAfterOrEqualTo(start.plus(Duration.ofMinutes(90)));
        assertThat(runs.getLast().path("running").asBoolean()).isTrue();
    }
}
