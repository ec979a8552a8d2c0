package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.Money;
import java.math.BigDecimal;
import java.util.function.Function;

/**
 * How much of the usage that commitments can pay for they paid for, by period and group. Spot and what is free are none of it.
 *
 * @see <a href="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetReservationCoverage.html">
 *     GetReservationCoverage</a> and GetSavingsPlansCoverage, whose figures these are
 */
public final class CoverageReport {

    private CoverageReport() {}

    /**
     * Usage that was paid for in one way.
     *
     * @param list what it costs, or would have cost, on demand
     */
    public record Part(Money list, BigDecimal seconds, BigDecimal normalizedSeconds) {

        static final Part NONE = new Part(Money.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

        private static Part of(Charge charge, long hours) {
            Seconds seconds = Seconds.of(charge, hours);
            return new Part(charge.segment().first().costs().times(hours).list(), seconds.all(), seconds.normalized());
        }

        private Part plus(Part other) {
            return new Part(
                    list.plus(other.list), seconds.add(other.seconds), normalizedSeconds.add(other.normalizedSeconds));
        }
    }

    /**
     * @param reserved what Reserved Instances paid for, scheduled ones too
     * @param planned what Savings Plans paid for
     * @param onDemand what was left
     */
    public record Coverage(Part reserved, Part planned, Part onDemand) implements Report.Value<Coverage> {

        static final Coverage NONE = new Coverage(Part.NONE, Part.NONE, Part.NONE);

        private static Coverage of(Charge charge, long hours) {
            return switch (charge.category()) {
                case RI_COVERED -> new Coverage(Part.of(charge, hours), Part.NONE, Part.NONE);
                case SP_COVERED -> new Coverage(Part.NONE, Part.of(charge, hours), Part.NONE);
                case ON_DEMAND, DEDICATED_HOST, UNUSED_CAPACITY_RESERVATION ->
                    new Coverage(Part.NONE, Part.NONE, Part.of(charge, hours));
                case SPOT,
                        FREE_TIER,
                        RI_UPFRONT,
                        RI_RECURRING,
                        RI_UNUSED,
                        SP_UPFRONT,
                        SP_RECURRING,
                        SP_UNUSED,
                        DEDICATED_HOST_INSTANCE,
                        DEDICATED_REGION_FEE -> NONE;
            };
        }

        @Override
        public Coverage plus(Coverage other) {
            return new Coverage(
                    reserved.plus(other.reserved), planned.plus(other.planned), onDemand.plus(other.onDemand));
        }

        boolean isNothing() {
            return equals(NONE);
        }
    }

    /** @param tagsOf the tags of an instance over time */
    public static Report<Coverage> of(Iterable<Charge> charges, CostQuery query, Function<String, TagHistory> tagsOf) {
        Report.Builder<Coverage> builder = new Report.Builder<>(query, tagsOf, Coverage.NONE);
        for (Charge charge : charges) {
            // What can't be covered makes no group.
            if (!Coverage.of(charge, 1).isNothing()) {
                builder.add(charge, charge.from(), charge.hours(), hours -> Coverage.of(charge, hours));
            }
        }
        return builder.report();
    }
}
