package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.billing.domain.rating.Costs;
import java.math.BigDecimal;
import java.util.function.Function;

/** What charges cost, by period and group. */
public final class CostReport {

    private CostReport() {}

    /**
     * What hours come to.
     *
     * @param seconds of usage; fees and what is left of commitments have none
     * @param normalizedSeconds the same by the normalization factor of the size; a size without one has none
     */
    public record Sum(Costs costs, BigDecimal seconds, BigDecimal normalizedSeconds) implements Report.Value<Sum> {

        static final Sum ZERO = new Sum(Costs.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

        static Sum of(Charge charge, long hours) {
            Seconds seconds = Seconds.of(charge, hours);
            return new Sum(charge.segment().first().costs().times(hours), seconds.all(), seconds.normalized());
        }

        @Override
        public Sum plus(Sum other) {
            return new Sum(
                    costs.plus(other.costs),
                    seconds.add(other.seconds),
                    normalizedSeconds.add(other.normalizedSeconds));
        }
    }

    /** @param tagsOf the tags of an instance over time */
    public static Report<Sum> of(Iterable<Charge> charges, CostQuery query, Function<String, TagHistory> tagsOf) {
        Report.Builder<Sum> builder = new Report.Builder<>(query, tagsOf, Sum.ZERO);
        charges.forEach(charge -> builder.add(charge, charge.from(), charge.hours(), hours -> Sum.of(charge, hours)));
        return builder.report();
    }
}
