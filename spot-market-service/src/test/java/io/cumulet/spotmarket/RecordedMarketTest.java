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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Replays a day of a real market on bids. The file isn't shipped: what {@code ./cumulet spot-history FILE.csv.gz -o
 * FILE.json.gz} makes of a history from 2015 that has {@code us-east-1a/c3.xlarge}. Runs with
 * {@code -Dcumulet.spot-history=FILE.json.gz}, and from which moment and until when the interruptions of bids are expected
 * is said too, as {@code -Dcumulet.spot-history.expected=FROM,MAX=WARNED,MAX=WARNED,…}: {@code WARNED} is the moment of the
 * history at which the price first is above {@code MAX}, or {@code none} for a day without.
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
        String[] expected = System.getProperty("cumulet.spot-history.expected").split(",", -1);
        Instant from = Instant.parse(expected[0]);
        List<String[]> bids = java.util.Arrays.stream(expected)
                .skip(1)
                .map(bid -> bid.split("=", 2))
                .toList();
        String traceId = as("operator")
                .contentType("application/gzip")
                .body(Files.readAllBytes(Path.of(System.getProperty("cumulet.spot-history"))))
                .post("/v1/spot-price-traces")
                .then()
                .statusCode(201)
                .extract()
                .path("traceId");
        Pool pool = new Pool("us-east-1a", "c3.xlarge");
        String account = newAccount();
        stack.capacity(pool, bids.size(), 0);
        stack.quiet();
        as("operator")
                .body(Map.of(
                        "speed",
                        SPEED,
                        "from",
                        from.toString(),
                        "pools",
                        List.of(Map.of("availabilityZone", pool.zone(), "instanceType", pool.type(), "os", "linux"))))
                .post("/v1/spot-price-traces/{id}/replays", traceId)
                .then()
                .statusCode(202)
                .body("pools", equalTo(1));
        Instant start = clock.instant();
        List<Instance> instances = bids.stream()
                .map(bid -> stack.new Instance(account, pool, bid[0], null).runs())
                .toList();
        stack.capacity(pool, 0, bids.size());
        stack.quiet();
        coordinator.advance(Duration.ofDays(1));

        for (int i = 0; i < bids.size(); i++) {
            Optional<Instant> warned = stack.told(Topic.SPOT_INTERRUPTIONS, instances.get(i).id).stream()
                    .findFirst()
                    .map(told -> told.body(SpotInterruption.class).occurredAt());
            // A change comes at the next whole second.
            assertThat(warned.map(at -> from.plusSeconds(
                                            Duration.between(start, at).toSeconds())
                                    .toString())
                            .orElse("none"))
                    .as("a bid of " + bids.get(i)[0])
                    .isEqualTo(bids.get(i)[1]);
        }
    }
}
