package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.localstack.EventReader;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class MonthIT {

    /** The aim is 20 s on a quiet machine; a build machine may be busy with other things. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aMonthOfThreeHundredInstancesPassesQuicklyAndItsBillIsRight(LocalStack stack) {
        World world = new World(stack.settings());
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        world.addHosts(2, 64);
        for (int batch = 0; batch < 3; batch++) {
            world.account().post(Service.INSTANCES, "/v1/instances", World.launch("month-" + batch, 100));
        }

        long began = System.nanoTime();
        Instant end = world.operator().advanceClock(Duration.ofDays(30)).now();
        assertThat(end).isEqualTo(start.plus(Duration.ofDays(30)));
        // 300 × 720 h × 0.0116 USD
        assertThat(world.billed(start, end)).isEqualByComparingTo("2505.6");
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.printf(Locale.ROOT, "30 days of 300 instances, moved and billed: %.1f s%n", took.toMillis() / 1e3);
        assertThat(took).isLessThan(PATIENCE);
    }

    @Test
    void aTermIsPaidForHourByHourUntilItEnds(LocalStack stack) {
        World world = new World(stack.settings());
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        String bought = buyPlan(world, "0.50", null);
        String queued = buyPlan(world, "0.25", start.plus(Duration.ofDays(10)));
        assertThat(state(world, queued)).isEqualTo("queued");

        Instant end = world.operator().advanceClock(Duration.ofDays(365)).now();

        assertThat(state(world, bought)).isEqualTo("retired");
        assertThat(state(world, queued)).isEqualTo("active");
        // 8,760 h × 0.50 USD; 355 days and the hour that has begun × 0.25 USD
        assertThat(world.billed(start, end)).isEqualByComparingTo("6510.25");
        assertThat(events(stack, bought)).containsExactly("commitment.purchased", "commitment.expired");
        assertThat(events(stack, queued)).containsExactly("commitment.purchased", "commitment.activated");
    }

    private static List<String> events(LocalStack stack, String commitmentId) {
        try (EventReader reader = new EventReader(stack.settings().bootstrapServers())) {
            reader.fromBeginning(List.of("billing.commitments"));
            return reader.readToEnd().stream()
                    .filter(event -> commitmentId.equals(event.key()))
                    .map(EventReader.Event::type)
                    .toList();
        }
    }

    private static String buyPlan(World world, String commitmentHourly, @Nullable Instant purchaseTime) {
        Map<String, Object> plan = new HashMap<>(Map.of(
                "planType",
                "compute",
                "commitmentHourly",
                commitmentHourly,
                "paymentOption",
                "no-upfront",
                "termYears",
                1));
        if (purchaseTime != null) {
            plan.put("purchaseTime", purchaseTime.toString());
        }
        return world.account()
                .post(Service.BILLING, "/v1/savings-plans", plan)
                .path("id")
                .asText();
    }

    private static String state(World world, String planId) {
        return world.account()
                .get(Service.BILLING, "/v1/savings-plans/" + planId)
                .path("state")
                .asText();
    }

    @Test
    void aResetEmptiesEverythingAndTheStackGoesOn(LocalStack stack) {
        World world = new World(stack.settings());
        world.addHosts(1, 8);
        world.account().post(Service.INSTANCES, "/v1/instances", World.launch("before", 2));

        long began = System.nanoTime();
        assertThat(world.operator().reset().mode()).isEqualTo("running");
        System.out.printf(Locale.ROOT, "Reset: %.1f s%n", (System.nanoTime() - began) / 1e9);
        assertThat(world.instances()).isEmpty();
        assertThat(world.usage()).isEmpty();
        assertThat(world.usedMemoryMib()).isZero();

        world.account().post(Service.INSTANCES, "/v1/instances", World.launch("before", 1));
        world.operator().freezeClock();
        assertThat(world.usage()).hasSize(1);
    }
}
