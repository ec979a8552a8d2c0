package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static io.cumulet.spotmarket.MarketStack.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.contract.SpotFleetSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.spotmarket.MarketStack.Pool;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account leaves the market as if it had never bid, and the others bid on. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class AccountResetTest {

    @Inject
    MarketStack stack;

    @Inject
    ClockCoordinator coordinator;

    private final String account = newAccount();
    private final String neighbour = newAccount();

    @BeforeEach
    void standStill() {
        coordinator.freeze();
    }

    @AfterEach
    void goOn() {
        coordinator.run();
    }

    @Test
    void itsBidsLeaveTheBooksItsRequestsAreForgottenAndOldNewsChangeNothing() {
        Pool pool = new Pool("us-east-1a", "m3.large");
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String runs = request(account, bid(pool, "0.0900"));
        MarketStack.Instance instance = stack.new Instance(account, pool, "0.0900", runs).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        String waits = request(account, bid(pool, "0.0800"));
        String others = request(neighbour, bid(pool, "0.0700"));
        stack.quiet();
        assertThat(status(neighbour, others)).startsWith("open/");

        coordinator.advance(Duration.ofSeconds(10));
        reset();
        // Its instance ends, and leaves room: the neighbour's bid is first now.
        instance.isTerminatedByItsOwner();
        stack.capacity(pool, 1, 0);
        stack.quiet();

        as(account).get("/v1/spot-requests").then().body("spotRequests", empty());
        assertThat(stack.types(Topic.SPOT_REQUESTS, waits)).last().isEqualTo("spot.request-changed");
        assertThat(stack.types(Topic.SPOT_ALLOCATIONS, others)).containsExactly("spot.allocated");
        assertThat(stack.types(Topic.SPOT_ALLOCATIONS, waits)).isEmpty();

        instance.saysItAllAgain();
        MarketStack.Instance adopted = stack.new Instance(account, pool, "0.0900", null);
        stack.quiet();
        as(account).get("/v1/spot-requests").then().body("spotRequests", empty());
        reset();
        // What it launches from now on is taken over.
        adopted.runs();
        stack.quiet();
        as(account).get("/v1/spot-requests").then().body("spotRequests.size()", equalTo(1));
        reset();
    }

    @Test
    void itsFleetsAreDeletedAndLaunchNothingAnyMore() {
        Pool pool = new Pool("us-east-1b", "m3.large");
        stack.capacity(pool, 0, 0);
        stack.quiet();
        String fleet = as(account)
                .body(Map.of(
                        "type",
                        "maintain",
                        "targetCapacity",
                        2,
                        "launch",
                        Map.of("imageId", MarketStack.LINUX),
                        "overrides",
                        List.of(Map.of(
                                "instanceType", pool.type(), "availabilityZone", pool.zone(), "maxPrice", "0.0900"))))
                .post("/v1/fleets")
                .then()
                .statusCode(201)
                .extract()
                .path("fleet.fleetId");
        stack.quiet();
        reset();
        stack.capacity(pool, 2, 0);
        stack.quiet();
        as(account).get("/v1/fleets").then().body("fleets", empty());
        as(account).get("/v1/spot-requests").then().body("spotRequests", empty());
        assertThat(stack.told(Topic.SPOT_FLEETS, fleet)
                        .getLast()
                        .body(SpotFleetSnapshot.class)
                        .state())
                .isEqualTo("deleted");
    }

    private void reset() {
        as("operator").post("/v1/accounts/" + account + "/reset").then().statusCode(204);
    }
}
