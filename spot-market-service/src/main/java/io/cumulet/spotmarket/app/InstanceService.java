package io.cumulet.spotmarket.app;

import io.cumulet.catalog.Image;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What only the instance service knows, the networks and groups of an account, and what only it does: launches. */
public interface InstanceService {

    /** A launch as a spot request asks for it; field names in refusals are those of the request; see {@link LaunchOptions}. */
    record Launch(
            @Nullable String imageId,
            @Nullable String instanceType,
            @Nullable String availabilityZone,
            @Nullable String subnetId,
            @Nullable String keyName,
            @Nullable List<String> securityGroupIds,
            @Nullable String userData,
            @Nullable Map<String, Object> options) {

        /** Says nothing else. */
        public Launch(
                @Nullable String imageId,
                @Nullable String instanceType,
                @Nullable String availabilityZone,
                @Nullable String subnetId,
                @Nullable String keyName,
                @Nullable List<String> securityGroupIds,
                @Nullable String userData) {
            this(imageId, instanceType, availabilityZone, subnetId, keyName, securityGroupIds, userData, null);
        }
    }

    /**
     * On-Demand Instances to be launched for a fleet.
     *
     * @param count at most so many, at least one
     * @param token the same token with the same launch answers the same instances
     */
    record FleetLaunch(Launch launch, Map<String, String> tags, String fleetId, int count, String token) {}

    /** An instance that was launched. */
    record Launched(String instanceId, InstanceType type, AvailabilityZone zone) {}

    /** Launches as many as there is room for; refused if that is none, {@code Unavailable} if it isn't known. */
    Outcome<List<Launched>> launched(AccountId account, Region region, FleetLaunch launch);

    /** Terminates instances, or is refused; {@code Unavailable} if it can't be asked. */
    Outcome<List<String>> terminated(AccountId account, Region region, List<String> instanceIds);

    /** An image that isn't of the catalog, if the account can launch it; refused if not, {@code Unavailable} if it can't be asked. */
    Outcome<Image> image(AccountId account, Region region, String imageId);

    /** The zone of an account's subnet; refused if there is none, {@code Unavailable} if it can't be asked. */
    Outcome<AvailabilityZone> zoneOfSubnet(AccountId account, Region region, String subnetId);

    /**
     * Whether it would launch this as the account; whether there is room isn't looked at.
     *
     * @return the launch, or why it would refuse it; {@code Unavailable} if it can't be asked
     */
    Outcome<Launch> tried(AccountId account, Region region, Launch launch);
}
