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
    INSTANCE_REBALANCE_RECOMMENDED("instance.rebalance-recommended", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),
    INSTANCE_INTERRUPTED("instance.interrupted", Topic.INSTANCES_LIFECYCLE, InstanceSnapshot.class),

    CAPACITY_CHANGED("capacity.changed", Topic.INSTANCES_CAPACITY, CapacitySnapshot.class),

    HOST_ADDED("host.added", Topic.HOSTS_LIFECYCLE, HostSnapshot.class),
    HOST_CHANGED("host.changed", Topic.HOSTS_LIFECYCLE, HostSnapshot.class),

    VPC_CREATED("vpc.created", Topic.NETWORKS_VPCS, VpcSnapshot.class),
    VPC_CHANGED("vpc.changed", Topic.NETWORKS_VPCS, VpcSnapshot.class),
    VPC_DELETED("vpc.deleted", Topic.NETWORKS_VPCS, VpcSnapshot.class),
    SUBNET_CREATED("subnet.created", Topic.NETWORKS_VPCS, SubnetSnapshot.class),
    SUBNET_CHANGED("subnet.changed", Topic.NETWORKS_VPCS, SubnetSnapshot.class),
    SUBNET_DELETED("subnet.deleted", Topic.NETWORKS_VPCS, SubnetSnapshot.class),

    NETWORK_INTERFACE_CREATED("network-interface.created", Topic.NETWORKS_INTERFACES, NetworkInterfaceSnapshot.class),
    NETWORK_INTERFACE_CHANGED("network-interface.changed", Topic.NETWORKS_INTERFACES, NetworkInterfaceSnapshot.class),
    NETWORK_INTERFACE_DELETED("network-interface.deleted", Topic.NETWORKS_INTERFACES, NetworkInterfaceSnapshot.class),

    ADDRESS_ALLOCATED("address.allocated", Topic.NETWORKS_ADDRESSES, ElasticAddressSnapshot.class),
    ADDRESS_CHANGED("address.changed", Topic.NETWORKS_ADDRESSES, ElasticAddressSnapshot.class),
    ADDRESS_RELEASED("address.released", Topic.NETWORKS_ADDRESSES, ElasticAddressSnapshot.class),

    SPOT_PRICE_CHANGED("spot.price-changed", Topic.SPOT_PRICES, SpotPriceSnapshot.class),
    SPOT_REQUEST_CHANGED("spot.request-changed", Topic.SPOT_REQUESTS, SpotRequestSnapshot.class),
    SPOT_ALLOCATED("spot.allocated", Topic.SPOT_ALLOCATIONS, SpotAllocation.class),
    SPOT_REBALANCE_RECOMMENDED("spot.rebalance-recommended", Topic.SPOT_INTERRUPTIONS, SpotRebalance.class),
    SPOT_INTERRUPTION_WARNED("spot.interruption-warned", Topic.SPOT_INTERRUPTIONS, SpotInterruption.class),
    SPOT_EVICTED("spot.evicted", Topic.SPOT_INTERRUPTIONS, SpotInterruption.class),

    SPOT_FLEET_CHANGED("spot.fleet-changed", Topic.SPOT_FLEETS, SpotFleetSnapshot.class),

    SECURITY_GROUP_CREATED("security-group.created", Topic.FIREWALL_GROUPS, SecurityGroupSnapshot.class),
    SECURITY_GROUP_CHANGED("security-group.changed", Topic.FIREWALL_GROUPS, SecurityGroupSnapshot.class),
    SECURITY_GROUP_DELETED("security-group.deleted", Topic.FIREWALL_GROUPS, SecurityGroupSnapshot.class),

    PREFIX_LIST_CREATED("prefix-list.created", Topic.FIREWALL_PREFIX_LISTS, PrefixListSnapshot.class),
    PREFIX_LIST_CHANGED("prefix-list.changed", Topic.FIREWALL_PREFIX_LISTS, PrefixListSnapshot.class),
    PREFIX_LIST_DELETED("prefix-list.deleted", Topic.FIREWALL_PREFIX_LISTS, PrefixListSnapshot.class),

    RULESET_CHANGED("ruleset.changed", Topic.FIREWALL_RULESETS, RulesetDelta.class),
    RULESET_FULL("ruleset.full", Topic.FIREWALL_RULESETS, RulesetChunk.class),

    USAGE_METERED("usage.metered", Topic.BILLING_USAGE, UsageSnapshot.class),

    COMMITMENT_PURCHASED("commitment.purchased", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_ACTIVATED("commitment.activated", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_CANCELLED("commitment.cancelled", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_RETIRED("commitment.retired", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),
    COMMITMENT_EXPIRED("commitment.expired", Topic.BILLING_COMMITMENTS, CommitmentSnapshot.class),

    BUDGET_THRESHOLD_PASSED("budget.threshold-passed", Topic.BILLING_BUDGETS, BudgetAlert.class),

    ACCESS_ALLOWED("access.allowed", Topic.ACCESS_AUDIT, AccessDecision.class),
    ACCESS_DENIED("access.denied", Topic.ACCESS_AUDIT, AccessDecision.class),
    ACCESS_KEY_CREATED("access-key.created", Topic.ACCESS_AUDIT, AccessKeySnapshot.class),
    ACCESS_KEY_CHANGED("access-key.changed", Topic.ACCESS_AUDIT, AccessKeySnapshot.class),
    ACCESS_KEY_DELETED("access-key.deleted", Topic.ACCESS_AUDIT, AccessKeySnapshot.class),

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
