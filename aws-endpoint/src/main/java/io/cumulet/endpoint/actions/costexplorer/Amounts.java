package io.cumulet.endpoint.actions.costexplorer;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Exact decimals of billing's answers, and their text. */
final class Amounts {

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3_600);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int DECIMALS = 10;
    /** EC2 counts a month as 730 hours. */
    static final BigDecimal HOURS_PER_MONTH = BigDecimal.valueOf(730);

    private Amounts() {}

    /** 0 for what isn't there. */
    static BigDecimal of(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? BigDecimal.ZERO : new BigDecimal(value.asText());
    }

    static String text(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    static String hours(BigDecimal seconds) {
        return text(ratio(seconds, SECONDS_PER_HOUR));
    }

    /** To ten decimals, half to even. */
    static BigDecimal ratio(BigDecimal part, BigDecimal whole) {
        return part.divide(whole, DECIMALS, RoundingMode.HALF_EVEN);
    }

    /** A share of a whole with two places, half up; null if there is no whole. */
    static @Nullable String percentage(BigDecimal part, BigDecimal whole) {
        return whole.signum() == 0
                ? null
                : part.multiply(HUNDRED)
                        .divide(whole, 2, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
