package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static io.cumulet.spotmarket.MarketStack.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.RefusedException;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.spotmarket.MarketStack.Instance;
import io.cumulet.spotmarket.MarketStack.Pool;
import io.cumulet.spotmarket.MarketStack.Told;
import io.cumulet.spotmarket.api.InterruptionsResource;
import io.cumulet.spotmarket.config.MarketConfig;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interruptions that somebody asks for. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class InterruptionsTest {

    private static final String TYPE = "i2.xlarge";
    private static final String MAX = "0.5000";

    @Inject
    MarketStack stack;

    @Inject
    ClockCoordinator coordinator;

    @Inject
    StackClock clock;

    @Inject
    DataSource database;

    @BeforeEach
    void standStill() {
        coordinator.freeze();
    }

    @AfterEach
    void goOn() {
        coordinator.run();
    }

    @Test
    void anInstanceIsRecommendedToMoveThenWarnedThenTakenOnceHoweverFarTheClockIsMoved() {
        Pool pool = new Pool("us-east-1a", TYPE);
        String account = newAccount();
        List<Instance> running = running(account, pool, 2);
        Instance chosen = running.getFirst();
        Instance leaver = running.getLast();
        Instant now = clock.instant();
        Map<String, Object> body = Map.of(
                "instanceIds",
                List.of(chosen.id, leaver.id),
                "noticeSeconds",
                600,
                "rebalanceSecondsBefore",
                60,
                "clientToken",
                "drill");
        for (int i = 0; i < 2; i++) {
            as(account)
                    .body(body)
                    .post("/v1/interruptions")
                    .then()
                    .statusCode(201)
                    .body("interruptions", hasSize(2))
                    .body("interruptions[0].instanceId", equalTo(chosen.id))
                    .body("interruptions[0].spotRequestId", equalTo(chosen.requestId))
                    .body(
                            "interruptions[0].warnedAt",
                            equalTo(now.plusSeconds(60).toString()))
                    .body(
                            "interruptions[0].actionAt",
                            equalTo(now.plusSeconds(660).toString()))
                    .body("seed", nullValue());
        }
        leaver.isTerminatedByItsOwner();
        stack.quiet();
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, chosen.id)).containsExactly("spot.rebalance-recommended");
        coordinator.advance(Duration.ofSeconds(60));
        assertThat(status(account, chosen.requestId)).isEqualTo("active/marked-for-termination");
        refused(account, Map.of("instanceIds", List.of(chosen.id)), 409, "IncorrectSpotRequestState", "instanceIds");

        coordinator.advance(Duration.ofHours(5));
        chosen.isTakenBack();
        stack.quiet();
        chosen.saysItAllAgain();
        coordinator.advance(Duration.ofHours(5));
        List<Told> told = stack.told(Topic.SPOT_INTERRUPTIONS, chosen.id);
        assertThat(told)
                .extracting(Told::type)
                .containsExactly("spot.rebalance-recommended", "spot.interruption-warned", "spot.evicted");
        assertThat(told).extracting(Told::version).containsExactly(1L, 2L, 3L);
        assertThat(told.getLast().body(SpotInterruption.class).reason()).isEqualTo("injected");
        assertThat(told.getLast().body(SpotInterruption.class).actionAt()).isEqualTo(now.plusSeconds(660));
        assertThat(status(account, chosen.requestId)).isEqualTo("closed/instance-terminated-no-capacity");
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, leaver.id))
                .as("it went before")
                .containsExactly("spot.rebalance-recommended");
    }

    @Test
    void aStoppedInstanceIsStartedAgainByTheMarketAndWithoutNoticeItGoesAtOnce() {
        Pool pool = new Pool("us-east-1b", TYPE);
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        Instance instance =
                stack.new Instance(account, pool, MAX, null).with("hibernate").runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        as("operator")
                .body(Map.of("instanceIds", List.of(instance.id), "noticeSeconds", 0))
                .post("/v1/interruptions")
                .then()
                .statusCode(201);
        stack.quiet();
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, instance.id))
                .containsExactly("spot.interruption-warned", "spot.evicted");
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, instance.requestId))
                .as("its room is taken until it is gone")
                .isEmpty();

        instance.isStoppedByTheMarket();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        assertThat(stack.told(Topic.SPOT_ALLOCATIONS, instance.requestId)).hasSize(1);
        instance.startsAgain();
        stack.quiet();
        assertThat(status(account, instance.requestId)).isEqualTo("active/fulfilled");
    }

    @Test
    void aShareOfAFleetIsChosenAndNobodyTwice() throws SQLException {
        Pool pool = new Pool("us-east-1c", TYPE);
        String account = newAccount();
        String fleet = "fleet-0123456789abcdef0";
        List<Instance> running = running(account, pool, 4);
        belongTo(fleet, running.subList(0, 3));
        Map<String, Object> third = Map.of("fleetId", fleet, "percent", 34, "seed", 7);

        List<String> first = as(account)
                .body(third)
                .post("/v1/interruptions")
                .then()
                .statusCode(201)
                .body("interruptions", hasSize(2))
                .body("seed", equalTo(7))
                .extract()
                .path("interruptions.instanceId");
        List<String> rest = as(account)
                .body(Map.of("fleetId", fleet, "percent", 100))
                .post("/v1/interruptions")
                .then()
                .statusCode(201)
                .extract()
                .path("interruptions.instanceId");
        assertThat(Stream.concat(first.stream(), rest.stream()))
                .containsExactlyInAnyOrderElementsOf(running.subList(0, 3).stream()
                        .map(instance -> instance.id)
                        .toList());
        refused(newAccount(), third, 404, "InvalidFleetId.NotFound", "fleetId");
    }

    @Test
    void allOrNoneAndWhatIsWrongIsNamed() {
        Pool pool = new Pool("us-east-1d", TYPE);
        String account = newAccount();
        Instance instance = running(account, pool, 1).getFirst();
        String unknown = "i-0dead0dead0dead00";
        refused(
                account,
                Map.of("instanceIds", List.of(instance.id, unknown)),
                404,
                "InvalidInstanceID.NotFound",
                "instanceIds");
        refused(
                newAccount(),
                Map.of("instanceIds", List.of(instance.id)),
                404,
                "InvalidInstanceID.NotFound",
                "instanceIds");
        refused(account, Map.of(), 400, "MissingParameter", "instanceIds");
        refused(account, Map.of("fleetId", "fleet-1"), 400, "MissingParameter", "percent");
        refused(account, Map.of("fleetId", "fleet-1", "percent", 101), 400, "InvalidParameterValue", "percent");
        refused(
                account,
                Map.of("instanceIds", List.of(instance.id), "percent", 1),
                400,
                "InvalidParameterCombination",
                "percent");
        refused(
                account,
                Map.of("instanceIds", List.of(instance.id), "noticeSeconds", 3601),
                400,
                "InvalidParameterValue",
                "noticeSeconds");
        stack.quiet();
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, instance.id)).isEmpty();
        assertThat(status(account, instance.requestId)).isEqualTo("active/fulfilled");
    }

    @Test
    void whereMoneyIsChargedOnlyOperatorsMay() {
        String byOwners = "cumulet.spot-market.interruptions-by-owners";
        String mode = "cumulet.auth.mode";
        for (Map<String, String> settings :
                List.of(Map.of(mode, "jwt"), Map.of(mode, "jwt", byOwners, "false"), Map.of(byOwners, "false"))) {
            assertThatThrownBy(() -> resource(settings).inject(null))
                    .as("%s", settings)
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.refusal().code().code()).isEqualTo("UnauthorizedOperation"));
        }
        for (Map<String, String> settings :
                List.of(Map.<String, String>of(), Map.of(mode, "local"), Map.of(mode, "jwt", byOwners, "true"))) {
            assertThatThrownBy(() -> resource(settings).inject(null))
                    .as("%s: it asks who calls", settings)
                    .hasMessageStartingWith("No caller");
        }
    }

    private static InterruptionsResource resource(Map<String, String> settings) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(MarketConfig.class)
                .withMapping(AuthConfig.class)
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
        return new InterruptionsResource(
                new Caller(),
                null,
                config.getConfigMapping(MarketConfig.class),
                new AuthMode(config.getConfigMapping(AuthConfig.class), "127.0.0.1"));
    }

    /** A request's first instance ends when its warning is announced; the one after it has an announcement of its own. */
    @Test
    void anAnnouncementForAnInstanceThatIsGoneHidesNone() {
        Pool pool = new Pool("us-east-1e", TYPE);
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        String id = request(account, bid(pool, MAX, "type", "persistent"));
        stack.quiet();
        Instance first = stack.new Instance(account, pool, MAX, id).runs();
        stack.quiet();
        announce(account, first);
        first.isTerminatedByItsOwner();
        stack.quiet();
        Instance second = Stream.generate(() -> stack.new Instance(account, pool, MAX, id))
                .filter(one -> one.id.compareTo(first.id) < 0)
                .findFirst()
                .orElseThrow()
                .runs();
        stack.quiet();
        announce(account, second);

        coordinator.advance(Duration.ofSeconds(60));
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, second.id))
                .as("its timer comes before that of the first")
                .containsExactly("spot.rebalance-recommended", "spot.interruption-warned");
        assertThat(stack.types(Topic.SPOT_INTERRUPTIONS, first.id)).containsExactly("spot.rebalance-recommended");
    }

    private static void announce(String account, Instance instance) {
        as(account)
                .body(Map.of("instanceIds", List.of(instance.id), "rebalanceSecondsBefore", 60))
                .post("/v1/interruptions")
                .then()
                .statusCode(201);
    }

    private List<Instance> running(String account, Pool pool, int count) {
        stack.capacity(pool, count, 0);
        List<Instance> running = Stream.generate(() -> stack.new Instance(account, pool, MAX, null).runs())
                .limit(count)
                .toList();
        stack.capacity(pool, 0, count);
        stack.quiet();
        return running;
    }

    /** As if a fleet had made their requests. */
    private void belongTo(String fleet, List<Instance> members) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE spot_request SET fleet_id = ? WHERE instance_id = ANY(?)")) {
            update.setString(1, fleet);
            update.setArray(
                    2,
                    connection.createArrayOf(
                            "text", members.stream().map(one -> one.id).toArray()));
            assertThat(update.executeUpdate()).isEqualTo(members.size());
        }
    }

    private static void refused(String account, Map<String, Object> body, int status, String code, String field) {
        as(account)
                .body(body)
                .post("/v1/interruptions")
                .then()
                .statusCode(status)
                .body("code", equalTo(code))
                .body("field", equalTo(field));
    }
}
