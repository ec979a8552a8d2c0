package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.NormalizationFactors;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * The part of a commitment that an hour of a charge is about. A Savings Plan is counted in USD at its rates, which is what it
 * costs; Reserved Instances in hours, normalized ones if they discount other sizes, too.
 *
 * @param category {@code Usage} or {@code Spend}
 * @param quantity bought, used, or left
 * @see <a href="https://focus.finops.org/focus-specification/v1-2/#commitmentdiscountquantity">CommitmentDiscountQuantity</a>
 */
record Discount(String category, String type, String unit, BigDecimal quantity) {

    static final String USD = "USD";

    /** What is left of Reserved Instances is told by its cost alone, which was rounded. */
    private static final int UNUSED_PLACES = 6;

    private static final BigFraction SECONDS_PER_HOUR = BigFraction.of(3_600);

    /** Null for what no commitment has to do with. */
    static @Nullable Discount of(Charge charge) {
        PurchasedCommitment commitment = charge.commitment();
        if (commitment == null) {
            return null;
        }
        return switch (commitment.terms()) {
            case Terms.OfInstances terms -> {
                Optional<BigFraction> factor = NormalizationFactors.ofFlexible(
                        terms.instanceType(), terms.os(), Tenancy.DEFAULT, terms.zone() == null);
                yield new Discount(
                        "Usage",
                        terms instanceof Terms.ScheduledInstances ? "Scheduled Instances" : "Reserved Instances",
                        factor.isPresent() ? "Normalized Hours" : "Hours",
                        hours(charge, commitment, terms, factor));
            }
            case Terms.Ec2InstanceSavingsPlan terms ->
                new Discount("Spend", "EC2 Instance Savings Plan", USD, spend(charge));
            case Terms.ComputeSavingsPlan terms -> new Discount("Spend", "Compute Savings Plan", USD, spend(charge));
        };
    }

    /** The fees of a plan together are what it commits to. */
    private static BigDecimal spend(Charge charge) {
        return Kind.of(charge.category()).isPurchase()
                ? charge.segment().first().costs().billed().usd()
                : charge.segment().first().costs().effective().usd();
    }

    private static BigDecimal hours(
            Charge charge, PurchasedCommitment commitment, Terms.OfInstances terms, Optional<BigFraction> flexible) {
        BigFraction unitHours = flexible.orElse(BigFraction.ONE).multiply(terms.count());
        return switch (Kind.of(charge.category())) {
            // What was bought, whatever took its place later: what was invoiced doesn't change.
            case UPFRONT_FEE ->
                Decimals.of(unitHours.multiply(commitment.agreedTerm().hours()));
            case RECURRING_FEE -> Decimals.of(unitHours);
            case UNUSED -> unused(charge, commitment, terms, unitHours);
            case COVERED, USAGE, DYNAMIC, REGION_FEE -> {
                BigFraction each = flexible.isEmpty() ? BigFraction.ONE : factorOf(charge, flexible.get());
                yield Decimals.of(secondsOf(charge).multiply(each).divide(SECONDS_PER_HOUR));
            }
        };
    }

    private static BigFraction factorOf(Charge charge, BigFraction ofBought) {
        InstanceType used = charge.thing() == null ? null : charge.thing().instanceType();
        return used == null ? ofBought : NormalizationFactors.of(used).orElse(ofBought);
    }

    private static BigFraction secondsOf(Charge charge) {
        return Money.exact(Objects.requireNonNull(charge.segment().first().seconds(), "what is covered has seconds"));
    }

    private static BigDecimal unused(
            Charge charge, PurchasedCommitment commitment, Terms.OfInstances terms, BigFraction unitHours) {
        BigFraction costOfAll = terms.fees().effectiveHourly(commitment.agreedTerm());
        if (costOfAll.signum() == 0) {
            return Decimals.of(unitHours);
        }
        BigFraction left = Money.exact(
                        charge.segment().first().costs().effective().usd())
                .multiply(unitHours)
                .divide(costOfAll);
        return Decimals.plain(Decimals.of(left).setScale(UNUSED_PLACES, RoundingMode.HALF_EVEN));
    }
}
