package io.cumulet.billing.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.RandomCharges;
import io.cumulet.billing.domain.budgets.Notification.Type;
import io.cumulet.billing.domain.costs.Dimension.Attribute;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpendingTest {

    private static final Instant FROM = RandomCharges.MONTH.from();

    /** Cut with arithmetic or added up row by row: the same, in all and at each threshold. */
    @Test
    void aMonthIsSpentAsItsRowsAreOneByOne() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            Charges charges = RandomCharges.of(seed + round);
            Scope scope = Scope.values()[round % 2];
            CostType type = CostType.values()[random.nextInt(2)];
            CostFilter filter = round % 3 == 0
                    ? new CostFilter(Attribute.PURCHASE_OPTION, Set.of("on-demand", "reserved-instances"))
                    : null;
            Budget budget = budget(scope, type, filter);

            Spending spending = Spending.of(charges, budget, id -> TagHistory.NONE);

            TreeMap<Instant, BigDecimal> rows = rowByRow(charges, budget);
            BigDecimal total = rows.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(spending.total().usd())
                    .as("seed %d, round %d", seed, round)
                    .isEqualByComparingTo(total);
            if (filter == null) {
                assertThat(spending.total())
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(type.of(Bill.draft(scope.of(charges, RandomCharges.PAYER), List.of(), null)
                                .totals()));
            }
            Money limit = new Money(total.max(BigDecimal.ONE).setScale(2, RoundingMode.CEILING));
            Notification share = new Notification(Type.ACTUAL, 1 + random.nextInt(99));
            assertThat(spending.passes(share, limit).orElse(null))
                    .as("seed %d, round %d, %s of %s", seed, round, share, limit)
                    .isEqualTo(passed(rows, share, limit));
        }
    }

    @Test
    void aThresholdThatIsReachedIsNotPassed() {
        Notification half = new Notification(Type.ACTUAL, 50);

        assertThat(half.isPassedBy(Money.of("50"), Money.of("100"))).isFalse();
        assertThat(half.isPassedBy(Money.of("50.0000000001"), Money.of("100"))).isTrue();
        assertThat(new Notification(Type.FORECASTED, 150).isPassedBy(Money.of("0.15"), Money.of("0.1")))
                .isFalse();
    }

    private static Budget budget(Scope scope, CostType type, @Nullable CostFilter filter) {
        return new Budget(
                "b",
                RandomCharges.PAYER,
                "team",
                Money.of("100"),
                type,
                scope,
                filter,
                List.of(new Notification(Type.ACTUAL, 100)),
                FROM);
    }

    /** What is spent at each hour mark: usage at the end of its hour, fees and what they pay for at its start. */
    private static TreeMap<Instant, BigDecimal> rowByRow(Charges charges, Budget budget) {
        TreeMap<Instant, BigDecimal> rows = new TreeMap<>();
        for (Charge charge : budget.scope().of(charges, budget.account()).charges()) {
            CostFilter filter = budget.filter();
            if (filter != null && !filter.lets(charge, Map.of())) {
                continue;
            }
            for (long hour = 0; hour < charge.hours(); hour++) {
                Instant start = charge.segment().row(hour).chargePeriodStart();
                Instant at = charge.commitment() == null ? start.plusSeconds(3_600) : start;
                long hours = Math.ceilDiv(at.getEpochSecond() - FROM.getEpochSecond(), 3_600);
                rows.merge(
                        FROM.plusSeconds(hours * 3_600),
                        budget.costType().of(charge.segment().row(hour).costs()).usd(),
                        BigDecimal::add);
            }
        }
        return rows;
    }

    private static @Nullable Instant passed(TreeMap<Instant, BigDecimal> rows, Notification share, Money limit) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Map.Entry<Instant, BigDecimal> row : rows.entrySet()) {
            sum = sum.add(row.getValue());
            if (share.isPassedBy(new Money(sum), limit)) {
                Instant end = RandomCharges.MONTH.until();
                return row.getKey().isBefore(end) ? row.getKey() : end;
            }
        }
        return null;
    }
}
