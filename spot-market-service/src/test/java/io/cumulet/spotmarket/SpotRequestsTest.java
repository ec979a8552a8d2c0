package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static io.cumulet.spotmarket.MarketStack.show;
import static io.cumulet.spotmarket.MarketStack.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.spotmarket.MarketStack.Instance;
import io.cumulet.spotmarket.MarketStack.Pool;
import io.cumulet.spotmarket.MarketStack.Told;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What requests can ask for besides a price, and what their owners see of them. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class SpotRequestsTest {

    private static final String TYPE = "r3.large";
    private static final String USER_DATA = "IyEvYmluL3NoCmVjaG8gaGVsbG8K";

    @Inject
    MarketStack stack;

    @Inject
    InstancesStub instances;

    @Inject
    ClockCoordinator coordinator;

    @Inject
    StackClock clock;

    @BeforeEach
    void standStill() {
        coordinator.freeze();
    }

    @AfterEach
    void goOn() {
        coordinator.run();
    }

    @Test
    void aRequestHasTagsOfItsOwnThatItsInstancesDoNotGet() {
        Pool pool = new Pool("us-east-1a", "d2.xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String id = request(
                account, bid(pool, "0.9", "tags", Map.of("team", "blue"), "instanceTags", Map.of("role", "worker")));
        stack.quiet();

        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, id)
                        .getFirst()
                        .body(SpotAllocation.class)
                        .tags())
                .isEqualTo(Map.of("role", "worker"));
        Map<String, Object> change = new HashMap<>();
        change.put("team", null);
        change.put("cost", "4711");
        as(account)
                .body(Map.of("tags", change))
                .patch("/v1/spot-requests/{id}", id)
                .then()
                .statusCode(200)
                .body("tags", equalTo(Map.of("cost", "4711")));
        as(account).get("/v1/spot-requests?tag:cost=4711").then().body("spotRequests.spotRequestId", contains(id));
        as(account).get("/v1/spot-requests?tag:role=worker").then().body("spotRequests", hasSize(0));

        as(account)
                .body(Map.of("tags", Map.of("aws:mine", "no")))
                .patch("/v1/spot-requests/{id}", id)
                .then()
                .statusCode(400)
                .body("code", equalTo("InvalidParameterValue"))
                .body("field", equalTo("tags"));
        as(newAccount())
                .body(Map.of("tags", Map.of("a", "b")))
                .patch("/v1/spot-requests/{id}", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidSpotInstanceRequestID.NotFound"));
        show(account, id).body("tags", equalTo(Map.of("cost", "4711")));
    }

    @Test
    void aRequestWithoutOtherTagsForItsInstancesSharesItsTagsWithThem() {
        Pool pool = new Pool("us-east-1b", "d2.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String id = request(account, bid(pool, "0.9", "tags", Map.of("team", "blue")));
        stack.quiet();

        show(account, id).body("tags", equalTo(Map.of("team", "blue")));
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, id)
                        .getFirst()
                        .body(SpotAllocation.class)
                        .tags())
                .isEqualTo(Map.of("team", "blue"));
    }

    @Test
    void launchOptionsAreTriedOnTheInstanceServiceAndHandedToItWithTheAllocation() {
        Pool pool = new Pool("us-east-1c", "d2.4xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        instances.refuse(
                "no-such-profile",
                400,
                "{\"code\": \"InvalidParameterValue\", \"field\": \"iamInstanceProfile.name\", \"detail\": \"no\"}");
        as(account)
                .body(bid(pool, "2", "launchOptions", Map.of("iamInstanceProfile", Map.of("name", "no-such-profile"))))
                .post("/v1/spot-requests")
                .then()
                .statusCode(400)
                .body("field", equalTo("iamInstanceProfile.name"));
        as(account)
                .body(bid(pool, "2", "launchOptions", Map.of("imageId", "ami-1")))
                .post("/v1/spot-requests")
                .then()
                .statusCode(400)
                .body("field", equalTo("launchOptions.imageId"));

        String id = request(account, bid(pool, "2", "launchOptions", Map.of("monitoring", Map.of("enabled", true))));
        stack.quiet();

        show(account, id).body("launchOptions", equalTo(Map.of("monitoring", Map.of("enabled", true))));
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, id)
                        .getFirst()
                        .body(SpotAllocation.class)
                        .options())
                .isEqualTo(Map.of("monitoring", Map.of("enabled", true)));
    }

    @Test
    void userDataIsHandedToTheInstanceServiceAloneAndForgottenWithItsRequest() {
        Pool pool = new Pool("us-east-1a", TYPE);
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String id = request(account, bid(pool, "0.05", "userData", USER_DATA));
        stack.quiet();

        assertThat(show(account, id)
                        .body("hasUserData", equalTo(true))
                        .extract()
                        .asString())
                .doesNotContain(USER_DATA);
        Told allocated = stack.told(Topic.SPOT_ALLOCATIONS, id).getFirst();
        assertThat(allocated.body(SpotAllocation.class).hasUserData()).isTrue();
        assertThat(new String(allocated.body(), StandardCharsets.UTF_8)).doesNotContain(USER_DATA);
        as(account).get("/v1/spot-requests/{id}/user-data", id).then().statusCode(403);
        as("operator")
                .get("/v1/spot-requests/{id}/user-data", id)
                .then()
                .statusCode(200)
                .body("userData", equalTo(USER_DATA));

        as(account).delete("/v1/spot-requests/{id}", id).then().statusCode(200);
        as("operator").get("/v1/spot-requests/{id}/user-data", id).then().statusCode(200);
        stack.new Instance(account, pool, "0.05", id).runs().isTerminatedByItsOwner();
        stack.quiet();
        as("operator")
                .get("/v1/spot-requests/{id}/user-data", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidSpotInstanceRequestID.NotFound"));
    }

    @Test
    void whatTheInstanceServiceWouldNotLaunchIsRefusedInItsWords() {
        Pool pool = new Pool("us-east-1a", "r3.xlarge");
        String account = newAccount();
        instances.refuse(
                "sg-0bad0bad0bad0bad0",
                404,
                "{\"code\": \"InvalidGroup.NotFound\", \"field\": \"securityGroupIds\", \"detail\": \"no such group\"}");
        instances.refuse("key-of-a-bad-day", 503, "{\"code\": \"Unavailable\"}");

        as(account)
                .body(bid(pool, "0.01", "securityGroupIds", List.of("sg-0bad0bad0bad0bad0")))
                .post("/v1/spot-requests")
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidGroup.NotFound"))
                .body("field", equalTo("securityGroupIds"))
                .body("detail", equalTo("no such group"));
        as(account)
                .body(bid(pool, "0.01", "keyName", "key-of-a-bad-day"))
                .post("/v1/spot-requests")
                .then()
                .statusCode(503)
                .body("code", equalTo("Unavailable"));
        as(account).get("/v1/spot-requests").then().body("spotRequests", hasSize(0));
    }

    @Test
    void aSubnetSaysTheZoneAndIsLookedForEvenIfItIsADefaultOne() {
        String account = newAccount();
        String subnet = "subnet-0123456789abcdef0";
        instances.subnet(account, subnet, "us-east-1c");
        Map<String, Object> body = new HashMap<>(bid(new Pool("us-east-1c", TYPE), "0.001", "subnetId", subnet));
        body.remove("availabilityZone");

        show(account, request(account, body))
                .body("availabilityZone", equalTo("us-east-1c"))
                .body("subnetId", equalTo(subnet));
        body.put("subnetId", DefaultNetwork.subnetId(new AccountId(account), new AvailabilityZone("us-east-1c")));
        as(account)
                .body(body)
                .post("/v1/spot-requests")
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidSubnetID.NotFound"));
        body.put("subnetId", subnet);
        body.put("availabilityZone", "us-east-1a");
        as(account)
                .body(body)
                .post("/v1/spot-requests")
                .then()
                .statusCode(400)
                .body("code", equalTo("InvalidParameterCombination"))
                .body("field", equalTo("subnetId"));
        body.remove("availabilityZone");
        as(newAccount())
                .body(body)
                .post("/v1/spot-requests")
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidSubnetID.NotFound"));
    }

    @Test
    void requestsOfAZoneGroupShareAZoneAndOneThatNamesAnotherWaitsForTheOthers() {
        Pool here = new Pool("us-east-1b", TYPE);
        Pool there = new Pool("us-east-1d", TYPE);
        String account = newAccount();
        stack.capacity(here, 0, 0);
        stack.capacity(there, 1, 0);
        stack.quiet();
        String first = request(account, bid(here, "0.05", "availabilityZoneGroup", "near"));
        String elsewhere = request(account, bid(there, "0.05", "availabilityZoneGroup", "near"));
        assertThat(status(account, elsewhere)).isEqualTo("open/az-group-constraint");
        Map<String, Object> anywhere = bid(here, "0.05", "availabilityZoneGroup", "near");
        anywhere.remove("availabilityZone");
        String second = request(account, anywhere);
        show(account, second).body("availabilityZone", equalTo("us-east-1b"));
        String stranger = request(newAccount(), bid(there, "0.0001", "availabilityZoneGroup", "near"));
        assertThat(stranger).isNotEqualTo(elsewhere);

        as(account).delete("/v1/spot-requests/{id}", first).then().statusCode(200);
        stack.quiet();
        assertThat(status(account, elsewhere)).isEqualTo("open/az-group-constraint");
        as(account).delete("/v1/spot-requests/{id}", second).then().statusCode(200);
        stack.quiet();
        assertThat(status(account, elsewhere)).isEqualTo("open/pending-fulfillment");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, elsewhere)).hasSize(1);
    }

    @Test
    void aLaunchGroupIsLaunchedWholeAndTakenBackWhole() {
        Pool pool = new Pool("us-east-1e", TYPE);
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        as(account)
                .body(bid(pool, "0.05", "count", 2, "launchGroup", "both"))
                .post("/v1/spot-requests")
                .then()
                .statusCode(201)
                .body("spotRequests.statusCode", contains("launch-group-constraint", "launch-group-constraint"))
                .body("spotRequests.launchGroup", contains("both", "both"));
        stack.capacity(pool, 2, 0);
        stack.quiet();
        List<String> ids = as(account)
                .get("/v1/spot-requests?launchGroup=both")
                .then()
                .extract()
                .path("spotRequests.spotRequestId");
        assertThat(ids)
                .hasSize(2)
                .allSatisfy(
                        id -> assertThat(stack.told(Topic.SPOT_ALLOCATIONS, id)).hasSize(1));
        List<Instance> both = ids.stream()
                .map(id -> stack.new Instance(account, pool, "0.05", id).runs())
                .toList();
        stack.capacity(pool, 0, 2);
        stack.quiet();

        request(newAccount(), bid(pool, "0.09"));
        coordinator.advance(Duration.ofSeconds(120));
        assertThat(both.stream()
                        .map(instance -> stack.told(Topic.SPOT_INTERRUPTIONS, instance.id)
                                .getFirst()
                                .body(SpotInterruption.class)
                                .reason()))
                .containsExactlyInAnyOrder("capacity", "launch-group");
        both.forEach(Instance::isTakenBack);
        stack.quiet();
        assertThat(ids.stream().map(id -> status(account, id)))
                .containsExactlyInAnyOrder(
                        "closed/instance-terminated-no-capacity", "closed/instance-terminated-launch-group-constraint");
    }

    @Test
    void aListIsNarrowedToWhatIsAskedForAndSaysSinceWhen() {
        Pool pool = new Pool("us-east-1f", TYPE);
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        Instant made = clock.instant();
        String low = request(account, bid(pool, "0.0001", "tags", Map.of("team", "a"), "type", "persistent"));
        String high = request(account, bid(pool, "0.05", "tags", Map.of("team", "b")));
        show(account, low)
                .body("statusUpdatedAt", equalTo(made.toString()))
                .body("statusMessage", equalTo("The request offers less than the pool's price."));
        coordinator.advance(Duration.ofMinutes(1));
        as(account).delete("/v1/spot-requests/{id}", low).then().statusCode(200);
        show(account, low)
                .body("statusUpdatedAt", equalTo(made.plusSeconds(60).toString()))
                .body("createdAt", equalTo(made.toString()));

        found(account, "tag:team=a", low);
        found(account, "tag:team=a&tag:team=b", low, high);
        found(account, "statusCode=canceled-before-fulfillment", low);
        found(account, "state=open&state=cancelled&type=persistent", low);
        found(account, "type=one-time&instanceType=r3.large&availabilityZone=us-east-1f", high);
        found(account, "availabilityZone=us-east-1a");
        found(account, "fleetId=fleet-00000000000000000");
        as(account)
                .get("/v1/spot-requests?statusCode=tired")
                .then()
                .statusCode(400)
                .body("field", equalTo("statusCode"));
    }

    private static void found(String account, String query, String... ids) {
        as(account)
                .get("/v1/spot-requests?" + query)
                .then()
                .statusCode(200)
                .body("spotRequests.spotRequestId", containsInAnyOrder(ids));
    }

    @Test
    void anAccountHasOnlySoManyOpenRequests() {
        Pool pool = new Pool("us-east-1a", "r3.2xlarge");
        String account = newAccount();
        Map<String, Object> nearlyAll = bid(pool, "0.0001", "count", Surroundings.MOST_OPEN_REQUESTS - 1);
        as(account).body(nearlyAll).post("/v1/spot-requests").then().statusCode(201);

        as(account)
                .body(bid(pool, "0.0001", "count", 2, "clientToken", "too-many"))
                .post("/v1/spot-requests")
                .then()
                .statusCode(409)
                .body("code", equalTo("MaxSpotInstanceCountExceeded"))
                .body("field", equalTo("count"));
        request(account, bid(pool, "0.0001", "clientToken", "too-many"));
    }
}
