package io.cumulet.spotmarket.domain.requests;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a request has come.
 *
 * @param unit how many times the market gave it room: with the request's id the client token of the launch
 * @param instanceId the instance it has, or had last
 * @param blockedAtCapacity the capacity snapshot under which a launch failed: it isn't tried again before a newer one
 * @param interruption why and when its instance is taken back; null while it isn't
 * @param told how many events were told of the instance it has on the topic of interruptions
 * @param rebalanceRecommended whether its instance was told that it is at an elevated risk, since it runs
 * @param cancelled whether its owner took it back, so that it never asks again
 */
public record Progress(
        RequestState state,
        StatusCode status,
        BidState bid,
        int unit,
        @Nullable String instanceId,
        long blockedAtCapacity,
        @Nullable Interruption interruption,
        int told,
        boolean rebalanceRecommended,
        boolean cancelled) {

    /** An interruption of the instance, and when it is due. */
    public record Interruption(InterruptionReason reason, Instant actionAt) {}

    /** Whether a reader sees no difference: how it bids, how often, and what it waits for are the market's own affair. */
    boolean looksLike(Progress other) {
        return state == other.state
                && status == other.status
                && Objects.equals(instanceId, other.instanceId)
                && Objects.equals(interruption, other.interruption);
    }

    Progress with(RequestState newState, StatusCode newStatus, BidState newBid) {
        return new Progress(
                newState,
                newStatus,
                newBid,
                unit,
                instanceId,
                blockedAtCapacity,
                interruption,
                told,
                rebalanceRecommended,
                cancelled);
    }

    Progress withStatus(StatusCode newStatus) {
        return with(state, newStatus, bid);
    }

    Progress withInstance(String newInstanceId) {
        return new Progress(
                state,
                status,
                bid,
                unit,
                newInstanceId,
                blockedAtCapacity,
                interruption,
                told,
                rebalanceRecommended,
                cancelled);
    }

    Progress withUnit(int newUnit) {
        return new Progress(
                state,
                status,
                bid,
                newUnit,
                instanceId,
                blockedAtCapacity,
                interruption,
                told,
                rebalanceRecommended,
                cancelled);
    }

    Progress withInterruption(@Nullable Interruption newInterruption) {
        return new Progress(
                state,
                status,
                bid,
                unit,
                instanceId,
                blockedAtCapacity,
                newInterruption,
                told,
                rebalanceRecommended,
                cancelled);
    }

    Progress withTold(int count) {
        return new Progress(
                state,
                status,
                bid,
                unit,
                instanceId,
                blockedAtCapacity,
                interruption,
                count,
                rebalanceRecommended,
                cancelled);
    }

    Progress withRebalanceRecommended(boolean recommended) {
        return new Progress(
                state, status, bid, unit, instanceId, blockedAtCapacity, interruption, told, recommended, cancelled);
    }

    Progress blockedAt(long capacityVersion) {
        return new Progress(
                state,
                status,
                bid,
                unit,
                instanceId,
                capacityVersion,
                interruption,
                told,
                rebalanceRecommended,
                cancelled);
    }

    Progress withCancelled() {
        return new Progress(
                state,
                status,
                bid,
                unit,
                instanceId,
                blockedAtCapacity,
                interruption,
                told,
                rebalanceRecommended,
                true);
    }
}
