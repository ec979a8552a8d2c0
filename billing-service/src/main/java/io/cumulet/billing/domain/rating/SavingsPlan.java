package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A promise to spend an amount each hour, at the rates of the plan.
 *
 * @param commitment what is spent each hour at the plan's rates, used or not
 * @see <a href="https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-applying.html">How Savings Plans apply</a>
 */
public record SavingsPlan(
        String place,
        String id,
        AccountId account,
        Coverage coverage,
        HourlyRate commitment,
        PaymentOption paymentOption,
        Term term)
        implements Commitment {

    /** What it applies to. */
    public sealed interface Coverage {}

    /** An EC2 Instance Savings Plan: one family in one region. */
    public record Ec2Instance(String family, Region region) implements Coverage {}

    /** A Compute Savings Plan: everything it has a rate for. */
    public record Compute() implements Coverage {}

    /** The only region it applies in; empty if it isn't bound to one. */
    public Optional<Region> region() {
        return switch (coverage) {
            case Ec2Instance of -> Optional.of(of.region());
            case Compute everywhere -> Optional.empty();
        };
    }

    @Override
    public Fees fees() {
        return fees(commitment, paymentOption, term);
    }

    /** What a plan costs. */
    public static Fees fees(HourlyRate commitment, PaymentOption paymentOption, Term term) {
        BigFraction inAdvance = commitment.exact().multiply(shareInAdvance(paymentOption));
        return new Fees(inAdvance.multiply(term.hours()), commitment.exact().subtract(inAdvance));
    }

    private static BigFraction shareInAdvance(PaymentOption paymentOption) {
        return switch (paymentOption) {
            case NO_UPFRONT -> BigFraction.ZERO;
            case PARTIAL_UPFRONT -> BigFraction.of(1, 2);
            case ALL_UPFRONT -> BigFraction.ONE;
        };
    }
}
