package io.cumulet.billing.domain.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.RandomCharges;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.costs.CommitmentReport.Coverage;
import io.cumulet.billing.domain.costs.CommitmentReport.Utilization;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.kernel.Money;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommitmentReportTest {

    @Test
    void sharesAreRoundedHalfUpToFourPlaces() {
        assertThat(new Utilization(Money.of("2"), Money.of("1"), Money.of("5")).percentage())
                .isEqualByComparingTo("66.67");
        assertThat(new Utilization(Money.of("0.00005"), Money.of("0.99995"), Money.ZERO).percentage())
                .isEqualByComparingTo("0.01");
        assertThat(Utilization.NONE.percentage()).isNull();
    }

    @Test
    void savingsAreWhatOnDemandWouldHaveCostLessAllFees() {
        Utilization used = new Utilization(Money.of("2"), Money.of("1.5"), Money.of("3.25"));

        assertThat(used.netSavings()).isEqualTo(Money.of("-0.25"));
    }

    @Test
    void coverageIsSharedOutByTypeOfCommitment() {
        Coverage coverage = new Coverage(
                Map.of(
                        Terms.Kind.RESERVED_INSTANCES, Money.of("1"),
                        Terms.Kind.COMPUTE_SAVINGS_PLAN, Money.of("0.5")),
                Money.of("2.5"));

        assertThat(coverage.percentage(Money.of("1"))).isEqualByComparingTo("25");
        assertThat(coverage.percentage(coverage.coveredInAll())).isEqualByComparingTo("37.5");
    }

    /** What others in the organization used of a commitment is used, whoever looks. */
    @Test
    void whatIsCoveredAndNotUsedIsWhatTheRowsOfACommitmentSay() {
        long seed = System.nanoTime();
        for (int round = 0; round < 10; round++) {
            Charges charges = RandomCharges.of(seed + round);

            CommitmentReport own = CommitmentReport.of(charges, RandomCharges.MEMBER, Scope.OWN);
            CommitmentReport paid = CommitmentReport.of(charges, RandomCharges.PAYER, Scope.CONSOLIDATED);

            for (CommitmentReport.OfCommitment one : own.commitments()) {
                assertThat(one.commitment().account())
                        .as("seed %d", seed + round)
                        .isEqualTo(RandomCharges.MEMBER);
                assertThat(paid.commitments()).as("seed %d", seed + round).contains(one);
                assertThat(one.utilization().amortized().usd())
                        .as("seed %d", seed + round)
                        .isEqualByComparingTo(
                                effective(charges, one.commitment().id()).usd());
            }
            Coverage coverage = paid.coverage();
            assertThat(coverage.total())
                    .as("seed %d", seed + round)
                    .isEqualTo(listOf(
                            charges.paidBy(RandomCharges.PAYER),
                            Set.of(Category.ON_DEMAND, Category.RI_COVERED, Category.SP_COVERED)));
        }
    }

    private static Money effective(Charges charges, String commitmentId) {
        return charges.charges().stream()
                .filter(charge -> commitmentId.equals(charge.commitmentId()))
                .map(charge -> charge.costs().effective())
                .reduce(Money.ZERO, Money::plus);
    }

    private static Money listOf(Charges charges, Set<Category> categories) {
        return charges.charges().stream()
                .filter(charge -> categories.contains(charge.category()))
                .map(Charge::costs)
                .map(costs -> costs.list())
                .reduce(Money.ZERO, Money::plus);
    }
}
