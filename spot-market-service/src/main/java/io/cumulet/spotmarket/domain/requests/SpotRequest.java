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
 *     └────────────────┘                                                            │ by its owner: until he starts it
 *                                                                                   │ by the market: bids on
 *                              active ◄──started── (allocated) ◄────────wins────────┘
 * </pre>
 *
 * What the market stopped only the market starts again, and when the request of a stopped instance is cancelled or runs
 * out, the instance ends: nobody could start it any more.
 *
 * @param adopted whether it came with a launch of which not all is known here, so that it can't be launched anew
 * @param version counts up by one with each change that its owner can see
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html">Behavior of Spot
 *     Instance interruptions: "If you cancel a Spot Instance request, Amazon EC2 terminates any associated Spot Instances
 *     that are stopped"</a>
 */
public record SpotRequest(String id, AccountId account, Terms terms, Progress progress, boolean adopted, long version) {

    /** How long an instance has between the warning and its interruption; EC2's two minutes. */
    public static final Duration NOTICE = Duration.ofSeconds(120);

    /** A request as it was made. */
    public static SpotRequest open(String id, AccountId account, Terms terms, Instant now) {
        return terms.isScheduledAfter(now)
                ? open(id, account, terms, StatusCode.NOT_SCHEDULED_YET, BidState.NONE)
                : open(id, account, terms, StatusCode.PENDING_EVALUATION, BidState.WAITING);
    }

    /** A request as it was made while the others of its availability zone group are in another zone. */
    public static SpotRequest openOutsideItsZoneGroup(String id, AccountId account, Terms terms) {
        return open(id, account, terms, StatusCode.AZ_GROUP_CONSTRAINT, BidState.NONE);
    }

    private static SpotRequest open(String id, AccountId account, Terms terms, StatusCode status, BidState bid) {
        Progress progress = new Progress(RequestState.OPEN, status, bid, 0, null, 0, null, 0, false, false);
        return new SpotRequest(id, account, terms, progress, false, 1);
    }

    /** The request of an instance that was launched as spot without asking the market first. */
    public static SpotRequest adopt(String id, AccountId account, Terms terms, String instanceId) {
        return fulfilled(id, account, terms, instanceId, true);
    }

    /** The request that a launch made, persistent and with all that it is launched anew with. */
    public static SpotRequest madeByLaunch(String id, AccountId account, Terms terms, String instanceId) {
        return fulfilled(id, account, terms, instanceId, false);
    }

    private static SpotRequest fulfilled(
            String id, AccountId account, Terms terms, String instanceId, boolean adopted) {
        Progress progress = new Progress(
                RequestState.ACTIVE, StatusCode.FULFILLED, BidState.ALLOCATED, 0, instanceId, 0, null, 0, false, false);
        return new SpotRequest(id, account, terms, progress, adopted, 1);
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

    /**
     * Whether its availability zone group is where it is: it bids, has an instance, or will bid; not if it waits for the
     * others of its group to be over.
     */
    public boolean standsInItsZone() {
        return progress.bid() != BidState.NONE || !isOver() && progress.status() != StatusCode.AZ_GROUP_CONSTRAINT;
    }

    /** No other of its availability zone group is in another zone any more: it bids, once its time has come. */
    public SpotRequest zoneGroupAllows(Instant now) {
        if (isOver() || progress.status() != StatusCode.AZ_GROUP_CONSTRAINT) {
            return this;
        }
        return terms.isScheduledAfter(now)
                ? moved(progress.with(RequestState.OPEN, StatusCode.NOT_SCHEDULED_YET, BidState.NONE))
                : moved(progress.with(RequestState.OPEN, StatusCode.PENDING_EVALUATION, BidState.WAITING));
    }

    /** Its time is over: an open request closes, an instance goes on but isn't replaced, one the market stopped ends. */
    public SpotRequest expired() {
        if (isOver()) {
            return this;
        }
        if (progress.state() == RequestState.OPEN && progress.bid() != BidState.ALLOCATED) {
            return moved(progress.with(RequestState.CLOSED, StatusCode.SCHEDULE_EXPIRED, BidState.NONE)
                    .withCancelled());
        }
        if (progress.state() == RequestState.DISABLED && progress.bid() == BidState.WAITING) {
            return moved(progress.with(RequestState.CLOSED, StatusCode.SCHEDULE_EXPIRED, BidState.NONE)
                    .withCancelled());
        }
        return progress.cancelled() ? this : moved(progress.withCancelled());
    }

    /** Its owner takes it back. An instance that runs, or is being started, goes on; one that is stopped ends. */
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
                progress.bid() == BidState.ALLOCATED
                        ? moved(progress.with(
                                        RequestState.CANCELLED,
                                        StatusCode.REQUEST_CANCELED_AND_INSTANCE_RUNNING,
                                        BidState.ALLOCATED)
                                .withCancelled())
                        : moved(progress.with(RequestState.CANCELLED, progress.status(), BidState.NONE)
                                .withCancelled());
            case CLOSED, CANCELLED, FAILED -> this;
        };
    }

    /** Whether its instance is stopped, by whomever: then room is given to that one, and no other is launched. */
    public boolean hasStoppedInstance() {
        return progress.state() == RequestState.DISABLED;
    }

    /** It won and there is room: the instance service launches it, or starts its stopped instance again. */
    public SpotRequest allocated() {
        RequestState state = hasStoppedInstance() ? RequestState.DISABLED : RequestState.OPEN;
        return moved(progress.with(state, StatusCode.PENDING_FULFILLMENT, BidState.ALLOCATED)
                .withUnit(progress.unit() + 1));
    }

    /** It waits on, for a price or for room. While its instance is stopped its status goes on to say why that was. */
    public SpotRequest waits(Clearing.Reason reason) {
        if (hasStoppedInstance()) {
            return this;
        }
        StatusCode status = switch (reason) {
            case BELOW_FLOOR, PRICE -> StatusCode.PRICE_TOO_LOW;
            case CAPACITY -> StatusCode.CAPACITY_NOT_AVAILABLE;
        };
        return progress.status() == status ? this : moved(progress.withStatus(status));
    }

    /** It waits on, since those of its launch group can't all be launched. */
    public SpotRequest waitsForItsGroup() {
        return hasStoppedInstance() || progress.status() == StatusCode.LAUNCH_GROUP_CONSTRAINT
                ? this
                : moved(progress.withStatus(StatusCode.LAUNCH_GROUP_CONSTRAINT));
    }

    /** It runs and no longer wins: its instance leaves after the notice, because of the price or for want of room. */
    public SpotRequest warned(Clearing.Reason lost, Instant now) {
        InterruptionReason reason =
                lost == Clearing.Reason.CAPACITY ? InterruptionReason.CAPACITY : InterruptionReason.PRICE;
        return warned(reason, now.plus(NOTICE));
    }

    /** Its instance leaves at a time. */
    public SpotRequest warned(InterruptionReason reason, Instant actionAt) {
        StatusCode status = switch (terms.behavior()) {
            case TERMINATE -> StatusCode.MARKED_FOR_TERMINATION;
            case STOP, HIBERNATE -> StatusCode.MARKED_FOR_STOP;
        };
        return moved(progress.with(progress.state(), status, BidState.LEAVING)
                .withInterruption(new Progress.Interruption(reason, actionAt))
                .withTold(progress.told() + 1));
    }

    /** Its notice is over: the instance service is told to take the instance, or the fleet gives it up. */
    public SpotRequest evictionTold() {
        return moved(progress.withTold(progress.told() + 1));
    }

    /** Its fleet gives up its instance, which leaves at once: the instance service is told to terminate it. */
    public SpotRequest givenUp() {
        return moved(progress.with(progress.state(), progress.status(), BidState.LEAVING)
                .withTold(progress.told() + 1));
    }

    /** Its instance is told that it is at an elevated risk. */
    public SpotRequest rebalanceRecommended() {
        return progress.rebalanceRecommended()
                ? this
                : moved(progress.withRebalanceRecommended(true).withTold(progress.told() + 1));
    }

    /** Its instance was made, or is started again after a stop. */
    public SpotRequest instanceRequested(String instanceId) {
        if (progress.bid() == BidState.ALLOCATED && !instanceId.equals(progress.instanceId())) {
            return moved(progress.withInstance(instanceId));
        }
        if (progress.state() == RequestState.DISABLED || progress.bid() == BidState.NONE && has(instanceId)) {
            return moved(progress.with(stateWithInstance(), StatusCode.PENDING_FULFILLMENT, BidState.ALLOCATED)
                    .withInterruption(null)
                    .withRebalanceRecommended(false));
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
        Progress runs =
                progress.with(stateWithInstance(), status, BidState.RUNNING).withInstance(instanceId);
        // What it was told when it was stopped is past, once it is started again.
        return moved(
                progress.bid() == BidState.RUNNING
                        ? runs
                        : runs.withInterruption(null).withRebalanceRecommended(false));
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

    /** Its instance begins to stop or to end; a stopped one has no room to give back. */
    public SpotRequest instanceLeaves() {
        if (progress.bid().takesRoom()) {
            return moved(progress.with(progress.state(), progress.status(), BidState.LEAVING));
        }
        return hasStoppedInstance() ? moved(progress.with(progress.state(), progress.status(), BidState.NONE)) : this;
    }

    /**
     * Its instance is stopped. If the market did it the request bids on, to have it started again; one that was cancelled or
     * has run out is over then.
     *
     * @param takenBack whether the market did it, and not its owner
     */
    public SpotRequest instanceStopped(boolean takenBack) {
        Progress.Interruption interruption = progress.interruption();
        StatusCode status = interruption == null || !takenBack
                ? StatusCode.INSTANCE_STOPPED_BY_USER
                : switch (interruption.reason()) {
                    case PRICE -> StatusCode.INSTANCE_STOPPED_BY_PRICE;
                    case CAPACITY, LAUNCH_GROUP, INJECTED -> StatusCode.INSTANCE_STOPPED_NO_CAPACITY;
                };
        RequestState state = RequestState.DISABLED;
        if (progress.state() == RequestState.CANCELLED) {
            state = RequestState.CANCELLED;
        } else if (takenBack && progress.cancelled()) {
            state = RequestState.CLOSED;
        }
        boolean bidsOn = takenBack && state == RequestState.DISABLED;
        return moved(progress.with(state, status, bidsOn ? BidState.WAITING : BidState.NONE));
    }

    /** There was no room to start its instance again: it waits for the next news of capacity. */
    public SpotRequest startFailed(long capacityVersion) {
        if (progress.cancelled()) {
            RequestState over =
                    progress.state() == RequestState.CANCELLED ? RequestState.CANCELLED : RequestState.CLOSED;
            return moved(progress.with(over, StatusCode.INSTANCE_STOPPED_NO_CAPACITY, BidState.NONE));
        }
        return moved(progress.with(RequestState.DISABLED, StatusCode.INSTANCE_STOPPED_NO_CAPACITY, BidState.WAITING)
                .blockedAt(capacityVersion));
    }

    /**
     * Its instance is gone: the request closes, or asks again if it is persistent.
     *
     * @param takenBack whether the market did it, and not its owner
     */
    public SpotRequest instanceGone(boolean takenBack) {
        StatusCode status = endedBy(takenBack);
        if (progress.state() == RequestState.CANCELLED) {
            return moved(progress.with(RequestState.CANCELLED, status, BidState.NONE));
        }
        if (terms.kind() == Terms.Kind.PERSISTENT && !progress.cancelled() && !adopted) {
            return moved(progress.with(RequestState.OPEN, status, BidState.WAITING)
                    .withInterruption(null)
                    .withRebalanceRecommended(false)
                    .withTold(0));
        }
        return moved(progress.with(RequestState.CLOSED, status, BidState.NONE));
    }

    private StatusCode endedBy(boolean takenBack) {
        Progress.Interruption interruption = progress.interruption();
        if (interruption == null || !takenBack) {
            return endsStopped() ? StatusCode.INSTANCE_TERMINATED_BY_SERVICE : StatusCode.INSTANCE_TERMINATED_BY_USER;
        }
        return switch (interruption.reason()) {
            case PRICE -> StatusCode.INSTANCE_TERMINATED_BY_PRICE;
            case CAPACITY, INJECTED -> StatusCode.INSTANCE_TERMINATED_NO_CAPACITY;
            case LAUNCH_GROUP -> StatusCode.INSTANCE_TERMINATED_LAUNCH_GROUP_CONSTRAINT;
        };
    }

    /** Whether the end of the request ended its instance too, which was stopped. */
    private boolean endsStopped() {
        return isOver() && progress.bid() == BidState.NONE;
    }

    public boolean has(String instanceId) {
        return Objects.equals(progress.instanceId(), instanceId);
    }

    /** Whether it asks for nothing any more; an instance it has may still run. */
    public boolean isOver() {
        return progress.state() == RequestState.CLOSED
                || progress.state() == RequestState.CANCELLED
                || progress.state() == RequestState.FAILED;
    }

    private RequestState stateWithInstance() {
        return progress.state() == RequestState.CANCELLED ? RequestState.CANCELLED : RequestState.ACTIVE;
    }

    private SpotRequest moved(Progress next) {
        if (next.equals(progress)) {
            return this;
        }
        return new SpotRequest(id, account, terms, next, adopted, next.looksLike(progress) ? version : version + 1);
    }
}
