package io.cumulet.contract;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Every event: its name ({@code ce_type}), its topic, and the record its JSON body has. The key is the id of what it is about. */
public enum EventType {
    INSTANCE_REQUESTED("instance.requested", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_LAUNCHED("instance.launched", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_STARTED("instance.started", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_FAILED("instance.failed", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_STOPPING("instance.stopping", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_STOPPED("instance.stopped", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_REBOOTED("instance.rebooted", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_MODIFIED("instance.modified", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_TERMINATING("instance.terminating", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_TERMINATED("instance.terminated", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_INTERRUPTION_WARNED("instance.interruption-warned", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_INTERRUPTED("instance.interrupted", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),

    CAPACITY_CHANGED("capacity.changed", Topic.INSTANCES_CAPACITY, CapacitySnapshot.class),

    HOST_ADDED("host.added", Topic.HOSTS_LIFECYCLE, HostSnapshot.class),
    HOST_CHANGED("host.changed", Topic.HOSTS_LIFECYCLE, HostSnapshot.class),

    SPOT_PRICE_CHANGED("spot.price-changed", Topic.SPOT_PRICES, SpotPriceSnapshot.class),
    SPOT_REQUEST_CHANGED("spot.request-changed", Topic.SPOT_REQUESTS, SpotRequestSnapshot.class),
    SPOT_ALLOCATED("spot.allocated", Topic.SPOT_ALLOCATIONS, SpotAllocation.class),
    SPOT_INTERRUPTION_WARNED("spot.interruption-warned", Topic.SPOT_INTERRUPTIONS, SpotInterruption.class),
    SPOT_EVICTED("spot.evicted", Topic.SPOT_INTERRUPTIONS, SpotInterruption.class),

    SECURITY_GROUP_CREATED("security-group.created", Topic.FIREWALL_GROUPS, SecurityGroupSnapshot.class),
    SECURITY_GROUP_CHANGED("security-group.changed", Topic.FIREWALL_GROUPS, SecurityGroupSnapshot.class),
    SECURITY_GROUP_DELETED("security-group.deleted", Topic.FIREWALL_GROUPS, SecurityGroupSnapshot.class),

    USAGE_METERED("usage.metered", Topic.BILLING_USAGE, UsageSnapshot.class),

    COMMITMENT_PURCHASED("commitment.purchased", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_ACTIVATED("commitment.activated", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_CANCELLED("commitment.cancelled", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_RETIRED("commitment.retired", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_EXPIRED("commitment.expired", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),

    BUDGET_THRESHOLD_PASSED("budget.threshold-passed", Topic.BILLING_BUDGETS, BudgetAlert.class),

    CLOCK_SET("clock.set", Topic.STACK_CLOCK, ClockSnapshot.class);

    private static final Map<String, EventType> BY_NAME = new HashMap<>();

    static {
        for (EventType type : values()) {
            BY_NAME.put(type.typeName, type);
        }
    }

    private final String typeName;
    private final Topic topic;
    private final Class<? extends Record> payload;

    EventType(String typeName, Topic topic, Class<? extends Record> payload) {
        this.typeName = typeName;
        this.topic = topic;
        this.payload = payload;
    }

    /** The name in {@code ce_type}, such as {@code instance.launched}. */
    public String typeName() {
        return typeName;
    }

    public Topic topic() {
        return topic;
    }

    public Class<? extends Record> payload() {
        return payload;
    }

    /** The type of a name; empty for one that a newer publisher knows and we don't. */
    public static Optional<EventType> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
