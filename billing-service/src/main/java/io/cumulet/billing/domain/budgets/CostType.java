package io.cumulet.billing.domain.budgets;

import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.kernel.Money;
import java.util.Optional;

/** Which of a charge's costs counts. */
public enum CostType {
    /** What lands on the invoice. */
    BILLED("billed") {
        @Override
        Money of(Costs costs) {
            return costs.billed();
        }
    },
    /** With what is paid upfront spread over the term. */
    EFFECTIVE("effective") {
        @Override
        Money of(Costs costs) {
            return costs.effective();
        }
    };

    private final String code;

    CostType(String code) {
        this.code = code;
    }

    abstract Money of(Costs costs);

    /** The name in requests, answers and events. */
    public String code() {
        return code;
    }

    public static Optional<CostType> ofCode(String code) {
        for (CostType type : values()) {
            if (type.code.equals(code)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
