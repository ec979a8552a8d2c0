package io.cumulet.spotmarket.domain.fleets;

import java.math.BigDecimal;

/**
 * The On-Demand part of a fleet.
 *
 * @param target in units of weight; 0 if all of the fleet is spot
 * @param fulfilled what of it has an instance, in units of weight; may lie above the target
 * @param left how many of its instances aren't over, those included that are being terminated
 * @param asked whether all that was wanted has been asked for, so that a fleet that asks but once is done
 */
public record OnDemandPart(BigDecimal target, BigDecimal fulfilled, int left, boolean asked) {

    public static final OnDemandPart NONE = new OnDemandPart(BigDecimal.ZERO, BigDecimal.ZERO, 0, false);

    public static OnDemandPart wanted(BigDecimal target) {
        return new OnDemandPart(target, BigDecimal.ZERO, 0, false);
    }

    boolean isFulfilled() {
        return fulfilled.compareTo(target) >= 0;
    }

    /** Whether its owner sees no difference. */
    boolean looksLike(OnDemandPart other) {
        return target.compareTo(other.target) == 0 && fulfilled.compareTo(other.fulfilled) == 0;
    }

    OnDemandPart aimingAt(BigDecimal newTarget) {
        return new OnDemandPart(newTarget, fulfilled, left, asked);
    }

    public OnDemandPart having(BigDecimal newFulfilled, int newLeft) {
        return new OnDemandPart(target, newFulfilled, newLeft, asked);
    }

    public OnDemandPart askedForAll() {
        return new OnDemandPart(target, fulfilled, left, true);
    }
}
