package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.Money;
import java.math.BigDecimal;

/**
 * The three costs of a row, with the meanings of FOCUS 1.2.
 *
 * @param list what it would have cost on demand
 * @param billed what lands on the invoice
 * @param effective the billed cost with fees spread over what they cover
 */
public record Costs(Money list, Money billed, Money effective) {

    public static final Costs ZERO = new Costs(Money.ZERO, Money.ZERO, Money.ZERO);

    /** Of something that has its list price. */
    static Costs atListPrice(Money cost) {
        return new Costs(cost, cost, cost);
    }

    /** Of something that is free. */
    static Costs free(Money list) {
        return new Costs(list, Money.ZERO, Money.ZERO);
    }

    public Costs plus(Costs other) {
        return new Costs(list.plus(other.list), billed.plus(other.billed), effective.plus(other.effective));
    }

    /** The sum of that many equal rows. */
    public Costs times(long rows) {
        return new Costs(times(list, rows), times(billed, rows), times(effective, rows));
    }

    private static Money times(Money money, long factor) {
        return new Money(money.usd().multiply(BigDecimal.valueOf(factor)));
    }
}
