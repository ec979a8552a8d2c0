package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.spotmarket.MarketStack.Instance;
import io.cumulet.spotmarket.MarketStack.Pool;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How prices come about, are replayed, listed and streamed. */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class PricesTest {

    private static final String OPERATOR = "operator";

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

    /**
     * The file's prices are made up. Its history begins at 00:00; at speed 60 ten of its minutes pass in ten seconds, and
     * on-demand costs 0.1. Changes come at whole seconds of the stack's clock: it begins 0.4 s behind one, so that each comes
     * 0.6 s later than drawn:
     *
     * <pre>
     *   history  stack   price     low 0.028   middle 0.050   high (on-demand)
     *   00:00      0 s   0.02      runs        runs           runs
     *   00:10     10 s   0.03      warned
     *   00:20     20 s   0.025     leaves
     *   00:30     30 s   0.06                  warned
     *   00:40     40 s   0.5 = 0.1                            stays: nobody pays more than on-demand
     *   00:50     50 s   0.005                                stays, below the floor of 0.010
     *            130 s             evicted
     *            150 s                         evicted
     * </pre>
     *
     * The price of EC2-Classic at 00:05 doesn't count, since there is one of VPCs. The zone's other pool begins at 00:25.
     */
    @Test
    void aReplayedHistoryInterruptsAtItsInstants() throws IOException {
        Pool pool = new Pool("us-east-1d", "c4.large");
        String low = newAccount();
        String traceId = importMadeUp();
        stack.capacity(pool, 3, 0);
        Instance lowest = stack.new Instance(low, pool, "0.0280", null).runs();
        Instance middle = stack.new Instance(low, pool, "0.0500", null).runs();
        Instance highest = stack.new Instance(low, pool, "0.1", null).runs();
        stack.capacity(pool, 0, 3);
        stack.quiet();
        assertThat(prices(pool)).last().isEqualTo("0.010");
        int before = prices(pool).size();

        Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusMillis(1400);
        coordinator.advance(Duration.between(clock.instant(), start));
        Instant second = start.plusMillis(600);
        as(OPERATOR)
                .body(Map.of("speed", 60))
                .post("/v1/spot-price-traces/{id}/replays", traceId)
                .then()
                .statusCode(202)
                .body("pools", equalTo(2))
                .body("at", equalTo(start.toString()))
                .body("from", equalTo("2015-06-01T00:00:00Z"));
        as(OPERATOR)
                .delete("/v1/spot-price-traces/{id}", traceId)
                .then()
                .statusCode(409)
                .body("code", equalTo("DependencyViolation"));
        coordinator.advance(Duration.ofSeconds(60));

        assertThat(prices(pool).subList(before, before + 6))
                .containsExactly("0.020000", "0.030000", "0.025000", "0.060000", "0.1", "0.005000");
        assertThat(changedAt(pool).subList(before, before + 6))
                .containsExactly(
                        start,
                        second.plusSeconds(10),
                        second.plusSeconds(20),
                        second.plusSeconds(30),
                        second.plusSeconds(40),
                        second.plusSeconds(50));
        Pool other = new Pool("us-east-1e", "c4.large");
        assertThat(prices(other)).last().isEqualTo("0.045000");
        assertThat(changedAt(other)).last().isEqualTo(second.plusSeconds(25));
        warned(lowest, second.plusSeconds(10));
        warned(middle, second.plusSeconds(30));
        assertThat(interruptions(highest)).isEmpty();
        coordinator.advance(Duration.ofMillis(70_599));
        assertThat(interruptions(lowest)).hasSize(1);
        coordinator.advance(Duration.ofMillis(1));
        assertThat(interruptions(lowest)).containsExactly("spot.interruption-warned", "spot.evicted");
        coordinator.advance(Duration.ofDays(1));
        assertThat(interruptions(highest)).isEmpty();
        show(pool)
                .body("price", equalTo("0.005000"))
                .body("since", equalTo(second.plusSeconds(50).toString()))
                .body("onDemand", equalTo("0.1"))
                .body("savingsPercent", equalTo(95))
                .body("policy.policy", equalTo("trace"))
                .body("policy.traceId", equalTo(traceId));

        as(OPERATOR)
                .delete("/v1/spot-price-traces/{id}/replays", traceId)
                .then()
                .statusCode(202)
                .body("pools", equalTo(2));
        stack.quiet();
        show(pool).body("price", equalTo("0.010")).body("policy.policy", equalTo("auction"));
        as(OPERATOR).delete("/v1/spot-price-traces/{id}", traceId).then().statusCode(200);
        as(OPERATOR)
                .get("/v1/spot-price-traces/{id}", traceId)
                .then()
                .statusCode(404)
                .body("code", equalTo("InvalidSpotPriceTraceId.NotFound"));
    }

    /** Warnings and evictions; a recommendation to go elsewhere may come before. */
    private List<String> interruptions(Instance instance) {
        return stack.types(Topic.SPOT_INTERRUPTIONS, instance.id).stream()
                .filter(type -> !type.equals("spot.rebalance-recommended"))
                .toList();
    }

    private void warned(Instance instance, Instant at) {
        SpotInterruption warning = stack.told(Topic.SPOT_INTERRUPTIONS, instance.id).stream()
                .filter(event -> event.type().equals("spot.interruption-warned"))
                .findFirst()
                .orElseThrow()
                .body(SpotInterruption.class);
        assertThat(warning.occurredAt()).isEqualTo(at);
        assertThat(warning.actionAt()).isEqualTo(at.plusSeconds(120));
        assertThat(warning.reason()).isEqualTo("price");
    }

    @Test
    void onePoolCanReplayAHistoryFromAnyOfItsMomentsUntilItIsPricedOtherwise() throws IOException {
        Pool pool = new Pool("us-east-1d", "c4.large");
        String traceId = importMadeUp();
        put(pool, Map.of("policy", "trace", "traceId", traceId, "from", "2015-06-01T00:15:00Z", "cap", "0.05"))
                .statusCode(200)
                .body("price", equalTo("0.030000"))
                .body("cap", equalTo("0.05"));
        coordinator.advance(Duration.ofMinutes(15).plusSeconds(1));
        show(pool).body("price", equalTo("0.05"));

        put(pool, Map.of("policy", "auction")).statusCode(200).body("price", equalTo("0.010"));
        int before = prices(pool).size();
        coordinator.advance(Duration.ofHours(2));
        assertThat(prices(pool)).hasSize(before);
        as(OPERATOR).delete("/v1/spot-price-traces/{id}", traceId).then().statusCode(200);
    }

    @Test
    void whatWasSetForAPoolIsTakenBackAndAReplayLeavesItAsConfiguredToo() throws IOException, SQLException {
        Pool pool = new Pool("us-east-1d", "c4.large");
        put(pool, Map.of("policy", "smoothed", "percent", 5, "intervalSeconds", 60, "floor", "0.03"))
                .statusCode(200)
                .body("price", equalTo("0.03"));
        as(newAccount()).delete("/v1/spot-pools/" + pool.key()).then().statusCode(403);
        as(OPERATOR).delete("/v1/spot-pools/us-east-1c/c4.large/linux").then().statusCode(404);
        reset(pool).body("policy.policy", equalTo("auction")).body("floor", equalTo("0.010"));
        assertThat(ownPolicy(pool)).isNull();

        String traceId = importMadeUp();
        as(OPERATOR)
                .body(Map.of(
                        "pools",
                        List.of(Map.of("availabilityZone", pool.zone(), "instanceType", pool.type(), "os", "linux"))))
                .post("/v1/spot-price-traces/{id}/replays", traceId)
                .then()
                .statusCode(202);
        stack.quiet();
        assertThat(ownPolicy(pool)).contains(traceId);
        as(OPERATOR)
                .delete("/v1/spot-price-traces/{id}/replays", traceId)
                .then()
                .statusCode(202);
        stack.quiet();
        assertThat(ownPolicy(pool)).isNull();

        put(pool, Map.of("policy", "trace", "traceId", traceId)).statusCode(200);
        reset(pool).body("policy.policy", equalTo("auction"));
        assertThat(ownPolicy(pool)).isNull();
        as(OPERATOR).delete("/v1/spot-price-traces/{id}", traceId).then().statusCode(200);
    }

    private static ValidatableResponse reset(Pool pool) {
        return as(OPERATOR).delete("/v1/spot-pools/" + pool.key()).then().statusCode(200);
    }

    /** As its row has it; null: the configured one. */
    private String ownPolicy(Pool pool) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT policy FROM pool WHERE pool = ?")) {
            select.setString(1, pool.key());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** At speed 6,000 ten minutes pass in a tenth of a second. */
    @Test
    void whatChangesWithinASecondHappensOneAfterTheOtherAtItsEnd() throws IOException {
        Pool pool = new Pool("us-east-1d", "c4.large");
        String traceId = importMadeUp();
        put(pool, Map.of("policy", "auction", "floor", "0.015")).statusCode(200);
        stack.quiet();
        int before = prices(pool).size();
        Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusMillis(1300);
        coordinator.advance(Duration.between(clock.instant(), start));
        put(pool, Map.of("policy", "trace", "traceId", traceId, "speed", 6000)).statusCode(200);
        coordinator.advance(Duration.ofSeconds(5));

        assertThat(prices(pool).subList(before, before + 6))
                .containsExactly("0.020000", "0.030000", "0.025000", "0.060000", "0.1", "0.005000");
        assertThat(changedAt(pool).subList(before + 1, before + 6)).containsOnly(start.plusMillis(700));
        put(pool, Map.of("policy", "auction")).statusCode(200);
        as(OPERATOR).delete("/v1/spot-price-traces/{id}", traceId).then().statusCode(200);
    }

    /** The auction's price is the waiting bid's, 0.040; half of itself a step, at whole minutes, leads there in four. */
    @Test
    void aSmoothedPriceMovesTowardsTheAuctionsAndThenStandsStill() {
        Pool pool = new Pool("us-east-1f", "c4.large");
        String account = newAccount();
        stack.capacity(pool, 1, 0);
        stack.quiet();
        put(pool, Map.of("policy", "smoothed", "percent", 50, "intervalSeconds", 60))
                .statusCode(200)
                .body("price", equalTo("0.010"))
                .body("policy.percent", equalTo(50));
        Instance running = stack.new Instance(account, pool, "0.0900", null).runs();
        stack.capacity(pool, 0, 1);
        stack.quiet();
        Instant start = clock.instant();
        String waiting = request(account, bid(pool, "0.0400"));
        stack.quiet();
        assertThat(prices(pool)).containsExactly("0.010");

        coordinator.advance(Duration.ofMinutes(1));
        coordinator.advance(Duration.ofHours(3));
        assertThat(prices(pool)).containsExactly("0.010", "0.015", "0.0225", "0.03375", "0.0400");
        Instant minute = start.truncatedTo(ChronoUnit.MINUTES);
        assertThat(changedAt(pool).subList(1, 5))
                .containsExactly(
                        minute.plusSeconds(60),
                        minute.plusSeconds(120),
                        minute.plusSeconds(180),
                        minute.plusSeconds(240));
        assertThat(interruptions(running)).isEmpty();

        as(account).delete("/v1/spot-requests/{id}", waiting).then().statusCode(200);
        coordinator.advance(Duration.ofHours(1));
        assertThat(prices(pool).subList(5, prices(pool).size())).containsExactly("0.02", "0.010");
    }

    @Test
    void thePolicyOfAPoolIsChecked() {
        Pool pool = new Pool("us-east-1b", "i3.large");
        as(newAccount())
                .body(Map.of("policy", "auction"))
                .put("/v1/spot-pools/us-east-1b/i3.large/linux")
                .then()
                .statusCode(403);
        refused(pool, Map.of(), "MissingParameter", "policy");
        refused(pool, Map.of("policy", "dutch"), "InvalidParameterValue", "policy");
        refused(pool, Map.of("policy", "auction", "percent", 5), "InvalidParameterCombination", "percent");
        refused(pool, Map.of("policy", "smoothed", "percent", 5), "MissingParameter", "intervalSeconds");
        refused(
                pool,
                Map.of("policy", "smoothed", "percent", 101, "intervalSeconds", 60),
                "InvalidParameterValue",
                "percent");
        refused(pool, Map.of("policy", "trace", "traceId", "none"), "InvalidSpotPriceTraceId.NotFound", "traceId");
        refused(pool, Map.of("policy", "auction", "floor", "-1"), "InvalidParameterValue", "floor");
        refused(pool, Map.of("policy", "auction", "floor", "0.1", "cap", "0.05"), "InvalidParameterValue", "floor");
        refused(pool, Map.of("policy", "auction", "cap", "0.001"), "InvalidParameterValue", "cap");
        refused(pool, Map.of("policy", "auction", "cap", "99"), "InvalidParameterValue", "cap");
        as(newAccount()).get("/v1/spot-pools/us-east-1b/i3.large/linux").then().statusCode(404);
        put(pool, Map.of("policy", "auction", "floor", "0.05"))
                .statusCode(200)
                .body("price", equalTo("0.05"))
                .body("floor", equalTo("0.05"));
        as(newAccount())
                .get("/v1/spot-pools?availabilityZone=us-east-1b&instanceType=i3.large")
                .then()
                .statusCode(200)
                .body("spotPools", hasSize(1))
                .body("spotPools[0].policy.policy", equalTo("auction"))
                .body("spotPools[0].savingsPercent", equalTo(67))
                .body("nextToken", nullValue());
    }

    private static void refused(Pool pool, Map<String, Object> body, String code, String field) {
        put(pool, body)
                .body("code", equalTo(code))
                .body("field", equalTo(field))
                .body("status", org.hamcrest.Matchers.greaterThanOrEqualTo(400));
    }

    @Test
    void aHistoryIsTakenInWholeOrNotAtAll() throws IOException {
        String madeUp = madeUp();
        as(OPERATOR)
                .contentType("application/gzip")
                .body(gzip(madeUp))
                .queryParam("name", "made up")
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(201)
                .body("name", equalTo("made up"))
                .body("pools", equalTo(2))
                .body("changes", equalTo(7))
                .body("from", equalTo("2015-06-01T00:00:00Z"))
                .body("until", equalTo("2015-06-01T00:50:00Z"))
                .body("skippedRows.unknown", equalTo(1))
                .body("skippedRows.unpriced", equalTo(1))
                .body("skippedRows.classic", equalTo(1))
                .body("replaying", equalTo(0));
        int there = as(OPERATOR)
                .get("/v1/spot-price-traces?maxResults=1000")
                .then()
                .extract()
                .jsonPath()
                .getList("spotPriceTraces")
                .size();

        traceRefused(madeUp.replace("0.045000", "-1"), "InvalidParameterValue", "SpotPriceHistory[3].SpotPrice");
        traceRefused(
                madeUp.replace("2015-06-01T00:25:00+00:00", "yesterday"),
                "InvalidParameterValue",
                "SpotPriceHistory[3].Timestamp");
        traceRefused(
                madeUp.replace("\"Windows\"", "\"Solaris\""),
                "InvalidParameterValue",
                "SpotPriceHistory[9].ProductDescription");
        traceRefused(
                madeUp.replace("\"AvailabilityZone\": \"us-east-1e\", ", ""),
                "MissingParameter",
                "SpotPriceHistory[3].AvailabilityZone");
        traceRefused("{}", "MissingParameter", "SpotPriceHistory");
        traceRefused("{\"SpotPriceHistory\": []}", "InvalidParameterValue", "SpotPriceHistory");
        traceRefused(madeUp.substring(0, 300), "MalformedRequest", null);
        as(OPERATOR)
                .body(new byte[] {0, 0, 0, '{', 0x7f, 0, 0, 0, 1, 1, 1, 1}) // begins like UTF-32, and isn't
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(400)
                .body("code", equalTo("MalformedRequest"));
        as(OPERATOR)
                .contentType("application/gzip")
                .body(java.util.Arrays.copyOf(gzip(madeUp), 200))
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(400)
                .body("code", equalTo("MalformedRequest"));
        as(newAccount()).body(madeUp).post("/v1/spot-price-traces").then().statusCode(403);
        as(OPERATOR).get("/v1/spot-price-traces?maxResults=1000").then().body("spotPriceTraces", hasSize(there));
    }

    private static void traceRefused(String body, String code, String field) {
        as(OPERATOR)
                .body(body)
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(400)
                .body("code", equalTo(code))
                .body("field", equalTo(field));
    }

    @Test
    void whoWatchesPricesHearsOfEachAndGoesOnWhereHeStopped() throws IOException, InterruptedException {
        Pool pool = new Pool("us-east-1c", "i3.large");
        put(pool, Map.of("policy", "auction", "floor", "0.02")).statusCode(200);
        stack.quiet();
        String last;
        try (Watching watching = new Watching(pool, null)) {
            watching.next("id: ");
            put(pool, Map.of("policy", "auction", "floor", "0.03")).statusCode(200);
            put(new Pool("us-east-1c", "i3.xlarge"), Map.of("policy", "auction", "floor", "0.05"))
                    .statusCode(200);
            last = watching.next("id: ");
            assertThat(watching.next("event: ")).isEqualTo("price");
            assertThat(watching.next("data: "))
                    .startsWith("{\"availabilityZone\":\"us-east-1c\",\"instanceType\":\"i3.large\",\"os\":\"linux\","
                            + "\"price\":\"0.03\",\"from\":\"");
        }
        put(pool, Map.of("policy", "auction", "floor", "0.04")).statusCode(200);
        put(pool, Map.of("policy", "auction", "floor", "0.05")).statusCode(200);
        stack.quiet();
        try (Watching watching = new Watching(pool, last)) {
            assertThat(watching.next("id: ")).isEqualTo(last);
            assertThat(watching.next("data: ")).contains("\"price\":\"0.04\"");
            assertThat(watching.next("data: ")).contains("\"price\":\"0.05\"");
            put(pool, Map.of("policy", "auction", "floor", "0.06")).statusCode(200);
            assertThat(watching.next("data: ")).contains("\"price\":\"0.06\"");
        }
        as(newAccount())
                .header("Last-Event-ID", "yesterday")
                .get("/v1/spot-prices/stream")
                .then()
                .statusCode(400)
                .body("field", equalTo("Last-Event-ID"));
    }

    /** Reads a stream as it comes. */
    private static final class Watching implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final BufferedReader lines;

        Watching(Pool pool, String lastEventId) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port
                            + "/v1/spot-prices/stream?availabilityZone=" + pool.zone() + "&instanceType="
                            + pool.type() + "&os=linux"))
                    .header("Authorization", "Bearer " + newAccount())
                    .header("Accept", "text/event-stream");
            if (lastEventId != null) {
                request.header("Last-Event-ID", lastEventId);
            }
            var response = client.send(request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** The rest of the next line that begins so. */
        String next(String beginning) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.startsWith(beginning)) {
                line = lines.readLine();
            }
            assertThat(line).as("a line that begins with " + beginning).isNotNull();
            return line.substring(beginning.length());
        }

        @Override
        public void close() throws IOException {
            lines.close();
            client.shutdownNow();
        }
    }

    @Test
    void aWindowOfTheHistoryIsSentAsLinesAndDrawn() {
        Pool pool = new Pool("us-east-1d", "i3.large");
        put(pool, Map.of("policy", "auction", "floor", "0.02")).statusCode(200);
        coordinator.advance(Duration.ofMinutes(1));
        Instant from = clock.instant();
        coordinator.advance(Duration.ofMinutes(1));
        put(pool, Map.of("policy", "auction", "floor", "0.03")).statusCode(200);
        coordinator.advance(Duration.ofMinutes(1));
        put(pool, Map.of("policy", "auction", "floor", "0.04")).statusCode(200);
        String query = "availabilityZone=us-east-1d&instanceType=i3.large&os=linux&from=" + from;

        String lines = as(newAccount())
                .accept("application/x-ndjson")
                .get("/v1/spot-prices?" + query)
                .then()
                .statusCode(200)
                .contentType("application/x-ndjson")
                .extract()
                .asString();
        assertThat(lines.lines()).hasSize(3).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(lines).containsSubsequence("\"price\":\"0.04\"", "\"price\":\"0.03\"", "\"price\":\"0.02\"");
        as(newAccount())
                .accept("*/*")
                .get("/v1/spot-prices?" + query)
                .then()
                .contentType("application/json")
                .body("spotPrices.price", contains("0.04", "0.03", "0.02"));
        as(newAccount())
                .accept("application/x-ndjson")
                .get("/v1/spot-prices?maxResults=5&" + query)
                .then()
                .statusCode(400)
                .body("field", equalTo("maxResults"));

        as(newAccount())
                .get("/v1/spot-prices/chart?" + query)
                .then()
                .statusCode(200)
                .contentType("image/svg+xml")
                .body(containsString("us-east-1d/i3.large/linux"))
                .body(containsString("on-demand 0.156"));
        as(newAccount()).get("/v1/spot-prices/chart").then().statusCode(400).body("field", equalTo("instanceType"));
    }

    @Test
    void aChartHasItsLimits() throws SQLException {
        String chart = "/v1/spot-prices/chart?availabilityZone=us-east-1d&instanceType=i3.xlarge";
        String until = chart + "&until=2001-01-01T00:00:00Z&from=";
        run("INSERT INTO pool_price (pool, version, price, in_force_from, region) SELECT 'us-east-1d/i3.xlarge/linux',"
                + " -n, 0.01, timestamptz '2001-01-01T00:00:00Z' - n * interval '1 second', 'us-east-1'"
                + " FROM generate_series(1, 20001) n");
        try {
            as(newAccount())
                    .get(until + "2000-12-31T00:00:00Z")
                    .then()
                    .statusCode(400)
                    .body("field", equalTo("from"));
            as(newAccount()).get(until + "2000-12-31T23:00:00Z").then().statusCode(200);
        } finally {
            run("DELETE FROM pool_price WHERE version < 0");
        }
        as(newAccount()).get(until + "1999-11-28T00:00:00Z").then().statusCode(200);
        as(newAccount())
                .get(until + "1999-11-27T23:59:59Z")
                .then()
                .statusCode(400)
                .body("field", equalTo("from"));
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static ValidatableResponse put(Pool pool, Map<String, Object> body) {
        return as(OPERATOR).body(body).put("/v1/spot-pools/" + pool.key()).then();
    }

    private static ValidatableResponse show(Pool pool) {
        return as(newAccount()).get("/v1/spot-pools/" + pool.key()).then().statusCode(200);
    }

    private static String importMadeUp() throws IOException {
        return as(OPERATOR)
                .body(madeUp())
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(201)
                .extract()
                .path("traceId");
    }

    private static String madeUp() throws IOException {
        try (var file = PricesTest.class.getResourceAsStream("/spot-history-made-up.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private List<String> prices(Pool pool) {
        return stack.told(Topic.SPOT_PRICES, pool.key()).stream()
                .map(told -> told.body(SpotPriceSnapshot.class).price())
                .toList();
    }

    private List<Instant> changedAt(Pool pool) {
        return new ArrayList<>(stack.told(Topic.SPOT_PRICES, pool.key()).stream()
                .map(told -> told.body(SpotPriceSnapshot.class).occurredAt())
                .toList());
    }
}
