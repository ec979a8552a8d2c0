package io.cumulet.billing.domain.recommendations;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.recommendations.PlanCurve.Usage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

class PlanCurveTest {

    @Test
    void steadyUsageIsCommittedToWholly() {
        PlanCurve curve = PlanCurve.of(2, Map.of(0L, List.of(usage(6, 10)), 1L, List.of(usage(6, 10))));

        assertThat(curve.best()).isEqualTo(dimes(6));
        assertThat(curve.cost(curve.best())).isEqualTo(dimes(12));
        assertThat(curve.cost(BigFraction.ZERO)).isEqualTo(dimes(20));
    }

    @Test
    void whatIsUsedTooSeldomIsNotCommittedTo() {
        // 10 a dime on demand, 6 a dime by plan: worth it from 60 % of the hours on.
        assertThat(PlanCurve.of(10, hours(5, usage(6, 10))).best()).isEqualTo(BigFraction.ZERO);
        assertThat(PlanCurve.of(10, hours(6, usage(6, 10))).best()).isEqualTo(BigFraction.ZERO);
        assertThat(PlanCurve.of(10, hours(7, usage(6, 10))).best()).isEqualTo(dimes(6));
    }

    @Test
    void withoutUsageNothingIsBest() {
        assertThat(PlanCurve.of(720, Map.of()).best()).isEqualTo(BigFraction.ZERO);
        assertThat(PlanCurve.of(720, Map.of()).cost(dimes(1))).isEqualTo(dimes(720));
    }

    @Test
    void noCommitmentIsBetterThanTheBestAndCostsAreThoseOfGoingHourByHour() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int count = 1 + random.nextInt(20);
            Map<Long, List<Usage>> usage = new HashMap<>();
            for (long hour = 0; hour < count; hour++) {
                List<Usage> inHour = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    int plan = 1 + random.nextInt(50);
                    // Some rates are above the on-demand price.
                    inHour.add(usage(plan, Math.max(1, plan + random.nextInt(40) - 5)));
                }
                if (!inHour.isEmpty()) {
                    usage.put(hour, inHour);
                }
            }
            PlanCurve curve = PlanCurve.of(count, usage);
            BigFraction least = curve.cost(curve.best());
            for (int tenths = 0; tenths <= 2_500; tenths += 5) {
                BigFraction commitment = BigFraction.of(tenths, 100);
                BigFraction cost = costHourByHour(count, usage, commitment);
                assertThat(curve.cost(commitment)).as("seed %d", seed).isEqualTo(cost);
                assertThat(least.compareTo(cost))
                        .as("seed %d, %s", seed, commitment)
                        .isLessThanOrEqualTo(0);
            }
        }
    }

    /** As the rules say it: each hour's commitment is spent on what saves most first. */
    private static BigFraction costHourByHour(int count, Map<Long, List<Usage>> usage, BigFraction commitment) {
        BigFraction cost = BigFraction.ZERO;
        for (long hour = 0; hour < count; hour++) {
            cost = cost.add(commitment);
            BigFraction left = commitment;
            List<Usage> bestFirst = new ArrayList<>(usage.getOrDefault(hour, List.of()));
            bestFirst.sort((one, other) -> other.onDemand()
                    .divide(other.atPlanRate())
                    .compareTo(one.onDemand().divide(one.atPlanRate())));
            for (Usage one : bestFirst) {
                BigFraction spent = left.compareTo(one.atPlanRate()) < 0 ? left : one.atPlanRate();
                left = left.subtract(spent);
                BigFraction uncovered = BigFraction.ONE.subtract(spent.divide(one.atPlanRate()));
                cost = cost.add(one.onDemand().multiply(uncovered));
            }
        }
        return cost;
    }

    private static Map<Long, List<Usage>> hours(int count, Usage usage) {
        Map<Long, List<Usage>> hours = new HashMap<>();
        for (long hour = 0; hour < count; hour++) {
            hours.put(hour, List.of(usage));
        }
        return hours;
    }

    private static Usage usage(int planDimes, int onDemandDimes) {
        return new Usage(dimes(planDimes), dimes(onDemandDimes));
    }

    private static BigFraction dimes(int count) {
        return BigFraction.of(count, 10);
    }
}
