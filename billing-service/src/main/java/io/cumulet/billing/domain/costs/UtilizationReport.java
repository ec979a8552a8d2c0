package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.costs.CommitmentReport.Utilization;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.NormalizationFactors;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * How much of what accounts bought was used, by period and group. Groups and filters look at what was bought, not at what used
 * it: its owner, type, place and payment.
 *
 * @see <a href="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetReservationUtilization.html">
 *     GetReservationUtilization</a> and GetSavingsPlansUtilization, whose figures these are
 */
public final class UtilizationReport {

    private static final BigFraction SECONDS_PER_HOUR = BigFraction.of(3_600);

    private UtilizationReport() {}

    /**
     * How much was used.
     *
     * @param money fees as they are spread over the hours
     * @param recurring the hourly fees that fell due; the rest of the money is upfront fees spread
     * @param boughtHours of Reserved Instances of all sizes together; a plan has none
     * @param usedHours of them; usage of another size counts by the normalization factors
     * @param boughtUnits the hours by the normalization factor
     */
    public record Use(
            Utilization money,
            Money recurring,
            BigFraction boughtHours,
            BigFraction usedHours,
            BigFraction boughtUnits,
            BigFraction usedUnits)
            implements Report.Value<Use> {

        static final Use NONE = new Use(
                Utilization.NONE, Money.ZERO, BigFraction.ZERO, BigFraction.ZERO, BigFraction.ZERO, BigFraction.ZERO);

        private static Use of(Charge charge, PurchasedCommitment commitment, long hours) {
            var costs = charge.segment().first().costs().times(hours);
            BigFraction usedHours =
                    charge.category() == Category.RI_COVERED && commitment.terms() instanceof Terms.OfInstances terms
                            ? hoursOf(charge, terms).multiply(hours)
                            : BigFraction.ZERO;
            return new Use(
                    Utilization.NONE.plus(charge.category(), costs),
                    isRecurring(charge.category()) ? costs.billed() : Money.ZERO,
                    BigFraction.ZERO,
                    usedHours,
                    BigFraction.ZERO,
                    usedHours.multiply(factor(commitment)));
        }

        private static Use bought(PurchasedCommitment commitment, int count, long hours) {
            BigFraction all = BigFraction.of(count).multiply(hours);
            return new Use(
                    Utilization.NONE,
                    Money.ZERO,
                    all,
                    BigFraction.ZERO,
                    all.multiply(factor(commitment)),
                    BigFraction.ZERO);
        }

        @Override
        public Use plus(Use other) {
            return new Use(
                    money.plus(other.money),
                    recurring.plus(other.recurring),
                    boughtHours.add(other.boughtHours),
                    usedHours.add(other.usedHours),
                    boughtUnits.add(other.boughtUnits),
                    usedUnits.add(other.usedUnits));
        }

        /** The share of a whole as a percentage with two places, half up; null if there is no whole. */
        public static @Nullable BigDecimal percentage(BigFraction part, BigFraction whole) {
            return whole.signum() == 0
                    ? null
                    : part.divide(whole).multiply(100).bigDecimalValue(2, RoundingMode.HALF_UP);
        }
    }

    /**
     * The report of what an account bought, and of what was bought by those for whom it pays.
     *
     * @param charges of all accounts that share commitments with it: what others used of its commitments is used, too
     */
    public static Report<Use> of(Charges charges, AccountId account, CostQuery query) {
        Report.Builder<Use> builder = new Report.Builder<>(query, id -> TagHistory.NONE, Use.NONE);
        Map<String, Charge> bought = new LinkedHashMap<>();
        for (Charge charge : charges.charges()) {
            PurchasedCommitment commitment = charge.commitment();
            if (commitment != null
                    && (commitment.account().equals(account) || charge.payer().equals(account))) {
                Charge ofCommitment = charge.asOfItsCommitment(commitment);
                builder.add(ofCommitment, charge.from(), charge.hours(), hours -> Use.of(charge, commitment, hours));
                bought.putIfAbsent(commitment.id(), ofCommitment);
            }
        }
        Interval due = new Interval(query.period().from(), charges.request().dueUntil());
        bought.values().forEach(one -> addHours(builder, one, due));
        return builder.report();
    }

    private static void addHours(Report.Builder<Use> builder, Charge charge, Interval due) {
        PurchasedCommitment commitment = Objects.requireNonNull(charge.commitment());
        if (commitment.terms() instanceof Terms.OfInstances terms) {
            for (Interval usable : usable(commitment, terms)) {
                Instant from = usable.from().isBefore(due.from()) ? due.from() : usable.from();
                Instant until = usable.until().isAfter(due.until()) ? due.until() : usable.until();
                if (from.isBefore(until)) {
                    builder.add(
                            charge,
                            from,
                            Duration.between(from, until).toHours(),
                            hours -> Use.bought(commitment, terms.count(), hours));
                }
            }
        }
    }

    /** The hours in which it can be used. */
    private static List<Interval> usable(PurchasedCommitment commitment, Terms.OfInstances terms) {
        return terms instanceof Terms.ScheduledInstances scheduled
                ? scheduled.schedule(commitment.term()).slots()
                : List.of(
                        new Interval(commitment.term().from(), commitment.term().end()));
    }

    /** How much of one Reserved Instance each hour of a charge used. */
    private static BigFraction hoursOf(Charge charge, Terms.OfInstances terms) {
        BigDecimal seconds = Objects.requireNonNull(charge.segment().first().seconds(), "what is covered has seconds");
        BigFraction hours = Money.exact(seconds).divide(SECONDS_PER_HOUR);
        MeteredThing thing = charge.thing();
        Optional<BigFraction> bought = NormalizationFactors.ofFlexible(
                terms.instanceType(), terms.os(), Tenancy.DEFAULT, terms.zone() == null);
        if (thing == null || bought.isEmpty()) {
            return hours;
        }
        BigFraction used = NormalizationFactors.of(thing.instanceType()).orElse(bought.get());
        return hours.multiply(used).divide(bought.get());
    }

    private static BigFraction factor(PurchasedCommitment commitment) {
        InstanceType type = commitment.terms() instanceof Terms.OfInstances terms ? terms.instanceType() : null;
        return type == null ? BigFraction.ZERO : NormalizationFactors.of(type).orElse(BigFraction.ZERO);
    }

    private static boolean isRecurring(Category category) {
        return category == Category.RI_RECURRING || category == Category.SP_RECURRING;
    }
}
