package io.cumulet.spotmarket.domain.requests;

import java.util.Locale;

/**
 * Why a spot request is in its state.
 *
 * <p>Of EC2's codes those are missing whose reason can't occur here: {@code constraint-not-fulfillable} and {@code
 * placement-group-constraint} (refused when the request is made), {@code limit-exceeded} (of volumes, which are none of the
 * market's), {@code instance-terminated-by-schedule} (of durations that were bought).
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html">Spot request status
 *     codes</a>
 */
public enum StatusCode {
    NOT_SCHEDULED_YET("The request bids from validFrom on."),
    PENDING_EVALUATION("The request was made, or may bid again, and the pool hasn't been cleared since."),
    PENDING_FULFILLMENT("The bid won and has room; the instance is being launched or started."),
    PRICE_TOO_LOW("The request offers less than the pool's price."),
    CAPACITY_NOT_AVAILABLE("The request offers enough, but the pool has no room for it now."),
    /** Those of its launch group can't all be launched. */
    LAUNCH_GROUP_CONSTRAINT("The requests of the launch group can't all be launched at the same time."),
    /** Those of its zone group run in another zone. */
    AZ_GROUP_CONSTRAINT("The other requests of the availability zone group are in another zone."),
    FULFILLED("The request has an instance, which runs."),
    MARKED_FOR_TERMINATION("The instance was warned and is terminated when its notice is over."),
    MARKED_FOR_STOP("The instance was warned and is stopped when its notice is over."),
    INSTANCE_TERMINATED_BY_PRICE("The market terminated the instance: the price rose above the request's max."),
    INSTANCE_TERMINATED_NO_CAPACITY("The market terminated the instance: there was no room for it any more."),
    INSTANCE_TERMINATED_BY_USER("The instance was terminated by its owner."),
    /** Nobody could have started it any more. */
    INSTANCE_TERMINATED_BY_SERVICE("The instance was stopped when its request ended, and so was terminated."),
    INSTANCE_TERMINATED_LAUNCH_GROUP_CONSTRAINT(
            "The market terminated the instance, because another of its launch group was taken back."),
    INSTANCE_STOPPED_BY_PRICE("The market stopped the instance: the price rose above the request's max."),
    INSTANCE_STOPPED_NO_CAPACITY("The market stopped the instance, or can't start it: there is no room for it."),
    INSTANCE_STOPPED_BY_USER("The instance was stopped by its owner."),
    REQUEST_CANCELED_AND_INSTANCE_RUNNING("The request was cancelled; its instance goes on."),
    CANCELED_BEFORE_FULFILLMENT("The request was cancelled before it had an instance."),
    SCHEDULE_EXPIRED("The request's time was over before it had an instance, or while it was stopped."),
    BAD_PARAMETERS("The instance can't be launched as the request says."),
    /** The instance did not boot. */
    SYSTEM_ERROR("The instance had room and did not boot.");

    private final String message;

    StatusCode(String message) {
        this.message = message;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The code in words, for the request's owner. */
    public String message() {
        return message;
    }
}
