package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An instance as it is after the event. It carries all a consumer may need, so that none asks back; never user data.
 *
 * @param version counts up by one with each event of the instance, from 1
 * @param state EC2's state name after the event: {@code pending}, {@code running}, {@code stopping}, {@code stopped},
 *     {@code shutting-down}, {@code terminated}
 * @param occurredAt when the state was entered, or the change made, in the stack's time
 * @param os an {@code OperatingSystem} code, such as {@code linux}
 * @param tenancy {@code default}, {@code dedicated} or {@code host}
 * @param market {@code on-demand} or {@code spot}
 * @param maxPrice USD per hour as a decimal string; spot only
 * @param spotRequestId the spot request it belongs to; every spot instance has one
 * @param interruptionBehavior {@code terminate}, {@code stop} or {@code hibernate}; spot only
 * @param interruptionActionAt when a warned interruption is due; only while one is
 * @param hostId the host that holds its capacity; null while it holds none
 * @param launchTime when it was last asked to run
 * @param stateReason why it is in this state, if there is more to say than the command
 * @param scheduledInstanceId the Scheduled Reserved Instances it was launched into; null for others
 * @param networkInterfaces all that are attached, in the order of device indexes, none once it is terminated; null in
 *     events from before there were interfaces
 * @param launchedAnew what the market launches it anew with; only in the {@code instance.requested} of a launch that
 *     made a persistent spot request
 * @param spotRequestTags the tags of the spot request that a launch made; only in its {@code instance.requested}; null: the
 *     request has those of the instance
 */
public record InstanceSnapshot(
        String instanceId,
        String account,
        String region,
        String availabilityZone,
        long version,
        String state,
        Instant occurredAt,
        String reservationId,
        String imageId,
        String instanceType,
        String os,
        String tenancy,
        String market,
        @Nullable String maxPrice,
        @Nullable String spotRequestId,
        @Nullable String interruptionBehavior,
        @Nullable Instant interruptionActionAt,
        @Nullable String hostId,
        String vpcId,
        String subnetId,
        @Nullable String privateIpAddress,
        @Nullable String keyName,
        List<String> securityGroupIds,
        Map<String, String> tags,
        Instant launchTime,
        @Nullable StateReason stateReason,
        @Nullable String scheduledInstanceId,
        @Nullable List<Interface> networkInterfaces,
        @Nullable Relaunch launchedAnew,
        @Nullable Map<String, String> spotRequestTags) {

    /**
     * What a persistent spot request says besides what is known of its first instance.
     *
     * @param validUntil until when it is launched anew; null: for ever
     * @param hasUserData whether the instance service keeps user data for it
     * @param options what else the launch says, in the words of {@code POST /v1/instances}; null if nothing
     */
    public record Relaunch(
            @Nullable Instant validUntil,
            boolean hasUserData,
            @Nullable Map<String, Object> options) {}

    /** The key of the tag that names the fleet an instance was launched for; EC2's. */
    public static final String FLEET_TAG = "aws:ec2:fleet-id";

    /**
     * A network interface attached to it.
     *
     * @param deviceIndex 0 is the primary, whose first address and groups are the instance's
     * @param privateIpAddresses IPv4, the primary first
     * @param publicIpAddresses elastic addresses associated with it, and what it is given for as long as it runs
     */
    public record Interface(
            String networkInterfaceId,
            int deviceIndex,
            String subnetId,
            List<String> privateIpAddresses,
            List<String> ipv6Addresses,
            List<String> publicIpAddresses,
            List<String> securityGroupIds) {}

    /** EC2's state reason, such as {@code Server.SpotInstanceTermination}. */
    public record StateReason(String code, String message) {}
}
