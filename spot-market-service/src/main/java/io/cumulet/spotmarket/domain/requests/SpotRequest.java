package io.cumulet.spotmarket.domain.requests;

import io.cumulet.kernel.AccountId;
import io.cumulet.spotmarket.domain.clearing.Bid;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * A spot request of one unit, and how it changes: each method answers the request as it is afterwards, or itself if
 * nothing changes. Immutable.
 *
 * <pre>
 *   open ──wins──► (allocated) ──launched──► active ──loses──► (leaving) ──gone──► closed, or open again if persistent
 *     ▲                │ failed                 └──────── stopped ────────────────► disabled
 *     └────────────────┘
 * </pre>
 *
 * @param adopted whether it came with a launch: the instance service made the instance, the market took the bid over
 * @param version counts up by one with each change
 */
public record SpotRequest(String id, AccountId account, Terms terms, Progress progress, boolean adopted, long version) {

    /** How long an instance has between the warning and its interruption; EC2's two minutes. */
    public static final Duration NOTICE = Duration.ofSeconds(120);

    /** A request as it was made. */
    public static SpotRequest open(String id, AccountId account, Terms terms, Instant now) {
        Instant from = terms.validFrom();
        boolean scheduled = from != null && from.isAfter(now);
        Progress progress = new Progress(
                RequestState.OPEN,
                scheduled ? StatusCode.NOT_SCHEDULED_YET : StatusCode.PENDING_EVALUATION,
                scheduled ? BidState.NONE : BidState.WAITING,
                0,
                null,
                0,
                null,
                0,
                false);
        return new SpotRequest(id, account, terms, progress, false, 1);
    }

    /** The request of an instance that was launched as spot without asking the market first. */
    public static SpotRequest adopt(String id, AccountId account, Terms terms, String instanceId) {
        Progress progress = new Progress(
                RequestState.ACTIVE, StatusCode.FULFILLED, BidState.ALLOCATED, 1, instanceId, 0, null, 0, false);
        return new SpotRequest(id, account, terms, progress, true, 1);
    }

    public Bid bid() {
        return new Bid(id, terms.maxPrice(), terms.createdAt(), 1);
    }

    /** Its time has come. */
    public SpotRequest scheduled() {
        return progress.status() == StatusCode.NOT_SCHEDULED_YET
                ? moved(progress.with(RequestState.OPEN, StatusCode.PENDING_EVALUATION, BidState.WAITING))
                : this;
    }

    /** Its time is over: an open request closes, an instance goes on but isn't replaced. */
    public SpotRequest expired() {
        if (isOver()) {
            return this;
        }
        if (progress.state() == RequestState.OPEN && progress.bid() != BidState.ALLOCATED) {
            return moved(progress.with(RequestState.CLOSED, StatusCode.SCHEDULE_EXPIRED, BidState.NONE)
                    .withCancelled());
        }
        return progress.cancelled() ? this : moved(progress.withCancelled());
    }

    /** Its owner takes it back; the instance, if there is one, goes on. */
    public SpotRequest cancelled() {
        return switch (progress.state()) {
            case OPEN ->
                progress.bid() == BidState.ALLOCATED
                        ? moved(progress.with(
                                        RequestState.CANCELLED,
                                        StatusCode.REQUEST_CANCELED_AND_INSTANCE_RUNNING,
                                        BidState.ALLOCATED)
                                .withCancelled())
                        : moved(progress.with(
                                        RequestState.CANCELLED, StatusCode.CANCELED_BEFORE_FULFILLMENT, BidState.NONE)
                                .withCancelled());
            case ACTIVE ->
                moved(progress.with(
                                RequestState.CANCELLED,
                                StatusCode.REQUEST_CANCELED_AND_INSTANCE_RUNNING,
                                progress.bid())
                        .withCancelled());
            case DISABLED ->
                moved(progress.with(RequestState.CANCELLED, progress.status(), BidState.NONE)
                        .withCancelled());
            case CLOSED, CANCELLED, FAILED -> this;
        };
    }

    /** It won and there is room: the instance service launches it. */
    public SpotRequest allocated() {
        return moved(progress.with(RequestState.OPEN, StatusCode.PENDING_FULFILLMENT, BidState.ALLOCATED)
                .withUnit(progress.unit() + 1));
    }

    /** It waits on, for a price or for room. */
    public SpotRequest waits(Clearing.Reason reason) {
        StatusCode status = switch (reason) {
            case BELOW_FLOOR, PRICE -> StatusCode.PRICE_TOO_LOW;
            case CAPACITY -> StatusCode.CAPACITY_NOT_AVAILABLE;
        };
        return progress.status() == status ? this : moved(progress.withStatus(status));
    }

    /** It runs and no longer wins: its instance leaves after the notice. */
    public SpotRequest warned(Clearing.Reason reason, Instant now) {
        StatusCode status = switch (terms.behavior()) {
            case TERMINATE -> StatusCode.MARKED_FOR_TERMINATION;
            case STOP, HIBERNATE -> StatusCode.MARKED_FOR_STOP;
        };
        return moved(progress.with(progress.state(), status, BidState.LEAVING)
                .withInterruption(new Progress.Interruption(reason, now.plus(NOTICE)))
                .withInterruptions(progress.interruptions() + 1));
    }

    /** Its instance was made, or is started again after a stop. */
    public SpotRequest instanceRequested(String instanceId) {
        if (progress.bid() == BidState.ALLOCATED && !instanceId.equals(progress.instanceId())) {
            return moved(progress.withInstance(instanceId));
        }
        if (progress.state() == RequestState.DISABLED || progress.bid() == BidState.NONE && has(instanceId)) {
            return moved(progress.with(stateWithInstance(), StatusCode.PENDING_FULFILLMENT, BidState.ALLOCATED)
                    .withInterruption(null));
        }
        return this;
    }

    /** Its instance runs. */
    public SpotRequest instanceRuns(String instanceId) {
        if (progress.bid() == BidState.LEAVING) {
            return this;
        }
        StatusCode status = progress.cancelled() && progress.state() == RequestState.CANCELLED
                ? StatusCode.REQUEST_CANCELED_AND_INSTANCE_RUNNING
                : StatusCode.FULFILLED;
        return moved(
                progress.with(stateWithInstance(), status, BidState.RUNNING).withInstance(instanceId));
    }

    /** Why an instance never ran. */
    public enum Failure {
        /** There was no room: another try may have it. */
        NO_ROOM,
        /** It can't be launched as asked. */
        REFUSED,
        /** It had room and did not boot; it would fail again and again. */
        NO_BOOT
    }

    /**
     * Its launch failed. If it was for want of room an own request goes back to bidding, after the next news of capacity;
     * all others are over.
     */
    public SpotRequest launchFailed(Failure failure, long capacityVersion) {
        boolean triesAgain = failure == Failure.NO_ROOM && !adopted && !progress.cancelled();
        if (!triesAgain) {
            StatusCode status = switch (failure) {
                case NO_ROOM -> StatusCode.CAPACITY_NOT_AVAILABLE;
                case REFUSED -> StatusCode.BAD_PARAMETERS;
                case NO_BOOT -> StatusCode.SYSTEM_ERROR;
            };
            RequestState state =
                    progress.state() == RequestState.CANCELLED ? RequestState.CANCELLED : RequestState.FAILED;
            return moved(progress.with(state, status, BidState.NONE));
        }
        return moved(progress.with(RequestState.OPEN, StatusCode.CAPACITY_NOT_AVAILABLE, BidState.WAITING)
                .blockedAt(capacityVersion));
    }

    /** Its instance begins to stop or to end. */
    public SpotRequest instanceLeaves() {
        return progress.bid() == BidState.LEAVING
                ? this
                : moved(progress.with(progress.state(), progress.status(), BidState.LEAVING));
    }

    /**
     * Its instance is stopped.
     *
     * @param takenBack whether the market did it, and not its owner
     */
    public SpotRequest instanceStopped(boolean takenBack) {
        Progress.Interruption interruption = progress.interruption();
        StatusCode status = interruption == null || !takenBack
                ? StatusCode.INSTANCE_STOPPED_BY_USER
                : interruption.reason() == Clearing.Reason.PRICE
                        ? StatusCode.INSTANCE_STOPPED_BY_PRICE
                        : StatusCode.INSTANCE_STOPPED_NO_CAPACITY;
        RequestState state =
                progress.state() == RequestState.CANCELLED ? RequestState.CANCELLED : RequestState.DISABLED;
        return moved(progress.with(state, status, BidState.NONE));
    }

    /**
     * Its instance is gone: the request closes, or asks again if it is persistent.
     *
     * @param takenBack whether the market did it, and not its owner
     */
    public SpotRequest instanceGone(boolean takenBack) {
        Progress.Interruption interruption = progress.interruption();
        StatusCode status = interruption == null || !takenBack
                ? StatusCode.INSTANCE_TERMINATED_BY_USER
                : interruption.reason() == Clearing.Reason.PRICE
                        ? StatusCode.INSTANCE_TERMINATED_BY_PRICE
                        : StatusCode.INSTANCE_TERMINATED_NO_CAPACITY;
        if (progress.state() == RequestState.CANCELLED) {
            return moved(progress.with(RequestState.CANCELLED, status, BidState.NONE));
        }
        if (terms.kind() == Terms.Kind.PERSISTENT && !progress.cancelled()) {
            return moved(progress.with(RequestState.OPEN, status, BidState.WAITING)
                    .withInterruption(null)
                    .withInterruptions(0));
        }
        return moved(progress.with(RequestState.CLOSED, status, BidState.NONE));
    }

    public boolean has(String instanceId) {
        return Objects.equals(progress.instanceId(), instanceId);
    }

    private boolean isOver() {
        return progress.state() == RequestState.CLOSED
                || progress.state() == RequestState.CANCELLED
                || progress.state() == RequestState.FAILED;
    }

    private RequestState stateWithInstance() {
        return progress.state() == RequestState.CANCELLED ? RequestState.CANCELLED : RequestState.ACTIVE;
    }

    private SpotRequest moved(Progress next) {
        return next.equals(progress) ? this : new SpotRequest(id, account, terms, next, adopted, version + 1);
    }
}
