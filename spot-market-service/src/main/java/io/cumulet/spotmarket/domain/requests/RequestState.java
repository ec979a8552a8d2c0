package io.cumulet.spotmarket.domain.requests;

import java.util.Locale;

/**
 * States of a spot request.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-requests.html#creating-spot-request-status">Spot
 *     request states</a>
 */
public enum RequestState {
    /** Not fulfilled yet. */
    OPEN,
    /** It has an instance. */
    ACTIVE,
    /** Its instance was stopped, by an interruption or its owner. */
    DISABLED,
    /** Over: its instance is gone, or it expired. */
    CLOSED,
    /** Its owner took it back; an instance it has goes on. */
    CANCELLED,
    /** It could not be launched as asked. */
    FAILED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
