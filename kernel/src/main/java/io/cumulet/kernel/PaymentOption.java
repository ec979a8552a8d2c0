package io.cumulet.kernel;

import java.util.Locale;
import java.util.Optional;

/**
 * How much of a commitment is paid in advance.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-payment-options.html">Payment options</a>
 */
public enum PaymentOption {
    NO_UPFRONT,
    PARTIAL_UPFRONT,
    ALL_UPFRONT;

    /** The name in REST and events, such as {@code no-upfront}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<PaymentOption> ofCode(String code) {
        for (PaymentOption option : values()) {
            if (option.code().equals(code)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code();
    }
}
