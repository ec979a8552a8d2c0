package io.cumulet.instances.domain.lifecycle;

import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An instance at one moment of its life. Immutable; a change makes the next version.
 *
 * @param version counts up by one with each event, from 1
 * @param run which stay in pending and running this is, from 1: a report about an earlier one is stale
 * @param stateEnteredAt when it entered its state
 * @param launch what stays as it was asked for
 * @param spot null for on-demand
 * @param rebalanceRecommendedAt when it was told, in this run, that it is at an elevated risk of being taken back; null
 *     if it wasn't
 * @param interruptionActionAt when a warned interruption is due; null unless one is
 * @param hostId the host that holds its capacity; null while it holds none
 * @param privateAddress of its primary interface; null once it is terminated
 * @param groupIds of its primary interface; once it is terminated, those it was in
 * @param launchTime when it was last asked to run
 * @param interfaces all that are attached, in the order of their device indexes; none once it is terminated
 * @param options what its owner says of it besides
 */
public record Instance(
        String id,
        AccountId account,
        AvailabilityZone zone,
        long version,
        int run,
        InstanceState state,
        Instant stateEnteredAt,
        Launch launch,
        InstanceType type,
        @Nullable SpotTerms spot,
        @Nullable Instant rebalanceRecommendedAt,
        @Nullable Instant interruptionActionAt,
        @Nullable String hostId,
        @Nullable String privateAddress,
        List<String> groupIds,
        Map<String, String> tags,
        boolean terminationProtected,
        Instant launchTime,
        @Nullable StateReason stateReason,
        List<NetworkInterface> interfaces,
        InstanceOptions options) {

    /**
     * What never changes after the launch.
     *
     * @param scheduledInstanceId the Scheduled Reserved Instances it was launched into; null for others
     */
    public record Launch(
            String reservationId,
            int index,
            String imageId,
            OperatingSystem os,
            String architecture,
            String vpcId,
            String subnetId,
            @Nullable String keyName,
            @Nullable String scheduledInstanceId) {}

    /** One of which its owner says nothing besides. */
    public Instance(
            String id,
            AccountId account,
            AvailabilityZone zone,
            long version,
            int run,
            InstanceState state,
            Instant stateEnteredAt,
            Launch launch,
            InstanceType type,
            @Nullable SpotTerms spot,
            @Nullable Instant rebalanceRecommendedAt,
            @Nullable Instant interruptionActionAt,
            @Nullable String hostId,
            @Nullable String privateAddress,
            List<String> groupIds,
            Map<String, String> tags,
            boolean terminationProtected,
            Instant launchTime,
            @Nullable StateReason stateReason,
            List<NetworkInterface> interfaces) {
        this(
                id,
                account,
                zone,
                version,
                run,
                state,
                stateEnteredAt,
                launch,
                type,
                spot,
                rebalanceRecommendedAt,
                interruptionActionAt,
                hostId,
                privateAddress,
                groupIds,
                tags,
                terminationProtected,
                launchTime,
                stateReason,
                interfaces,
                InstanceOptions.NONE);
    }

    public Region region() {
        return zone.region();
    }

    public boolean isSpot() {
        return spot != null;
    }

    /** Whether it runs in a time slot, as one of Scheduled Reserved Instances. */
    public boolean isScheduled() {
        return launch.scheduledInstanceId() != null;
    }

    /** Whether the market stopped it: then the market alone starts it again. */
    public boolean isStoppedByMarket() {
        return spot != null && state == InstanceState.STOPPED && stateReason != null && stateReason.isOfTheMarket();
    }

    /** Whether its room becomes free without anybody's doing. */
    public boolean isLeaving() {
        return state == InstanceState.SHUTTING_DOWN || state == InstanceState.STOPPING || interruptionActionAt != null;
    }

    public boolean ownedBy(AccountId caller, Region callerRegion) {
        return account.equals(caller) && zone.region().equals(callerRegion);
    }

    /** The same with the interfaces that were found for it: reading, not changing. */
    public Instance with(List<NetworkInterface> found) {
        return new Instance(
                id,
                account,
                zone,
                version,
                run,
                state,
                stateEnteredAt,
                launch,
                type,
                spot,
                rebalanceRecommendedAt,
                interruptionActionAt,
                hostId,
                privateAddress,
                groupIds,
                tags,
                terminationProtected,
                launchTime,
                stateReason,
                found,
                options);
    }

    /**
     * The next version, with these interfaces attached. Its address and groups follow the primary one.
     *
     * @param attached in any order; one of them has device index 0
     */
    public Instance nextWith(List<NetworkInterface> attached) {
        return next().interfaces(attached).done();
    }

    Changes next() {
        return new Changes(this);
    }

    /** The next version, field by field. */
    static final class Changes {
        private final Instance before;
        private long version;
        private int run;
        private InstanceState state;
        private Instant stateEnteredAt;
        private InstanceType type;
        private @Nullable Instant rebalanceRecommendedAt;
        private @Nullable Instant interruptionActionAt;
        private @Nullable String hostId;
        private @Nullable String privateAddress;
        private List<String> groupIds;
        private Map<String, String> tags;
        private boolean terminationProtected;
        private Instant launchTime;
        private @Nullable StateReason stateReason;
        private List<NetworkInterface> interfaces;
        private InstanceOptions options;

        private Changes(Instance before) {
            this.before = before;
            this.version = before.version + 1;
            this.run = before.run;
            this.state = before.state;
            this.stateEnteredAt = before.stateEnteredAt;
            this.type = before.type;
            this.rebalanceRecommendedAt = before.rebalanceRecommendedAt;
            this.interruptionActionAt = before.interruptionActionAt;
            this.hostId = before.hostId;
            this.privateAddress = before.privateAddress;
            this.groupIds = before.groupIds;
            this.tags = before.tags;
            this.terminationProtected = before.terminationProtected;
            this.launchTime = before.launchTime;
            this.stateReason = before.stateReason;
            this.interfaces = before.interfaces;
            this.options = before.options;
        }

        Changes enter(InstanceState newState, Instant now) {
            state = newState;
            stateEnteredAt = now;
            return this;
        }

        Changes newRun(String newHostId, Instant now) {
            run++;
            hostId = newHostId;
            launchTime = now;
            rebalanceRecommendedAt = null;
            return this;
        }

        Changes type(InstanceType newType) {
            if (!newType.equals(type)) {
                options = options.forAnotherType();
            }
            type = newType;
            return this;
        }

        Changes rebalanceRecommendedAt(Instant at) {
            rebalanceRecommendedAt = at;
            return this;
        }

        Changes interruptionActionAt(@Nullable Instant actionAt) {
            interruptionActionAt = actionAt;
            return this;
        }

        Changes withoutHost() {
            hostId = null;
            return this;
        }

        Changes withoutInterfaces() {
            privateAddress = null;
            interfaces = List.of();
            return this;
        }

        Changes interfaces(List<NetworkInterface> attached) {
            interfaces = attached.stream()
                    .sorted(Comparator.comparingInt(Changes::deviceIndex))
                    .toList();
            NetworkInterface primary = interfaces.getFirst();
            if (deviceIndex(primary) != 0) {
                throw new IllegalArgumentException("Without a primary interface: " + before.id);
            }
            privateAddress = primary.primaryAddress().toString();
            groupIds = primary.groupIds();
            return this;
        }

        /** Of the primary interface, if it has one for as long as the instance runs. */
        Changes autoPublicAddress(@Nullable IpAddress publicAddress) {
            interfaces = interfaces.stream()
                    .map(one -> isPrimary(one) && !Objects.equals(publicAddress, one.autoPublicAddress())
                            ? one.withAutoPublicAddress(publicAddress)
                            : one)
                    .toList();
            return this;
        }

        Changes groupIds(List<String> newGroupIds) {
            groupIds = List.copyOf(newGroupIds);
            interfaces = interfaces.stream()
                    .map(one -> isPrimary(one) ? one.inGroups(groupIds) : one)
                    .toList();
            return this;
        }

        Changes tags(Map<String, String> newTags) {
            tags = Map.copyOf(newTags);
            return this;
        }

        Changes terminationProtected(boolean on) {
            terminationProtected = on;
            return this;
        }

        Changes options(InstanceOptions said) {
            options = options.merged(said);
            return this;
        }

        Changes reason(@Nullable StateReason reason) {
            stateReason = reason;
            return this;
        }

        Instance done() {
            return new Instance(
                    before.id,
                    before.account,
                    before.zone,
                    version,
                    run,
                    state,
                    stateEnteredAt,
                    before.launch,
                    type,
                    before.spot,
                    rebalanceRecommendedAt,
                    interruptionActionAt,
                    hostId,
                    privateAddress,
                    groupIds,
                    tags,
                    terminationProtected,
                    launchTime,
                    stateReason,
                    interfaces,
                    options);
        }

        private static boolean isPrimary(NetworkInterface one) {
            return deviceIndex(one) == 0;
        }

        private static int deviceIndex(NetworkInterface one) {
            NetworkInterface.Attachment attachment = one.attachment();
            if (attachment == null) {
                throw new IllegalArgumentException("Attached to nothing: " + one.id());
            }
            return attachment.deviceIndex();
        }
    }
}
