package io.cumulet.billing.domain.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.RandomCharges;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.costs.Condition.Match;
import io.cumulet.billing.domain.costs.Condition.Matches;
import io.cumulet.billing.domain.costs.CoverageReport.Coverage;
import io.cumulet.billing.domain.costs.Dimension.Attribute;
import io.cumulet.billing.domain.costs.UtilizationReport.Use;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

/** Laws that reports by period, group and condition keep, for the charges of random organizations. */
class ReportsTest {

    @Test
    void aConditionAndItsNegationDivideTheCosts() {
        long seed = System.nanoTime();
        for (int round = 0; round < 6; round++) {
            Charges charges = RandomCharges.of(seed + round).seenBy(RandomCharges.PAYER);
            Condition condition = new Condition.Any(List.of(
                    Matches.equal(Attribute.PURCHASE_OPTION, "spot"),
                    new Condition.All(List.of(
                            new Matches(Attribute.INSTANCE_TYPE, Match.STARTS_WITH, false, Set.of("M4.")),
                            Matches.equal(Attribute.REGION, "us-east-1")))));

            CostReport.Sum all = costs(charges, Condition.NONE);
            CostReport.Sum some = costs(charges, condition);
            CostReport.Sum others = costs(charges, new Condition.Not(condition));

            assertThat(some.plus(others).costs())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(all.costs());
            assertThat(some.seconds().add(others.seconds())).isEqualByComparingTo(all.seconds());
        }
    }

    @Test
    void utilizationByGroupSaysWhatTheCommitmentsSayOneByOneAndNoMoreIsUsedThanWasBought() {
        long seed = System.nanoTime();
        for (int round = 0; round < 6; round++) {
            Charges charges = RandomCharges.of(seed + round);
            CommitmentReport known = CommitmentReport.of(charges, RandomCharges.PAYER, Scope.CONSOLIDATED);
            Report<Use> daily = UtilizationReport.of(
                    charges, RandomCharges.PAYER, query(Granularity.DAILY, Condition.NONE, Attribute.COMMITMENT));
            Report<Use> whole = UtilizationReport.of(
                    charges, RandomCharges.PAYER, query(Granularity.WHOLE, Condition.NONE, Attribute.COMMITMENT));

            assertThat(whole.totals()).as("seed %d, round %d", seed, round).isEqualTo(daily.totals());
            for (Report.Group<Use> group : whole.periods().getFirst().groups()) {
                Use use = group.sum();
                known.commitments().stream()
                        .filter(one -> one.commitment().id().equals(group.keys().getFirst())
                                // Before the one who joined joined, its commitments were its own affair.
                                && !one.commitment().account().equals(RandomCharges.JOINER))
                        .forEach(one -> {
                            assertThat(use.money()).isEqualTo(one.utilization());
                            if (one.commitment().terms() instanceof Terms.ReservedInstances reserved) {
                                assertThat(use.boughtHours())
                                        .isEqualTo(hoursInMonth(one.commitment(), reserved.count()));
                            }
                        });
                // Seconds are rounded to ten decimals.
                assertThat(use.usedHours().subtract(use.boughtHours()).doubleValue())
                        .as("seed %d, round %d: %s", seed, round, use)
                        .isLessThan(1e-6);
            }
        }
    }

    @Test
    void coverageOfAllIsThatOfItsGroups() {
        long seed = System.nanoTime();
        for (int round = 0; round < 6; round++) {
            Charges charges = RandomCharges.of(seed + round);
            CommitmentReport.Coverage known = CommitmentReport.of(charges, RandomCharges.PAYER, Scope.CONSOLIDATED)
                    .coverage();
            Charges seen = Scope.CONSOLIDATED.of(charges, RandomCharges.PAYER);
            Report<Coverage> report = CoverageReport.of(
                    seen.charges(),
                    query(Granularity.MONTHLY, Condition.NONE, Attribute.INSTANCE_TYPE),
                    id -> TagHistory.NONE);

            Coverage totals = report.totals();
            assertThat(totals.onDemand().list())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(known.onDemand());
            assertThat(totals.reserved().list().plus(totals.planned().list())).isEqualTo(known.coveredInAll());
            Money grouped = report.periods().getFirst().groups().stream()
                    .map(group -> group.sum().onDemand().list())
                    .reduce(Money.ZERO, Money::plus);
            assertThat(grouped).isEqualTo(totals.onDemand().list());
        }
    }

    /** The clock hours of the month that lie in the term, for each one. */
    private static BigFraction hoursInMonth(PurchasedCommitment commitment, int count) {
        long hours = 0;
        for (Instant hour = RandomCharges.MONTH.from();
                hour.isBefore(RandomCharges.MONTH.until());
                hour = hour.plusSeconds(3_600)) {
            if (!hour.isBefore(commitment.term().from())
                    && hour.isBefore(commitment.term().end())) {
                hours++;
            }
        }
        return BigFraction.of(hours).multiply(count);
    }

    private static CostReport.Sum costs(Charges charges, Condition condition) {
        return CostReport.of(
                        charges.charges(),
                        query(Granularity.MONTHLY, condition, Attribute.REGION),
                        id -> new TagHistory(List.of()))
                .totals();
    }

    private static CostQuery query(Granularity granularity, Condition filter, Dimension groupBy) {
        return new CostQuery(RandomCharges.MONTH, granularity, List.of(groupBy), filter);
    }
}
