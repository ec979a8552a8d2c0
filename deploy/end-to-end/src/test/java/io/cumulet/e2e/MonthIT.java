package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.EventReader;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackApi.Answer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
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

    private static final String MANAGEMENT = "688888888888";

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

    @Test
    void scheduledTimeIsChargedUsedOrNotAndItsInstancesEndThreeMinutesBeforeTheSlotDoes(LocalStack stack) {
        World world = new World(stack.settings());
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        world.addHosts(1, 8);
        String bought = world.account()
                .post(
                        Service.BILLING,
                        "/v1/scheduled-instances",
                        World.schedule("us-east-1b", start.plus(Duration.ofHours(1))))
                .path("scheduledInstanceId")
                .asText();
        Map<String, Object> launch = new HashMap<>(World.launch("scheduled", 1));
        launch.put("scheduledInstanceId", bought);
        world.operator().freezeClock(); // Once the suite is quiet, the purchase is known to all.
        Answer early = world.account().call(Service.INSTANCES, "POST", "/v1/instances", launch);
        assertThat(early.body().path("code").asText()).isEqualTo("ScheduledInstanceSlotNotOpen");

        world.operator().advanceClock(Duration.ofHours(1));
        String id = World.instanceIds(world.account().post(Service.INSTANCES, "/v1/instances", launch))
                .getFirst();
        assertThat(world.instance(id).path("availabilityZone").asText()).isEqualTo("us-east-1b");
        world.operator().advanceClock(Duration.ofMinutes(236));
        assertThat(world.instance(id).path("state").asText()).isEqualTo("running");
        world.operator().advanceClock(Duration.ofMinutes(1));
        assertThat(world.instance(id).path("state").asText()).isEqualTo("terminated");
        assertThat(world.instance(id).path("stateReason").path("code").asText())
                .isEqualTo("Server.ScheduledInstanceTermination");

        // Nobody uses the second slot.
        Instant end = world.operator()
                .advanceClock(Duration.ofHours(24).plusMinutes(3))
                .now();
        // 2 slots × 4 h × 95 % of 0.0116 USD; used were 3 h 57 min of them.
        assertThat(world.billed(start, end)).isEqualByComparingTo("0.08816");
        JsonNode used = world.account()
                .get(Service.BILLING, "/v1/costs/commitments?from=" + start + "&until=" + end)
                .path("total");
        assertThat(used.path("usedCommitment").asText()).isEqualTo("0.043529");
        assertThat(used.path("unusedCommitment").asText()).isEqualTo("0.044631");
    }

    @Test
    void aMonthThatEndsIsInvoicedByItselfToTheManagementAccountOfWhoeverUsedIt(LocalStack stack) {
        World world = new World(stack.settings());
        world.operator().reset();
        Instant start = world.freezeOnAFullHour();
        world.addHosts(1, 8);
        String organization = join(world, stack);
        world.account().post(Service.INSTANCES, "/v1/instances", World.launch("closing", 1));
        YearMonth month = YearMonth.from(start.atOffset(ZoneOffset.UTC));
        Instant monthEnd = month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);

        world.operator().advanceClock(Duration.between(start, monthEnd));

        StackApi management = StackApi.of(stack.settings(), MANAGEMENT);
        JsonNode bill = world.account().get(Service.BILLING, "/v1/bills/" + month);
        assertThat(bill.path("status").asText()).isEqualTo("final");
        JsonNode invoice = management.get(Service.BILLING, "/v1/bills/" + month + "/consolidated");
        assertThat(invoice.path("status").asText()).isEqualTo("final");
        assertThat(invoice.path("invoiceIds")).isEqualTo(bill.path("invoiceIds"));
        long hours = Duration.between(start, monthEnd).toHours();
        assertThat(new BigDecimal(invoice.path("totals").path("billedCost").asText()))
                .isEqualByComparingTo(new BigDecimal("0.0116").multiply(BigDecimal.valueOf(hours)));
        assertThat(world.account().get(Service.BILLING, "/v1/invoices").path("invoices"))
                .isEmpty();
        assertThat(management
                        .get(Service.BILLING, "/v1/organizations")
                        .path("organizations")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo(organization);
    }

    /** Makes the world's account a member of another account's organization. */
    private static String join(World world, LocalStack stack) {
        StackApi management = StackApi.of(stack.settings(), MANAGEMENT);
        String organization = management
                .post(Service.BILLING, "/v1/organizations", Map.of())
                .path("id")
                .asText();
        String invitation = management
                .post(
                        Service.BILLING,
                        "/v1/organizations/" + organization + "/invitations",
                        Map.of("account", world.accountId()))
                .path("id")
                .asText();
        world.account().post(Service.BILLING, "/v1/organization-invitations/" + invitation + "/accept", Map.of());
        return organization;
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
