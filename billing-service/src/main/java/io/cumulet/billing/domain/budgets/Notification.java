package io.cumulet.billing.domain.budgets;

import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * When somebody is told: once what was or will be spent in a month is above a share of the limit.
 *
 * @param thresholdPercent of the limit, at least 1
 */
public record Notification(Type type, int thresholdPercent) {

    /** What is compared with the threshold; names of AWS Budgets. */
    public enum Type {
        /** What the month has cost so far. */
        ACTUAL("actual"),
        /** What the whole month will cost if what runs goes on. */
        FORECASTED("forecasted");

        private final String code;

        Type(String code) {
            this.code = code;
        }

        /** The name in requests, answers and events. */
        public String code() {
            return code;
        }

        public static Optional<Type> ofCode(String code) {
            for (Type type : values()) {
                if (type.code.equals(code)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    /** Whether an amount is above the threshold; one that reaches it just isn't. */
    public boolean isPassedBy(Money amount, Money limit) {
        return amount.usd().movePointRight(2).compareTo(limit.usd().multiply(BigDecimal.valueOf(thresholdPercent))) > 0;
    }
}
