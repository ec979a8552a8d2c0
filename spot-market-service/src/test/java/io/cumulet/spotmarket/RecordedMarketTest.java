package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.contract.SpotInterruption;
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
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Replays a day of a real market on bids. The file isn't shipped: what {@code ./cumulet spot-history FILE.csv.gz -o
 * FILE.json.gz} makes of a recorded history. Runs with {@code -Dcumulet.spot-history=FILE.json.gz}, and from which moment on,
 * and when bids are expected to be interrupted, is said too, as
 * {@code -Dcumulet.spot-history.expected=FROM,ZONE/TYPE/MAX=WARNED,…}: {@code WARNED} is the moment of the history at which
 * the price first is above {@code MAX}, or {@code none} for a day without. How to find it: docs/spot-market.md.
 */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
@EnabledIfSystemProperty(named = "cumulet.spot-history", matches = ".+")
class RecordedMarketTest {

    private static final int SPEED = 1;

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
    void bidsAreInterruptedWhenTheRecordedPriceRisesAboveThem() throws IOException {
        String[] said = System.getProperty("cumulet.spot-history.expected").split(",", -1);
        Instant from = Instant.parse(said[0]);
        Map<String, List<Bid>> bids = Arrays.stream(said)
                .skip(1)
                .map(Bid::of)
                .collect(Collectors.groupingBy(Bid::pool, LinkedHashMap::new, Collectors.toList()));
        Map<String, Pool> pools = new LinkedHashMap<>();
        for (String name : bids.keySet()) {
            String[] parts = name.split("/", -1);
            pools.put(name, new Pool(parts[0], parts[1]));
        }
        String traceId = as("operator")
                .contentType("application/gzip")
                .body(Files.readAllBytes(Path.of(System.getProperty("cumulet.spot-history"))))
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(201)
                .extract()
                .path("traceId");
        String account = newAccount();
        bids.forEach((name, ofPool) -> stack.capacity(pools.get(name), ofPool.size(), 0));
        stack.quiet();
        as("operator")
                .body(Map.of(
                        "speed",
                        SPEED,
                        "from",
                        from.toString(),
                        "pools",
                        pools.values().stream()
                                .map(pool -> Map.of(
                                        "availabilityZone", pool.zone(), "instanceType", pool.type(), "os", "linux"))
                                .toList()))
                .post("/v1/spot-price-traces/{id}/replays", traceId)
                .then()
                .statusCode(202)
                .body("pools", equalTo(pools.size()));
        Instant start = clock.instant();
        Map<Bid, Instance> instances = new LinkedHashMap<>();
        bids.forEach((name, ofPool) -> {
            ofPool.forEach(bid ->
                    instances.put(bid, stack.new Instance(account, pools.get(name), bid.maxPrice(), null).runs()));
            stack.capacity(pools.get(name), 0, ofPool.size());
        });
        stack.quiet();
        coordinator.advance(Duration.ofDays(1));

        instances.forEach((bid, instance) -> {
            // A change comes at the next whole second.
            String warned = warnedAt(instance)
                    .map(at -> from.plusSeconds(Duration.between(start, at).toSeconds())
                            .toString())
                    .orElse("none");
            assertThat(warned).as(bid.toString()).isEqualTo(bid.warned());
        });
    }

    private Optional<Instant> warnedAt(Instance instance) {
        return stack.told(Topic.SPOT_INTERRUPTIONS, instance.id).stream()
                .filter(told -> told.type().equals("spot.interruption-warned"))
                .findFirst()
                .map(told -> told.body(SpotInterruption.class).occurredAt());
    }

    /** A bid, and when its instance is expected to be warned. */
    private record Bid(String pool, String maxPrice, String warned) {

        static Bid of(String said) {
            String[] parts = said.split("=", 2);
            int price = parts[0].lastIndexOf('/');
            return new Bid(parts[0].substring(0, price), parts[0].substring(price + 1), parts[1]);
        }
    }
}
