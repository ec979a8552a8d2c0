package io.cumulet.spotmarket.domain.fleets;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a fleet, or to an instance of it.
 *
 * @param subtype what exactly, as EC2 names it; for an error the request's status code
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFleetHistory.html">DescribeFleetHistory</a>
 */
public record FleetHappening(
        String fleetId,
        Instant at,
        Type type,
        String subtype,
        String description,
        @Nullable String instanceId,
        @Nullable String requestId) {

    /** EC2's event types. */
    public enum Type {
        FLEET_CHANGE("fleet-change"),
        INSTANCE_CHANGE("instance-change"),
        SERVICE_ERROR("service-error");

        private final String code;

        Type(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** Of the fleet itself. */
    public static FleetHappening ofFleet(Fleet fleet, Instant at, String subtype, String description) {
        return new FleetHappening(fleet.id(), at, Type.FLEET_CHANGE, subtype, description, null, null);
    }
}
