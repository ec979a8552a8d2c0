package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
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

    /** How much of a commitment is paid in advance. */
    public enum PaymentOption {
        NO_UPFRONT("no-upfront", BigFraction.ZERO),
        PARTIAL_UPFRONT("partial-upfront", BigFraction.of(1, 2)),
        ALL_UPFRONT("all-upfront", BigFraction.ONE);

        private final String code;
        private final BigFraction shareInAdvance;

        PaymentOption(String code, BigFraction shareInAdvance) {
            this.code = code;
            this.shareInAdvance = shareInAdvance;
        }

        public String code() {
            return code;
        }

        public static Optional<PaymentOption> ofCode(String code) {
            for (PaymentOption option : values()) {
                if (option.code.equals(code)) {
                    return Optional.of(option);
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public Fees fees() {
        BigFraction inAdvance = commitment.exact().multiply(paymentOption.shareInAdvance);
        return new Fees(
                inAdvance.multiply(term.hours()), commitment.exact().subtract(inAdvance));
    }
}
