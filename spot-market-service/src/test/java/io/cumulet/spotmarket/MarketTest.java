package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static io.cumulet.spotmarket.MarketStack.show;
import static io.cumulet.spotmarket.MarketStack.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.contract.Schemas;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.SpotRebalance;
import io.cumulet.contract.SpotRequestSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The market as the other services see it: capacity and instances in, prices, allocations and interruptions out. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class MarketTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    MarketStack stack;

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
    void aPoolHasItsFloorAsPriceAsSoonAsItsHostsAreKnown() {
        Pool pool = new Pool("us-east-1a", "m4.large");
        stack.capacity(pool, 2, 0);
        stack.quiet();

        List<Told> prices = stack.told(Topic.SPOT_PRICES, pool.key());
        assertThat(prices).hasSize(1);
        assertThat(prices.getFirst().version()).isEqualTo(1);
        assertThat(prices.getFirst().body(SpotPriceSnapshot.class).price()).isEqualTo("0.010");
        assertThat(stack.types(Topic.SPOT_PRICES, "us-east-1a/m4.large/windows"))
                .containsExactly("spot.price-changed");
        as(newAccount())
                .get("/v1/spot-prices?availabilityZone=us-east-1a&instanceType=m4.large&os=linux")
                .then()
                .statusCode(200)
                .body("spotPrices", hasSize(1))
                .body("spotPrices[0].price", equalTo("0.010"));

        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(stack.told(Topic.SPOT_PRICES, pool.key())).hasSize(1);
    }

    @Test
    void theOutbidInstanceIsWarnedEvictedOnceAfterTwoMinutesAndTheBidderGetsItsRoom() throws IOException {
        Pool pool = new Pool("us-east-1b", "c5.large");
        String low = newAccount();
        String high = newAccount();
        stack.capacity(pool, 1, 0);
        Instance first = stack.new Instance(low, pool, "0.0500", null).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        assertThat(status(low, first.requestId)).isEqualTo("active/fulfilled");

        Instant now = clock.instant();
        String second = request(high, bid(pool, "0.0800"));
        stack.quiet();

        assertThat(status(low, first.requestId)).isEqualTo("active/marked-for-termination");
        show(low, first.requestId)
                .body("interruption.actionAt", equalTo(now.plusSeconds(120).toString()));
        assertThat(prices(pool)).containsExactly("0.00850", "0.0500", "0.0800");
        SpotInterruption warning =
                stack.told(Topic.SPOT_INTERRUPTIONS, first.id).getFirst().body(SpotInterruption.class);
        assertThat(warning.actionAt()).isEqualTo(now.plusSeconds(120));
        assertThat(warning.occurredAt()).isEqualTo(now);
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, second)).isEmpty();

        coordinator.advance(Duration.ofSeconds(119));
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, first.id)).containsExactly("spot.interruption-warned");
        coordinator.advance(Duration.ofSeconds(1));
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, first.id))
                .containsExactly("spot.interruption-warned", "spot.evicted");

        first.isTakenBack();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(status(low, first.requestId)).isEqualTo("closed/instance-terminated-no-capacity");
        assertThat(prices(pool)).containsExactly("0.00850", "0.0500", "0.0800", "0.00850");
        SpotAllocation allocation =
                stack.told(Topic.SPOT_ALLOCATIONS, second).getFirst().body(SpotAllocation.class);
        assertThat(allocation.unit()).isEqualTo(1);
        assertThat(allocation.account()).isEqualTo(high);

        Instance next = stack.new Instance(high, pool, "0.0800", second).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        show(high, second).body("state", equalTo("active")).body("instanceId", equalTo(next.id));

        long versionBefore =
                stack.told(Topic.SPOT_REQUESTS, first.requestId).getLast().version();
        first.saysItAllAgain();
        next.saysItAllAgain();
        coordinator.advance(Duration.ofHours(1));
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, first.id)).hasSize(2);
        assertThat(stack.told(Topic.SPOT_INTERRUPTIONS, first.id))
                .extracting(Told::version)
                .containsExactly(1L, 2L);
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, second)).hasSize(1);
        assertThat(stack.told(Topic.SPOT_REQUESTS, first.requestId).getLast().version())
                .isEqualTo(versionBefore);
        assertThat(prices(pool)).hasSize(4);
        everythingToldHasTheFormOfItsSchema();
    }

    @Test
    void oneNewBidTakesBackOneInstanceWhateverElseHappensMeanwhile() {
        Pool pool = new Pool("us-east-1c", "r5.large");
        String account = newAccount();
        stack.capacity(pool, 2, 0);
        Instance lower = stack.new Instance(account, pool, "0.0500", null).runs();
        Instance higher = stack.new Instance(account, pool, "0.0600", null).runs();
        stack.capacity(pool, 0, 2);
        stack.quiet();
        String newBid = request(account, bid(pool, "0.0900"));
        for (int i = 0; i < 3; i++) {
            stack.capacity(pool, 0, 2);
            stack.quiet();
            request(account, bid(pool, "0.0200"));
            coordinator.advance(Duration.ofSeconds(10));
        }

        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, lower.id)).containsExactly("spot.interruption-warned");
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, higher.id)).containsExactly("spot.rebalance-recommended");
        lower.isTerminatedByItsOwner();
        stack.quiet();
        assertThat(status(account, lower.requestId)).isEqualTo("closed/instance-terminated-by-user");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, newBid)).hasSize(1);
        coordinator.advance(Duration.ofMinutes(10));
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, lower.id)).containsExactly("spot.interruption-warned");
    }

    @Test
    void anInstanceAtRiskIsToldSoOnceBeforeItIsWarned() {
        Pool pool = new Pool("us-east-1c", "m4.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        Instance runs = stack.new Instance(account, pool, "0.0500", null).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        request(account, bid(pool, "0.0480"));
        request(account, bid(pool, "0.0490"));
        stack.quiet();

        Told told = stack.told(Topic.SPOT_INTERRUPTIONS, runs.id).getFirst();
        assertThat(told.body(SpotRebalance.class))
                .isEqualTo(new SpotRebalance(
                        runs.id,
                        runs.requestId,
                        account,
                        "us-east-1",
                        "us-east-1c",
                        "m4.2xlarge",
                        "linux",
                        clock.instant()));
        assertThat(status(account, runs.requestId)).isEqualTo("active/fulfilled");

        request(account, bid(pool, "0.0600"));
        coordinator.advance(Duration.ofMinutes(2));
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, runs.id))
                .containsExactly("spot.rebalance-recommended", "spot.interruption-warned", "spot.evicted");
        assertThat(stack.told(Topic.SPOT_INTERRUPTIONS, runs.id))
                .extracting(Told::version)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void aPersistentRequestOpensAgainWhenItsInstanceIsTakenBack() {
        Pool pool = new Pool("us-east-1d", "m5.large");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String persistent = request(account, bid(pool, "0.0300", "type", "persistent"));
        stack.quiet();
        assertThat(status(account, persistent)).isEqualTo("open/pending-fulfillment");
        Instance first = stack.new Instance(account, pool, "0.0300", persistent).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();

        String higher = request(account, bid(pool, "0.0600"));
        stack.quiet();
        coordinator.advance(Duration.ofSeconds(120));
        first.isTakenBack();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        show(account, persistent).body("state", equalTo("open"));
        Instance second = stack.new Instance(account, pool, "0.0600", higher).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        second.isTerminatedByItsOwner();
        stack.capacity(pool, 1, 0);
        stack.quiet();

        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, persistent).stream()
                        .map(told -> told.body(SpotAllocation.class).unit()))
                .containsExactly(1, 2);
        as(account).delete("/v1/spot-requests/{id}", persistent).then().statusCode(200);
    }

    @Test
    void aFailedAllocationIsTriedAgainOnlyAfterNewsOfCapacity() {
        Pool pool = new Pool("us-east-1e", "t3.micro");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String id = request(account, bid(pool, "0.0100"));
        stack.new Instance(account, pool, "0.0100", id)
                .tells(EventType.INSTANCE_FAILED, "terminated", "Server.InsufficientInstanceCapacity");
        stack.quiet();
        assertThat(status(account, id)).isEqualTo("open/capacity-not-available");
        coordinator.advance(Duration.ofHours(1));
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, id)).hasSize(1);

        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, id)).hasSize(2);

        stack.new Instance(account, pool, "0.0100", id)
                .tells(EventType.INSTANCE_FAILED, "terminated", "Server.InvalidGroup.NotFound");
        stack.quiet();
        assertThat(status(account, id)).isEqualTo("failed/bad-parameters");
    }

    @Test
    void aRequestBidsOnlyBetweenItsTimes() {
        Pool pool = new Pool("us-east-1f", "c5.xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        Instant now = clock.instant();
        String late = request(
                account, bid(pool, "0.0900", "validFrom", now.plusSeconds(60).toString()));
        assertThat(status(account, late)).isEqualTo("open/not-scheduled-yet");
        String low = request(
                account, bid(pool, "0.0001", "validUntil", now.plusSeconds(90).toString()));
        assertThat(status(account, low)).isEqualTo("open/price-too-low");

        coordinator.advance(Duration.ofSeconds(60));
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, late)).hasSize(1);
        coordinator.advance(Duration.ofSeconds(60));
        assertThat(status(account, low)).isEqualTo("closed/schedule-expired");
        assertThat(stack.told(Topic.SPOT_REQUESTS, low)
                        .getLast()
                        .body(SpotRequestSnapshot.class)
                        .statusCode())
                .isEqualTo("schedule-expired");
    }

    @Test
    void cancellingLeavesTheInstanceRunningAndItsBidInTheMarket() {
        Pool pool = new Pool("us-east-1a", "r5.xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String open = request(account, bid(pool, "0.0001"));
        as(account)
                .delete("/v1/spot-requests/{id}", open)
                .then()
                .statusCode(200)
                .body("state", equalTo("cancelled"))
                .body("statusCode", equalTo("canceled-before-fulfillment"));
        Instance instance = stack.new Instance(account, pool, "0.0500", null).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        as(account).delete("/v1/spot-requests/{id}", instance.requestId).then().statusCode(200);
        stack.quiet();

        assertThat(status(account, instance.requestId)).isEqualTo("cancelled/request-canceled-and-instance-running");
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, instance.id)).isEmpty();
        request(account, bid(pool, "0.1"));
        stack.quiet();
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, instance.id)).containsExactly("spot.interruption-warned");
    }

    @Test
    void whatTheMarketStoppedBidsOnAndIsStartedAgainWhenItWinsAndThereIsRoom() throws IOException {
        Pool pool = new Pool("us-east-1d", "c5.large");
        String low = newAccount();
        String high = newAccount();
        stack.capacity(pool, 1, 0);
        Instance stopped =
                stack.new Instance(low, pool, "0.0500", null).with("stop").runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        String higher = request(high, bid(pool, "0.0800"));
        assertThat(status(low, stopped.requestId)).isEqualTo("active/marked-for-stop");
        coordinator.advance(Duration.ofSeconds(120));
        stopped.isStoppedByTheMarket();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(status(low, stopped.requestId)).isEqualTo("disabled/instance-stopped-no-capacity");
        Instance winner = stack.new Instance(high, pool, "0.0800", higher).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        assertThat(prices(pool)).last().as("set by the bid of the stopped one").isEqualTo("0.0500");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, stopped.requestId)).isEmpty();

        winner.isTerminatedByItsOwner();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        SpotAllocation again =
                stack.told(Topic.SPOT_ALLOCATIONS, stopped.requestId).getFirst().body(SpotAllocation.class);
        assertThat(again.instanceId()).isEqualTo(stopped.id);
        assertThat(again.os()).isEqualTo("linux");
        assertThat(status(low, stopped.requestId)).isEqualTo("disabled/pending-fulfillment");

        stopped.findsNoRoom();
        stack.quiet();
        assertThat(status(low, stopped.requestId)).isEqualTo("disabled/instance-stopped-no-capacity");
        coordinator.advance(Duration.ofHours(1));
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, stopped.requestId)).hasSize(1);
        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, stopped.requestId)).hasSize(2);
        stopped.startsAgain();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        show(low, stopped.requestId)
                .body("state", equalTo("active"))
                .body("statusCode", equalTo("fulfilled"))
                .body("instanceId", equalTo(stopped.id))
                .body("interruption", nullValue());

        request(high, bid(pool, "0.0900"));
        coordinator.advance(Duration.ofSeconds(120));
        assertThat(stack.told(Topic.SPOT_INTERRUPTIONS, stopped.id))
                .extracting(Told::version)
                .containsExactly(1L, 2L, 3L, 4L);
        everythingToldHasTheFormOfItsSchema();
    }

    @Test
    void cancellingTheRequestOfAStoppedInstanceEndsTheInstance() {
        Pool pool = new Pool("us-east-1e", "m4.large");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String persistent = request(account, bid(pool, "0.0300", "type", "persistent", "interruptionBehavior", "stop"));
        stack.quiet();
        Instance instance = stack.new Instance(account, pool, "0.0300", persistent)
                .with("stop")
                .runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        request(newAccount(), bid(pool, "0.0600"));
        coordinator.advance(Duration.ofSeconds(120));
        instance.isStoppedByTheMarket();
        stack.quiet();
        assertThat(status(account, persistent)).isEqualTo("disabled/instance-stopped-no-capacity");

        as(account)
                .delete("/v1/spot-requests/{id}", persistent)
                .then()
                .statusCode(200)
                .body("state", equalTo("cancelled"));
        stack.quiet();
        SpotInterruption last =
                stack.told(Topic.SPOT_INTERRUPTIONS, instance.id).getLast().body(SpotInterruption.class);
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, instance.id))
                .containsExactly("spot.interruption-warned", "spot.evicted", "spot.evicted");
        assertThat(last.reason()).isEqualTo(SpotInterruption.REQUEST_ENDED);
        assertThat(last.action()).isEqualTo("terminate");
        instance.isTerminatedByItsOwner();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(status(account, persistent)).isEqualTo("cancelled/instance-terminated-by-service");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, persistent)).hasSize(1);
    }

    @Test
    void whoseRequestEndsBeforeTheMarketStopsItEndsToo() {
        Pool pool = new Pool("us-east-1c", "r4.xlarge");
        String account = newAccount();
        stack.capacity(pool, 2, 0);
        stack.quiet();
        String until = clock.instant().plusSeconds(60).toString();
        Map<String, Object> stops = bid(pool, "0.0500", "type", "persistent", "interruptionBehavior", "stop");
        String cancelled = request(account, stops);
        stops.put("validUntil", until);
        String ranOut = request(account, stops);
        stack.quiet();
        List<Instance> instances = Stream.of(cancelled, ranOut)
                .map(id -> stack.new Instance(account, pool, "0.0500", id)
                        .with("stop")
                        .runs())
                .toList();
        stack.capacity(pool, 0, 2);
        coordinator.advance(Duration.ofSeconds(100));
        assertThat(status(account, ranOut)).isEqualTo("active/fulfilled");
        as(account)
                .body(Map.of(
                        "instanceIds", instances.stream().map(one -> one.id).toList()))
                .post("/v1/interruptions")
                .then()
                .statusCode(201);
        as(account).delete("/v1/spot-requests/{id}", cancelled).then().statusCode(200);
        coordinator.advance(Duration.ofSeconds(120));
        instances.forEach(Instance::isStoppedByTheMarket);
        stack.quiet();

        assertThat(status(account, cancelled)).isEqualTo("cancelled/instance-stopped-no-capacity");
        assertThat(status(account, ranOut)).isEqualTo("closed/instance-stopped-no-capacity");
        for (Instance instance : instances) {
            instance.saysItAllAgain();
            stack.quiet();
            List<Told> told = stack.told(Topic.SPOT_INTERRUPTIONS, instance.id).stream()
                    .filter(one -> !one.type().equals("spot.rebalance-recommended"))
                    .toList();
            assertThat(told)
                    .extracting(Told::type)
                    .containsExactly("spot.interruption-warned", "spot.evicted", "spot.evicted");
            SpotInterruption last = told.getLast().body(SpotInterruption.class);
            assertThat(last.reason()).isEqualTo(SpotInterruption.REQUEST_ENDED);
            assertThat(last.action()).isEqualTo("terminate");
        }
    }

    @Test
    void terminatingAStoppedInstanceEndsItsRequestOrOpensAPersistentOneAgain() {
        Pool pool = new Pool("us-east-1f", "m4.large");
        String account = newAccount();
        stack.capacity(pool, 2, 0);
        stack.quiet();
        String persistent = request(account, bid(pool, "0.0300", "type", "persistent", "interruptionBehavior", "stop"));
        stack.quiet();
        Instance own = stack.new Instance(account, pool, "0.0300", persistent)
                .with("stop")
                .runs();
        Instance adopted =
                stack.new Instance(account, pool, "0.0300", null).with("stop").runs();
        stack.capacity(pool, 0, 2);
        stack.quiet();
        request(newAccount(), bid(pool, "0.0900", "count", 2));
        coordinator.advance(Duration.ofSeconds(120));
        own.isStoppedByTheMarket();
        adopted.isStoppedByTheMarket();
        own.isTerminatedByItsOwner();
        adopted.isTerminatedByItsOwner();
        stack.quiet();

        assertThat(status(account, adopted.requestId)).isEqualTo("closed/instance-terminated-by-user");
        show(account, persistent).body("state", equalTo("open"));
        show(account, adopted.requestId).body("type", equalTo("persistent"));
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, adopted.id))
                .containsExactly("spot.interruption-warned", "spot.evicted");
    }

    @Test
    void aLaunchThatMadeAPersistentRequestIsLaunchedAnewAsItWasUntilItsTimeIsOver() throws IOException {
        Pool pool = new Pool("us-east-1f", "m5.large");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        Instant until = clock.instant().plus(Duration.ofHours(2));
        Map<String, Object> options = Map.of("monitoring", Map.of("enabled", true), "privateIpAddress", "10.0.0.9");
        Instance first = stack.new Instance(account, pool, "0.0300", null)
                .launchedAnew(new InstanceSnapshot.Relaunch(until, true, options))
                .requestTagged(Map.of("team", "search"))
                .runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        show(account, first.requestId)
                .body("type", equalTo("persistent"))
                .body("state", equalTo("active"))
                .body("validUntil", equalTo(until.toString()))
                .body("tags", equalTo(Map.of("team", "search")));

        request(newAccount(), bid(pool, "0.0600"));
        coordinator.advance(Duration.ofSeconds(120));
        first.isTakenBack();
        stack.quiet();
        assertThat(status(account, first.requestId)).startsWith("open/");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, first.requestId)).isEmpty();

        stack.capacity(pool, 2, 0);
        stack.quiet();
        SpotAllocation anew =
                stack.told(Topic.SPOT_ALLOCATIONS, first.requestId).getFirst().body(SpotAllocation.class);
        assertThat(anew.unit()).isEqualTo(1);
        assertThat(anew.instanceId()).isNull();
        assertThat(anew.subnetId()).isEqualTo("subnet-00000000000000001");
        assertThat(anew.hasUserData()).isTrue();
        assertThat(anew.options()).isEqualTo(options);
        Instance second = stack.new Instance(account, pool, "0.0300", first.requestId).runs();
        stack.quiet();
        show(account, first.requestId).body("state", equalTo("active")).body("instanceId", equalTo(second.id));

        // What its owner terminates is launched anew as well, but no more once the request's time is over.
        coordinator.advance(Duration.ofHours(3));
        second.isTerminatedByItsOwner();
        stack.quiet();
        assertThat(status(account, first.requestId)).isEqualTo("closed/instance-terminated-by-user");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, first.requestId)).hasSize(1);
        everythingToldHasTheFormOfItsSchema();
    }

    @Test
    void whatItsOwnerStoppedDoesNotBidUntilHeStartsItAgain() {
        Pool pool = new Pool("us-east-1f", "r5.large");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        Instance instance =
                stack.new Instance(account, pool, "0.0300", null).with("stop").runs();
        stack.quiet();
        instance.isStoppedByItsOwner();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(status(account, instance.requestId)).isEqualTo("disabled/instance-stopped-by-user");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, instance.requestId)).isEmpty();

        instance.startsAgain();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        assertThat(status(account, instance.requestId)).isEqualTo("active/fulfilled");
    }

    @Test
    void whatNobodyCanSeeIsNotTold() {
        Pool pool = new Pool("us-east-1d", "r5.large");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        Instance instance = stack.new Instance(account, pool, "0.0300", null).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        instance.isTerminatedByItsOwner();
        stack.quiet();

        assertThat(stack.told(Topic.SPOT_REQUESTS, instance.requestId).stream()
                        .map(told -> told.version() + " "
                                + told.body(SpotRequestSnapshot.class).statusCode()))
                .containsExactly("1 fulfilled", "2 instance-terminated-by-user");
    }

    @Test
    void anAllocationThatCannotBeLaunchedFailsItsRequestWhateverPoolTheAnswerNames() {
        Pool pool = new Pool("us-east-1e", "r5.large");
        Pool elsewhere = new Pool("us-east-1e", "r5.xlarge");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String id = request(account, bid(pool, "0.0300"));
        stack.new Instance(account, elsewhere, "0.0300", id)
                .tells(EventType.INSTANCE_FAILED, "terminated", "Server.InvalidAMIID.NotFound");
        stack.quiet();
        assertThat(status(account, id)).isEqualTo("failed/bad-parameters");
        String next = request(account, bid(pool, "0.0200"));
        stack.quiet();
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, next))
                .as("its room is free")
                .hasSize(1);
    }

    @Test
    void anotherAccountsRequestIsAsGoodAsNone() {
        Pool pool = new Pool("us-east-1b", "m4.xlarge");
        String id = request(newAccount(), bid(pool, "0.01"));
        String stranger = newAccount();

        as(stranger)
                .get("/v1/spot-requests/{id}", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidSpotInstanceRequestID.NotFound"));
        as(stranger).delete("/v1/spot-requests/{id}", id).then().statusCode(404);
        as(stranger).get("/v1/spot-requests").then().statusCode(200).body("spotRequests", hasSize(0));
    }

    @Test
    void theSameTokenAnswersTheSameRequestsAndRefusesAnother() {
        Pool pool = new Pool("us-east-1b", "m4.2xlarge");
        String account = newAccount();
        Map<String, Object> body = bid(pool, "0.02", "count", 3, "clientToken", "once");
        List<String> first = as(account)
                .body(body)
                .post("/v1/spot-requests")
                .then()
                .statusCode(201)
                .body("spotRequests", hasSize(3))
                .extract()
                .path("spotRequests.spotRequestId");
        List<String> again = as(account)
                .body(body)
                .post("/v1/spot-requests")
                .then()
                .statusCode(201)
                .extract()
                .path("spotRequests.spotRequestId");
        assertThat(again).containsExactlyInAnyOrderElementsOf(first);
        Map<String, Object> other = new HashMap<>(body);
        other.put("maxPrice", "0.03");
        as(account)
                .body(other)
                .post("/v1/spot-requests")
                .then()
                .statusCode(409)
                .body("code", equalTo("IdempotentParameterMismatch"));

        String token = as(account)
                .get("/v1/spot-requests?maxResults=2&state=open")
                .then()
                .body("spotRequests", hasSize(2))
                .extract()
                .path("nextToken");
        as(account)
                .get("/v1/spot-requests?maxResults=2&state=open&nextToken=" + token)
                .then()
                .body("spotRequests", hasSize(1));
    }

    @Test
    void whatIsWrongWithARequestIsNamed() {
        Pool pool = new Pool("us-east-1b", "m4.4xlarge");
        refused(bid(pool, "0.02", "colour", "red"), "UnknownParameter", "colour");
        refused(bid(pool, "0.02", "launchGroup", " "), "InvalidParameterValue", "launchGroup");
        refused(bid(pool, "-1"), "InvalidParameterValue", "maxPrice");
        refused(bid(pool, "0.02", "count", 0), "InvalidParameterValue", "count");
        refused(bid(pool, "0.02", "imageId", "ami-00000000"), "InvalidAMIID.NotFound", "imageId");
        refused(bid(pool, "0.02", "instanceType", "m4.tiny"), "InvalidInstanceType", "instanceType");
        refused(bid(pool, "0.02", "availabilityZone", "us-east-1z"), "InvalidAvailabilityZone", "availabilityZone");
        refused(bid(pool, "0.02", "type", "for-ever"), "InvalidParameterValue", "type");
        refused(bid(pool, "0.02", "tags", Map.of("aws:x", "y")), "InvalidParameterValue", "tags");
        refused(bid(pool, "0.02", "validUntil", "2001-01-01T00:00:00Z"), "InvalidParameterValue", "validUntil");
        as(newAccount())
                .get("/v1/spot-requests?color=red")
                .then()
                .statusCode(400)
                .body("code", equalTo("UnknownParameter"));
        as(newAccount())
                .get("/v1/spot-prices?instanceType=m4.tiny")
                .then()
                .statusCode(400)
                .body("code", equalTo("InvalidInstanceType"));
    }

    @Test
    void theHistoryBeginsWithThePriceInForce() {
        Pool pool = new Pool("us-east-1c", "c5.2xlarge");
        String account = newAccount();
        stack.capacity(pool, 0, 0);
        stack.quiet();
        Instant floor = clock.instant();
        coordinator.advance(Duration.ofMinutes(1));
        request(account, bid(pool, "0.1"));
        Instant first = clock.instant();
        coordinator.advance(Duration.ofMinutes(1));
        request(account, bid(pool, "0.2"));
        Instant second = clock.instant();

        String query = "/v1/spot-prices?availabilityZone=us-east-1c&instanceType=c5.2xlarge&os=linux";
        as(account)
                .get(query + "&from=" + first.plusSeconds(1) + "&until=" + second.plusSeconds(1))
                .then()
                .body("spotPrices.price", contains("0.2", "0.1"));
        as(account)
                .get(query + "&from=" + second + "&until=" + second)
                .then()
                .body("spotPrices.price", contains("0.2"));
        String token = as(account)
                .get(query + "&from=" + floor + "&maxResults=2")
                .then()
                .body("spotPrices.price", contains("0.2", "0.1"))
                .extract()
                .path("nextToken");
        as(account)
                .get(query + "&from=" + floor + "&maxResults=2&nextToken=" + token)
                .then()
                .body("spotPrices.price", contains("0.0340"));
    }

    @Test
    void aClearingIsAnsweredAndStoredNowhere() {
        as(newAccount())
                .body("""
                        {"supply": 2, "floor": "0.0100", "onDemand": "0.1000", "bids": [
                          {"id": "sir-1", "maxPrice": "0.0500", "at": "2026-01-01T00:00:00Z", "units": 1},
                          {"id": "sir-2", "maxPrice": "0.08", "at": "2026-01-01T00:00:01Z", "units": 2},
                          {"id": "sir-3", "maxPrice": "0.001", "at": "2026-01-01T00:00:01Z"}]}""")
                .post("/v1/clearings")
                .then()
                .statusCode(200)
                .body("price", equalTo("0.0500"))
                .body("winners", contains(Map.of("id", "sir-2", "units", 2)))
                .body(
                        "losers",
                        contains(
                                Map.of("id", "sir-1", "units", 1, "reason", "capacity"),
                                Map.of("id", "sir-3", "units", 1, "reason", "below-floor")));
        String good = "{\"id\": \"a\", \"maxPrice\": \"0.05\", \"at\": \"2026-01-01T00:00:00Z\"}";
        clearingRefused(good + ", " + good, "InvalidParameterValue", "bids[1].id");
        clearingRefused(good.replace("\"0.05\"", "0.05"), "InvalidParameterValue", "bids[0].maxPrice");
        clearingRefused(good.replace("00Z", "00.000Z"), "InvalidParameterValue", "bids[0].at");
        clearingRefused(good.replace("\"id\"", "\"name\""), "UnknownParameter", "bids[0].name");
        clearingRefused(good.replace("}", ", \"units\": 0}"), "InvalidParameterValue", "bids[0].units");
        clearingRefused("{\"id\": \"a\", \"maxPrice\": \"0.05\"}", "MissingParameter", "bids[0].at");
    }

    private static void clearingRefused(String bids, String code, String field) {
        as(newAccount())
                .body("{\"supply\": 1, \"floor\": \"0.01\", \"onDemand\": \"0.1\", \"bids\": [" + bids + "]}")
                .post("/v1/clearings")
                .then()
                .statusCode(400)
                .body("code", equalTo(code))
                .body("field", equalTo(field));
    }

    private static void refused(Map<String, Object> body, String code, String field) {
        as(newAccount())
                .body(body)
                .post("/v1/spot-requests")
                .then()
                .statusCode(400)
                .body("code", equalTo(code))
                .body("field", equalTo(field));
    }

    private List<String> prices(Pool pool) {
        return stack.told(Topic.SPOT_PRICES, pool.key()).stream()
                .map(told -> told.body(SpotPriceSnapshot.class).price())
                .toList();
    }

    private void everythingToldHasTheFormOfItsSchema() throws IOException {
        for (Topic topic :
                List.of(Topic.SPOT_PRICES, Topic.SPOT_REQUESTS, Topic.SPOT_ALLOCATIONS, Topic.SPOT_INTERRUPTIONS)) {
            List<Told> told = stack.told(topic, null);
            assertThat(told).isNotEmpty();
            Map<String, Long> versions = new HashMap<>();
            for (Told event : told) {
                JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                        .getSchema(JSON.readTree(
                                Schemas.schema(EventType.ofName(event.type()).orElseThrow())));
                assertThat(schema.validate(JSON.readTree(event.body())))
                        .as("%s %s", event.type(), new String(event.body(), StandardCharsets.UTF_8))
                        .isEmpty();
                assertThat(event.headers())
                        .containsEntry("ce_specversion", "1.0")
                        .containsEntry("ce_source", "/spot-market-service")
                        .containsEntry("ce_subject", event.key())
                        .containsKeys("ce_id", "ce_time", "ce_account", "ce_region", "ce_epoch");
                assertThat(event.version())
                        .as("versions of %s on %s", event.key(), topic)
                        .isEqualTo(versions.merge(event.key(), 1L, Long::sum));
            }
        }
    }
}
