package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.spotmarket.MarketStack.Instance;
import io.cumulet.spotmarket.MarketStack.Pool;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the market tells people who think about bidding. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class SpotQuestionsTest {

    @Inject
    MarketStack stack;

    @Inject
    ClockCoordinator coordinator;

    @Inject
    StackClock clock;

    /** Prices of one pool at midnight, two and six. */
    private String traceId;

    @BeforeEach
    void standStill() {
        coordinator.freeze();
        traceId = as("operator")
                .body(Map.of(
                        "SpotPriceHistory", List.of(price("00", "0.03"), price("02", "0.20"), price("06", "0.03"))))
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(201)
                .extract()
                .path("traceId");
    }

    private static Map<String, String> price(String hour, String price) {
        return Map.of(
                "Timestamp", "2015-05-01T" + hour + ":00:00+00:00",
                "AvailabilityZone", "us-east-1c",
                "InstanceType", "r4.large",
                "ProductDescription", "Linux/UNIX",
                "SpotPrice", price);
    }

    @AfterEach
    void goOn() {
        coordinator.run();
    }

    @Test
    void theAdvisorCountsWhatTheMarketTookBackAndTheHistoryTellsWhatABidWouldHaveGot() {
        Pool pool = new Pool("us-east-1a", "r4.large");
        String account = newAccount();
        stack.capacity(pool, 2, 0);
        stack.quiet();
        Instant begin = clock.instant();
        advised(pool)
                .body("pools", hasSize(1))
                .body("pools[0].runs", equalTo(0))
                .body("pools[0].interruptionFrequency", nullValue())
                .body("pools[0].vcpus", equalTo(2))
                .body("pools[0].memoryMib", equalTo(15616))
                .body("pools[0].averageSpotPrice", equalTo("0.013300"));
        Instance low = stack.new Instance(account, pool, "0.0500", null).runs();
        stack.new Instance(account, pool, "0.0900", null).runs();
        stack.capacity(pool, 0, 2);
        stack.quiet();
        coordinator.advance(Duration.ofDays(2));
        String next = request(account, bid(pool, "0.0800"));
        coordinator.advance(Duration.ofSeconds(120));
        low.isTakenBack();
        stack.capacity(pool, 1, 1);
        stack.quiet();
        Instance last = stack.new Instance(account, pool, "0.0800", next).runs();
        stack.capacity(pool, 0, 2);
        stack.quiet();
        last.isTerminatedByItsOwner();
        stack.quiet();
        coordinator.advance(Duration.ofHours(1));

        advised(pool)
                .body("pools[0].availabilityZone", equalTo("us-east-1a"))
                .body("pools[0].runs", equalTo(3))
                .body("pools[0].interruptedRuns", equalTo(1))
                .body("pools[0].interruptionFrequency", equalTo(">20%"))
                // 2 days and an hour at 0.0133, 2 minutes at 0.08
                .body("pools[0].averageSpotPrice", equalTo("0.013345"))
                .body("pools[0].onDemandPrice", equalTo("0.133"))
                .body("pools[0].savingsPercent", equalTo(90));

        Instant first = begin.truncatedTo(ChronoUnit.SECONDS);
        first = first.equals(begin) ? first : first.plusSeconds(1);
        simulate(Map.of(
                        "history",
                        Map.of("pools", List.of(named("us-east-1a", "r4.large"))),
                        "strategies",
                        List.of(
                                Map.of("name", "low", "maxPrice", "0.0500", "type", "persistent"),
                                Map.of("name", "on-demand", "onDemand", true))))
                .body("simulations.name", contains("low", "on-demand"))
                .body("simulations[0].interruptions", equalTo(1))
                .body("simulations[0].runs.endedBy", contains("price", "history-end"))
                .body("simulations[0].runs[0].startedAt", equalTo(first.toString()))
                .body("simulations[1].interruptions", equalTo(0))
                .body("simulations[1].runCount", equalTo(1));

        coordinator.advance(Duration.ofDays(31));
        advised(pool).body("pools[0].runs", equalTo(1)).body("pools[0].interruptionFrequency", equalTo("<5%"));
    }

    @Test
    void aPlacementIsScoredByTheRoomThereIsAndTheBestPlaceComesFirst() {
        Pool pool = new Pool("us-east-1b", "c3.large");
        stack.capacity(pool, 6, 0);
        stack.quiet();
        scores("instanceType=c3.large&targetCapacity=3")
                .body("spotPlacementScores", hasSize(1))
                .body("spotPlacementScores[0].region", equalTo("us-east-1"))
                .body("spotPlacementScores[0].score", equalTo(10))
                .body("spotPlacementScores[0].availabilityZone", nullValue());
        request(newAccount(), bid(pool, "0.0800", "count", 2));
        stack.quiet();

        scores("instanceType=c3.large&targetCapacity=4&singleAvailabilityZone=true&maxResults=1")
                .body("spotPlacementScores", hasSize(1))
                .body("spotPlacementScores[0].availabilityZone", equalTo("us-east-1b"))
                .body("spotPlacementScores[0].availabilityZoneId", notNullValue())
                .body("spotPlacementScores[0].room", equalTo(4))
                .body("spotPlacementScores[0].score", equalTo(6))
                .body("nextToken", notNullValue());
        scores("instanceType=c3.large&targetCapacity=4&targetCapacityUnitType=vcpu&regionName=us-east-1"
                        + "&regionName=eu-west-1")
                .body("spotPlacementScores.region", contains("us-east-1", "eu-west-1"))
                .body("spotPlacementScores.score", contains(10, 1))
                .body("spotPlacementScores[0].room", equalTo(8));
        refusedScore("instanceType=c3.large", "MissingParameter", "targetCapacity");
        refusedScore("targetCapacity=1", "MissingParameter", "instanceType");
        refusedScore("instanceType=c3.large&targetCapacity=0", "InvalidParameterValue", "targetCapacity");
        refusedScore("instanceType=c3.huge&targetCapacity=1", "InvalidInstanceType", "instanceType");
        refusedScore(
                "instanceType=c3.large&targetCapacity=1&singleAvailabilityZone=yes",
                "InvalidParameterValue",
                "singleAvailabilityZone");
        refusedScore("instanceType=c3.large&targetCapacity=1&regionName=moon-1", "InvalidParameterValue", "regionName");
    }

    @Test
    void strategiesAreTriedOnWhatTheCommandLineToolPrints() {
        ValidatableResponse answer = simulate(Map.of(
                "history",
                Map.of(
                        "SpotPriceHistory",
                        List.of(
                                row("2026-01-01T08:00:00+00:00", "0.0200"),
                                row("2026-01-01T06:00:00+00:00", "0.0200"),
                                row("2026-01-01T02:30:00+00:00", "0.3000"),
                                row("2026-01-01T00:00:00+00:00", "0.0200"))),
                "strategies",
                List.of(
                        Map.of(
                                "name",
                                "work",
                                "percentOfOnDemand",
                                40,
                                "type",
                                "persistent",
                                "hoursNeeded",
                                3.5,
                                "checkpointMinutes",
                                60),
                        Map.of("maxPrice", "0.01"))));

        answer.body("from", equalTo("2026-01-01T00:00:00Z"))
                .body("until", equalTo("2026-01-01T08:00:00Z"))
                .body("simulations[0].cost", equalTo("0.07"))
                .body("simulations[0].finishedAt", equalTo("2026-01-01T07:30:00Z"))
                .body("simulations[0].hoursRun", equalTo("4.0333"))
                .body("simulations[0].hoursOfWorkDone", equalTo("3.5000"))
                .body("simulations[0].freeHours", equalTo("0.5333"))
                .body("simulations[0].runs", hasSize(2))
                .body("simulations[0].runs[0].pool", equalTo("us-east-1c/r4.large/linux"))
                .body("simulations[0].runs[0].endedAt", equalTo("2026-01-01T02:32:00Z"))
                .body("simulations[0].runs[0].endedBy", equalTo("price"))
                .body("simulations[0].runs[1].endedBy", equalTo("finished"))
                .body("simulations[1].name", equalTo("strategy-2"))
                .body("simulations[1].runCount", equalTo(0))
                .body("simulations[1].cost", equalTo("0"))
                .body("simulations[1].savingsPercent", nullValue());
    }

    @Test
    void strategiesAreTriedOnATrace() {
        Map<String, Object> history = Map.of("traceId", traceId, "pools", List.of(named("us-east-1c", "r4.large")));

        simulate(Map.of("history", history, "strategies", List.of(Map.of("maxPrice", "0.1")), "maxRuns", 0))
                .body("from", equalTo("2015-05-01T00:00:00Z"))
                .body("until", equalTo("2015-05-01T06:00:00Z"))
                .body("simulations[0].interruptions", equalTo(1))
                .body("simulations[0].cost", equalTo("0.06"))
                .body("simulations[0].runCount", equalTo(1))
                .body("simulations[0].runs", hasSize(0));
    }

    @Test
    void aMistakeInASimulationIsNamedWithItsPlace() {
        Map<String, Object> good = Map.of("maxPrice", "0.05");
        Map<String, Object> trace = Map.of("traceId", traceId, "pools", List.of(named("us-east-1c", "r4.large")));
        refused(trace, with(good, "maxPrice", "cheap"), "InvalidParameterValue", "strategies[0].maxPrice");
        refused(trace, with(good, "onDemand", true), "InvalidParameterCombination", "strategies[0].maxPrice");
        refused(trace, Map.of("percentOfOnDemand", 0), "InvalidParameterValue", "strategies[0].percentOfOnDemand");
        refused(
                trace,
                with(good, "interruptionBehavior", "stop"),
                "InvalidParameterCombination",
                "strategies[0].interruptionBehavior");
        refused(
                trace,
                Map.of("type", "persistent", "interruptionBehavior", "hibernate", "poolChoice", "cheapest"),
                "InvalidParameterCombination",
                "strategies[0].poolChoice");
        refused(trace, with(good, "pools", List.of("here")), "InvalidParameterValue", "strategies[0].pools[0]");
        refused(trace, with(good, "start", "2015-05-01T06:00:00Z"), "InvalidParameterValue", "strategies[0].start");
        refused(trace, with(good, "hoursNeeded", 0.0001), "InvalidParameterValue", "strategies[0].hoursNeeded");
        refused(trace, with(good, "checkpointMinutes", 0), "InvalidParameterValue", "strategies[0].checkpointMinutes");
        refused(trace, with(good, "restartSeconds", -1), "InvalidParameterValue", "strategies[0].restartSeconds");
        refused(
                trace,
                with(good, "interruptionPolicy", "never"),
                "InvalidParameterValue",
                "strategies[0].interruptionPolicy");
        refused(with(trace, "traceId", "another"), good, "InvalidParameterValue", "history.pools");
        refused(with(trace, "until", "2015-04-01T00:00:00Z"), good, "InvalidParameterValue", "history.until");
        refused(with(trace, "until", "2035-04-01T00:00:00Z"), good, "InvalidParameterValue", "history.until");
        refused(with(trace, "pools", List.of()), good, "MissingParameter", "history.pools");
        refused(
                with(trace, "pools", List.of(named("us-east-1z", "r4.large"))),
                good,
                "InvalidAvailabilityZone",
                "history.pools[0].availabilityZone");
        refused(
                Map.of("spotPriceHistory", List.of(with(row("2026-01-01T06:00:00Z", "0.02"), "Timestamp", "noon"))),
                good,
                "InvalidParameterValue",
                "history.spotPriceHistory[0].Timestamp");
        refused(
                Map.of(
                        "spotPriceHistory",
                        List.of(
                                with(row("2026-01-01T06:00:00Z", "0.02"), "InstanceType", "gone.large"),
                                with(row("2026-01-01T07:00:00Z", "0.03"), "InstanceType", "gone.large"))),
                good,
                "Unsupported",
                "history.pools[0].onDemandPrice");
    }

    private ValidatableResponse advised(Pool pool) {
        return as(newAccount())
                .get("/v1/spot-advisor?os=linux&instanceType=" + pool.type() + "&availabilityZone=" + pool.zone())
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse scores(String query) {
        return as(newAccount()).get("/v1/spot-placement-scores?" + query).then().statusCode(200);
    }

    private static void refusedScore(String query, String code, String field) {
        as(newAccount())
                .get("/v1/spot-placement-scores?" + query)
                .then()
                .statusCode(400)
                .body("code", equalTo(code))
                .body("field", equalTo(field));
    }

    private static ValidatableResponse simulate(Map<String, Object> body) {
        return as(newAccount()).body(body).post("/v1/spot-simulations").then().statusCode(200);
    }

    private static void refused(Map<String, Object> history, Map<String, Object> strategy, String code, String field) {
        ExtractableResponse<Response> answer = as(newAccount())
                .body(Map.of("history", history, "strategies", List.of(strategy)))
                .post("/v1/spot-simulations")
                .then()
                .statusCode(400)
                .extract();
        assertThat(List.of(answer.<String>path("code"), answer.<String>path("field")))
                .containsExactly(code, field);
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> changed = new HashMap<>(map);
        changed.put(key, value);
        return changed;
    }

    private static Map<String, Object> named(String zone, String type) {
        return Map.of("availabilityZone", zone, "instanceType", type, "os", "linux");
    }

    private static Map<String, Object> row(String timestamp, String price) {
        return Map.of(
                "AvailabilityZone", "us-east-1c",
                "InstanceType", "r4.large",
                "ProductDescription", "Linux/UNIX",
                "SpotPrice", price,
                "Timestamp", timestamp);
    }
}
