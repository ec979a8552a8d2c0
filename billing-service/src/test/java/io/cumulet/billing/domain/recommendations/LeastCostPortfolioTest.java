package io.cumulet.billing.domain.recommendations;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.recommendations.LeastCostPortfolio.Proposal;
import io.cumulet.billing.domain.recommendations.OnDemandUsage.Kind;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

class LeastCostPortfolioTest {

    private static final Region REGION = new Region("us-east-1");
    private static final Kind LARGE = kind("m4.large", OperatingSystem.LINUX, "0.10");
    private static final Kind XLARGE = kind("m4.xlarge", OperatingSystem.LINUX, "0.20");
    private static final Kind WINDOWS = kind("c4.large", OperatingSystem.WINDOWS, "0.30");

    @Test
    void whatAlwaysRunsIsReserved() {
        Proposal proposal = find(usage(168, Map.of(LARGE, 3)), "0.62", null);

        assertThat(proposal.reserved()).containsExactly(Map.entry(offer(LARGE, "0.62"), 3));
        // 3 × 0.062 × 168, less what the solver's arithmetic may be wrong by.
        assertThat(proposal.bound().usd()).isBetween(new BigDecimal("31.2479"), new BigDecimal("31.248"));
    }

    @Test
    void whatSeldomRunsIsLeftOnDemand() {
        Map<Long, Map<Kind, BigDecimal>> hours = new HashMap<>();
        for (long hour = 0; hour < 60; hour++) {
            hours.put(hour, Map.of(WINDOWS, BigDecimal.valueOf(3_600)));
        }

        assertThat(find(new OnDemandUsage(100, hours), "0.62", null).reserved()).isEmpty();
        assertThat(find(new OnDemandUsage(100, hours), "0.59", null).reserved())
                .containsExactly(Map.entry(offer(WINDOWS, "0.59"), 1));
    }

    @Test
    void sizesOfAFamilyShareOneReservation() {
        // By turns, so that neither runs all the time; together they use 8 units in every hour.
        Map<Long, Map<Kind, BigDecimal>> hours = new HashMap<>();
        for (long hour = 0; hour < 168; hour++) {
            hours.put(
                    hour,
                    hour % 2 == 0
                            ? Map.of(XLARGE, BigDecimal.valueOf(3_600))
                            : Map.of(LARGE, BigDecimal.valueOf(7_200)));
        }

        BigDecimal units = BigDecimal.ZERO;
        for (Map.Entry<Terms.ReservedInstances, Integer> one :
                find(new OnDemandUsage(168, hours), "0.62", null).reserved().entrySet()) {
            int each = one.getKey().instanceType().equals(LARGE.type()) ? 4 : 8;
            units = units.add(BigDecimal.valueOf((long) each * one.getValue()));
        }
        assertThat(units).isEqualByComparingTo("8");
    }

    @Test
    void nothingInAllPortfoliosIsCheaperThanTheBoundNorThanTheProposalIfOneSizeOfAFamilyIsUsed() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 15; round++) {
            OnDemandUsage usage = random(random);
            String reserved = "0." + (40 + random.nextInt(55));
            String plan = random.nextInt(3) == 0 ? null : "0." + (40 + random.nextInt(55));
            Proposal proposal = find(usage, reserved, plan);

            BigFraction least = null;
            for (int large = 0; large <= 5; large++) {
                for (int windows = 0; windows <= 5; windows++) {
                    BigFraction cost = cost(usage, reserved, plan, large, windows);
                    least = least == null || cost.compareTo(least) < 0 ? cost : least;
                }
            }

            BigFraction proposed = cost(
                    usage,
                    reserved,
                    plan,
                    proposal.reserved().getOrDefault(offer(LARGE, reserved), 0),
                    proposal.reserved().getOrDefault(offer(WINDOWS, reserved), 0));
            assertThat(Money.exact(proposal.bound().usd()).compareTo(least))
                    .as("seed %d", seed)
                    .isNotPositive();
            assertThat(Money.rounded(proposed)
                            .usd()
                            .subtract(Money.rounded(least).usd()))
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(new BigDecimal("0.00001"));
        }
    }

    @Test
    void monthsOfUsageThatDiffersInEveryHourHaveABoundBelowWhatIsProposed() {
        Random random = new Random(7);
        Map<Long, Map<Kind, BigDecimal>> hours = new HashMap<>();
        for (long hour = 0; hour < 1_440; hour++) {
            Map<Kind, BigDecimal> used = new HashMap<>();
            for (Kind kind : List.of(LARGE, WINDOWS)) {
                used.put(kind, BigDecimal.valueOf(36_000L + random.nextInt(36_000)));
            }
            hours.put(hour, used);
        }
        OnDemandUsage usage = new OnDemandUsage(1_440, hours);

        Proposal proposal = find(usage, "0.62", "0.70");

        BigFraction cost = cost(
                usage,
                "0.62",
                "0.70",
                proposal.reserved().getOrDefault(offer(LARGE, "0.62"), 0),
                proposal.reserved().getOrDefault(offer(WINDOWS, "0.62"), 0));
        BigFraction bound = Money.exact(proposal.bound().usd());
        assertThat(bound.compareTo(cost)).isNegative();
        assertThat(cost.subtract(bound).divide(cost).compareTo(BigFraction.of(1, 50)))
                .isNegative();
        assertThat(cost.compareTo(usage.cost())).isNegative();
    }

    /** As the rules say it: what is reserved first, then the best plan. */
    private static BigFraction cost(OnDemandUsage usage, String reserved, String plan, int large, int windows) {
        Map<Kind, Integer> bought = Map.of(LARGE, large, WINDOWS, windows);
        BigFraction cost = BigFraction.ZERO;
        for (Map.Entry<Kind, Integer> one : bought.entrySet()) {
            cost = cost.add(offer(one.getKey(), reserved)
                    .unitFees()
                    .hourly()
                    .multiply(usage.hours())
                    .multiply(one.getValue()));
        }
        Map<Long, Map<Kind, BigDecimal>> left = new HashMap<>();
        usage.secondsByHour().forEach((hour, kinds) -> {
            Map<Kind, BigDecimal> rest = new HashMap<>();
            kinds.forEach((kind, seconds) -> rest.put(
                    kind,
                    seconds.subtract(BigDecimal.valueOf(3_600L * bought.get(kind)))
                            .max(BigDecimal.ZERO)));
            left.put(hour, rest);
        });
        OnDemandUsage unreserved = new OnDemandUsage(usage.hours(), left);
        if (plan == null) {
            return cost.add(unreserved.cost());
        }
        PlanCurve curve = unreserved.curve(kind -> Optional.of(rate(kind, plan)));
        return cost.add(curve.cost(curve.best()));
    }

    private static OnDemandUsage random(Random random) {
        Map<Long, Map<Kind, BigDecimal>> hours = new HashMap<>();
        long count = 5 + random.nextInt(20);
        for (long hour = 0; hour < count; hour++) {
            Map<Kind, BigDecimal> used = new HashMap<>();
            for (Kind kind : List.of(LARGE, WINDOWS)) {
                if (random.nextInt(4) > 0) {
                    used.put(kind, BigDecimal.valueOf(1 + random.nextInt(5 * 3_600)));
                }
            }
            hours.put(hour, used);
        }
        return new OnDemandUsage(count, hours);
    }

    private static OnDemandUsage usage(long count, Map<Kind, Integer> running) {
        Map<Long, Map<Kind, BigDecimal>> hours = new HashMap<>();
        for (long hour = 0; hour < count; hour++) {
            Map<Kind, BigDecimal> used = new HashMap<>();
            running.forEach((kind, instances) -> used.put(kind, BigDecimal.valueOf(3_600L * instances)));
            hours.put(hour, used);
        }
        return new OnDemandUsage(count, hours);
    }

    private static Proposal find(OnDemandUsage usage, String reserved, String plan) {
        return LeastCostPortfolio.find(
                usage,
                kind -> Optional.ofNullable(plan).map(share -> rate(kind, share)),
                kind -> Optional.of(offer(kind, reserved)));
    }

    private static HourlyRate rate(Kind kind, String share) {
        return new HourlyRate(kind.onDemand().usd().multiply(new BigDecimal(share)));
    }

    private static Terms.ReservedInstances offer(Kind kind, String share) {
        return new Terms.ReservedInstances(
                REGION,
                null,
                kind.type(),
                kind.os(),
                OfferingClass.STANDARD,
                1,
                PaymentOption.NO_UPFRONT,
                1,
                BigDecimal.ZERO,
                rate(kind, share).usd());
    }

    private static Kind kind(String type, OperatingSystem os, String onDemand) {
        return new Kind(REGION, new InstanceType(type), os, Tenancy.DEFAULT, HourlyRate.of(onDemand));
    }
}
