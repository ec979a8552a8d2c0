package io.cumulet.spotmarket.api;

import static io.cumulet.spotmarket.api.Fields.refuse;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import java.math.BigDecimal;
import java.util.List;

/** How much a fleet may be: numbers with a few digits behind the point, in units of weight. */
final class FleetCapacity {

    static final BigDecimal MOST = BigDecimal.valueOf(10_000);
    private static final BigDecimal MOST_WEIGHT = BigDecimal.valueOf(999);
    private static final int MOST_DIGITS = 3;

    private FleetCapacity() {}

    static BigDecimal of(String field, BigDecimal value, boolean mayBeZero) {
        return decimal(field, value, MOST, mayBeZero);
    }

    static BigDecimal weight(String field, BigDecimal value) {
        return decimal(field, value, MOST_WEIGHT, false);
    }

    /** However small its instances are. */
    static void mustBeFewInstances(BigDecimal target, List<FleetTerms.LaunchOverride> kinds) {
        for (FleetTerms.LaunchOverride kind : kinds) {
            if (target.compareTo(kind.weight().multiply(MOST)) > 0) {
                throw refuse(
                        ErrorCode.INVALID_FLEET_CONFIG,
                        "targetCapacity",
                        "A fleet has at most " + MOST + " instances; with " + kind.type() + " of weight "
                                + kind.weight() + " it might need more");
            }
        }
    }

    private static BigDecimal decimal(String field, BigDecimal value, BigDecimal most, boolean mayBeZero) {
        if (value.signum() < 0
                || value.signum() == 0 && !mayBeZero
                || value.compareTo(most) > 0
                || value.stripTrailingZeros().scale() > MOST_DIGITS) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field,
                    "It is a number " + (mayBeZero ? "from 0" : "above 0") + " to " + most + " with at most "
                            + MOST_DIGITS + " digits behind the point");
        }
        // A zero may have any number of digits behind the point, too many to be written.
        BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }
}
