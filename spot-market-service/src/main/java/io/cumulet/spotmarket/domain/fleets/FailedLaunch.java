package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.StatusCode;

/** A spot request of a fleet whose instance never ran and never will. */
public record FailedLaunch(String requestId, PoolId pool, StatusCode status) {

    FleetError error() {
        // Of those that a failed request can have.
        String code = status == StatusCode.CAPACITY_NOT_AVAILABLE
                ? "InsufficientInstanceCapacity"
                : status == StatusCode.SYSTEM_ERROR ? "InternalError" : "InvalidParameterValue";
        return new FleetError(
                pool.type().value(),
                pool.zone().value(),
                code,
                "The launch for " + requestId + " failed: " + status.message());
    }
}
