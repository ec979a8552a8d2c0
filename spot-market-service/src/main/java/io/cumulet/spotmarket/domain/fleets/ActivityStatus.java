package io.cumulet.spotmarket.domain.fleets;

import java.util.Locale;

/**
 * How far a fleet is with its target.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FleetData.html">FleetData</a>
 */
public enum ActivityStatus {
    /** Its launches fail, one after the other. */
    ERROR,
    PENDING_FULFILLMENT,
    /** It has what it wants, and more, which is going. */
    PENDING_TERMINATION,
    FULFILLED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
