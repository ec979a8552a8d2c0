package io.cumulet.spotmarket.domain.requests;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a spot request asks for; never changes.
 *
 * @param validFrom from when on it bids; null: at once
 * @param validUntil until when it bids; null: for ever
 */
public record Terms(
        PoolId pool,
        HourlyRate maxPrice,
        Kind kind,
        InterruptionBehavior behavior,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        Instant createdAt,
        Launch launch,
        Membership membership) {

    /** Whether the time from which on it bids is still to come. */
    boolean isScheduledAfter(Instant now) {
        return validFrom != null && validFrom.isAfter(now);
    }

    /**
     * What it shares a fate with.
     *
     * @param launchGroup those of an account and a pool with this name are launched only together, and taken back together
     * @param zoneGroup those of an account with this name share a zone
     * @param fleetId the fleet that made it
     */
    public record Membership(
            @Nullable String launchGroup,
            @Nullable String zoneGroup,
            @Nullable String fleetId) {
        public static final Membership NONE = new Membership(null, null, null);
    }

    /** Whether it is over once its instance is gone, or asks again. */
    public enum Kind {
        ONE_TIME("one-time"),
        PERSISTENT("persistent");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** What becomes of the instance when it is interrupted. */
    public enum InterruptionBehavior {
        TERMINATE("terminate"),
        STOP("stop"),
        HIBERNATE("hibernate");

        private final String code;

        InterruptionBehavior(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /**
     * How the instance is launched, handed through to the instance service.
     *
     * @param hasUserData whether there is user data, which is kept apart since it never goes over a topic
     * @param options what else the launch says, a JSON object in the words of the instance service; null if nothing
     */
    public record Launch(
            String imageId,
            @Nullable String subnetId,
            @Nullable String keyName,
            List<String> securityGroupIds,
            Map<String, String> tags,
            boolean hasUserData,
            @Nullable String options) {

        /** Says nothing else. */
        public Launch(
                String imageId,
                @Nullable String subnetId,
                @Nullable String keyName,
                List<String> securityGroupIds,
                Map<String, String> tags,
                boolean hasUserData) {
            this(imageId, subnetId, keyName, securityGroupIds, tags, hasUserData, null);
        }
    }
}
