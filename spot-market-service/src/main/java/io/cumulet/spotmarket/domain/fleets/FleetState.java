package io.cumulet.spotmarket.domain.fleets;

import java.util.Locale;

/**
 * States of a fleet.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-ec2-fleet.html">EC2 Fleet request states</a>
 */
public enum FleetState {
    /** Its time hasn't come, or nothing was asked for yet. */
    SUBMITTED(true),
    ACTIVE(true),
    /** Its target was changed, and nothing was done about it yet. */
    MODIFYING(true),
    /** Launches no more; its instances go on. */
    DELETED_RUNNING(false),
    /** Launches no more; its instances are being given up. */
    DELETED_TERMINATING(false),
    /** Over, and its instances are gone. */
    DELETED(false);

    private final boolean alive;

    FleetState(boolean alive) {
        this.alive = alive;
    }

    /** Whether it follows its target. */
    public boolean isAlive() {
        return alive;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
