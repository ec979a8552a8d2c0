package io.cumulet.spotmarket.domain.requests;

import java.util.Locale;

/**
 * Why a spot request is in its state.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html">Spot request status
 *     codes</a>
 */
public enum StatusCode {
    NOT_SCHEDULED_YET,
    PENDING_EVALUATION,
    PENDING_FULFILLMENT,
    PRICE_TOO_LOW,
    CAPACITY_NOT_AVAILABLE,
    /** Those of its launch group can't all be launched. */
    LAUNCH_GROUP_CONSTRAINT,
    /** Those of its zone group run in another zone. */
    AZ_GROUP_CONSTRAINT,
    FULFILLED,
    MARKED_FOR_TERMINATION,
    MARKED_FOR_STOP,
    INSTANCE_TERMINATED_BY_PRICE,
    INSTANCE_TERMINATED_NO_CAPACITY,
    INSTANCE_TERMINATED_BY_USER,
    INSTANCE_TERMINATED_LAUNCH_GROUP_CONSTRAINT,
    INSTANCE_STOPPED_BY_PRICE,
    INSTANCE_STOPPED_NO_CAPACITY,
    INSTANCE_STOPPED_BY_USER,
    REQUEST_CANCELED_AND_INSTANCE_RUNNING,
    CANCELED_BEFORE_FULFILLMENT,
    SCHEDULE_EXPIRED,
    BAD_PARAMETERS,
    /** The instance did not boot. */
    SYSTEM_ERROR;

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
