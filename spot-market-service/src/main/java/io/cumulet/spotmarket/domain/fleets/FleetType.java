package io.cumulet.spotmarket.domain.fleets;

import java.util.Locale;

/**
 * How a fleet goes about its target.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-request-type.html">EC2 Fleet request types</a>
 */
public enum FleetType {
    /** Asks once, for what there is at this moment, and answers what came of it. */
    INSTANT,
    /** Asks once and lets what finds no room wait where it is; replaces nothing. */
    REQUEST,
    /** Keeps at its target. */
    MAINTAIN;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
