package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How well commitments are used, what they save, and how much of what they could pay for they paid for.
 *
 * @param commitments by id
 * @param total of all of them
 * @see <a href="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetSavingsPlansUtilization.html">
 *     GetSavingsPlansUtilization</a> and its neighbours, whose words these are
 */
public record CommitmentReport(List<OfCommitment> commitments, Utilization total, Coverage coverage) {

    /** One commitment, with all it paid for, whoever used it. */
    public record OfCommitment(PurchasedCommitment commitment, Utilization utilization) {}

    /**
     * Fees as they are spread over the hours of the term.
     *
     * @param used the fees of what was used
     * @param unused the fees of what wasn't
     * @param onDemandEquivalent what the usage paid for would have cost on demand
     */
    public record Utilization(Money used, Money unused, Money onDemandEquivalent) {

        static final Utilization NONE = new Utilization(Money.ZERO, Money.ZERO, Money.ZERO);

        Utilization plus(Charge charge) {
            return plus(charge.category(), charge.costs());
        }

        Utilization plus(Category category, Costs costs) {
            Money effective = costs.effective();
            return switch (category) {
                case RI_COVERED, SP_COVERED ->
                    new Utilization(used.plus(effective), unused, onDemandEquivalent.plus(costs.list()));
                case RI_UNUSED, SP_UNUSED -> new Utilization(used, unused.plus(effective), onDemandEquivalent);
                case ON_DEMAND,
                        SPOT,
                        FREE_TIER,
                        RI_UPFRONT,
                        RI_RECURRING,
                        SP_UPFRONT,
                        SP_RECURRING,
                        DEDICATED_HOST,
                        DEDICATED_HOST_INSTANCE,
                        DEDICATED_REGION_FEE,
                        UNUSED_CAPACITY_RESERVATION -> this;
            };
        }

        Utilization plus(Utilization other) {
            return new Utilization(
                    used.plus(other.used),
                    unused.plus(other.unused),
                    onDemandEquivalent.plus(other.onDemandEquivalent));
        }

        /** What it cost, used or not. */
        public Money amortized() {
            return used.plus(unused);
        }

        /** Negative where on demand would have been cheaper. */
        public Money netSavings() {
            return onDemandEquivalent.minus(amortized());
        }

        /** The used share; null for what costs nothing. */
        public @Nullable BigDecimal percentage() {
            return CommitmentReport.percentage(used, amortized());
        }
    }

    /**
     * How much of the usage that commitments can pay for they paid for, at its price on demand. Spot and what is free are
     * none of it.
     *
     * @param covered by kind of commitment, those that paid for something
     * @param onDemand what was left to pay on demand
     */
    public record Coverage(Map<Terms.Kind, Money> covered, Money onDemand) {

        public Money coveredInAll() {
            return covered.values().stream().reduce(Money.ZERO, Money::plus);
        }

        public Money total() {
            return coveredInAll().plus(onDemand);
        }

        /** The share of the total that an amount is; null if there is nothing to pay for. */
        public @Nullable BigDecimal percentage(Money amount) {
            return CommitmentReport.percentage(amount, total());
        }

        private static Coverage of(List<Charge> charges) {
            Map<Terms.Kind, Money> covered = new EnumMap<>(Terms.Kind.class);
            Money onDemand = Money.ZERO;
            for (Charge charge : charges) {
                Money list = charge.costs().list();
                switch (charge.category()) {
                    case RI_COVERED, SP_COVERED -> {
                        if (charge.commitment() != null) {
                            covered.merge(charge.commitment().terms().kind(), list, Money::plus);
                        }
                    }
                    case ON_DEMAND, DEDICATED_HOST, UNUSED_CAPACITY_RESERVATION -> onDemand = onDemand.plus(list);
                    case SPOT,
                            FREE_TIER,
                            RI_UPFRONT,
                            RI_RECURRING,
                            RI_UNUSED,
                            SP_UPFRONT,
                            SP_RECURRING,
                            SP_UNUSED,
                            DEDICATED_HOST_INSTANCE,
                            DEDICATED_REGION_FEE -> {}
                }
            }
            return new Coverage(covered, onDemand);
        }
    }

    /**
     * The report of an account.
     *
     * @param charges of all accounts that share commitments with it: what others used of its commitments is used, too
     */
    public static CommitmentReport of(Charges charges, AccountId account, Scope scope) {
        Map<String, OfCommitment> commitments = new TreeMap<>();
        for (Charge charge : charges.charges()) {
            PurchasedCommitment commitment = charge.commitment();
            if (commitment != null && isInScope(charge, commitment, account, scope)) {
                commitments.merge(
                        commitment.id(),
                        new OfCommitment(commitment, Utilization.NONE.plus(charge)),
                        (one, other) -> new OfCommitment(
                                one.commitment(), one.utilization().plus(other.utilization())));
            }
        }
        return new CommitmentReport(
                new ArrayList<>(commitments.values()),
                commitments.values().stream()
                        .map(OfCommitment::utilization)
                        .reduce(Utilization.NONE, Utilization::plus),
                Coverage.of(scope.of(charges, account).charges()));
    }

    private static boolean isInScope(Charge charge, PurchasedCommitment commitment, AccountId account, Scope scope) {
        return switch (scope) {
            case OWN -> commitment.account().equals(account);
            case CONSOLIDATED -> charge.payer().equals(account);
        };
    }

    /** A ratio of four places, half up, as a percentage. */
    private static @Nullable BigDecimal percentage(Money part, Money whole) {
        return whole.usd().signum() == 0
                ? null
                : part.usd().divide(whole.usd(), 4, RoundingMode.HALF_UP).movePointRight(2);
    }
}
