package io.cumulet.contract;

/** The Kafka topics, their owner, and how long they keep what they hold. */
public enum Topic {
    INSTANCES_LIFECYCLE("instances.lifecycle", Owner.INSTANCE_SERVICE, Kept.FOREVER, 4),
    INSTANCES_CAPACITY("instances.capacity", Owner.INSTANCE_SERVICE, Kept.LATEST, 1),
    HOSTS_LIFECYCLE("hosts.lifecycle", Owner.INSTANCE_SERVICE, Kept.LATEST, 1),
    /** VPCs and their subnets. */
    NETWORKS_VPCS("networks.vpcs", Owner.INSTANCE_SERVICE, Kept.LATEST, 4),
    /** Network interfaces that were made on their own; an instance's events tell of all that are attached to it. */
    NETWORKS_INTERFACES("networks.interfaces", Owner.INSTANCE_SERVICE, Kept.LATEST, 4),
    NETWORKS_ADDRESSES("networks.addresses", Owner.INSTANCE_SERVICE, Kept.LATEST, 4),
    SPOT_PRICES("spot.prices", Owner.SPOT_MARKET, Kept.FOREVER, 4),
    SPOT_REQUESTS("spot.requests", Owner.SPOT_MARKET, Kept.LATEST, 4),
    SPOT_ALLOCATIONS("spot.allocations", Owner.SPOT_MARKET, Kept.LATEST, 4),
    SPOT_INTERRUPTIONS("spot.interruptions", Owner.SPOT_MARKET, Kept.LATEST, 4),
    SPOT_FLEETS("spot.fleets", Owner.SPOT_MARKET, Kept.LATEST, 4),
    FIREWALL_GROUPS("firewall.groups", Owner.FIREWALL, Kept.LATEST, 4),
    FIREWALL_PREFIX_LISTS("firewall.prefix-lists", Owner.FIREWALL, Kept.LATEST, 4),
    /** What each host's kernel is to let through; whoever missed something waits for the next full set. */
    FIREWALL_RULESETS("firewall.rulesets", Owner.FIREWALL, Kept.A_DAY, 4),
    BILLING_USAGE("billing.usage", Owner.BILLING, Kept.LATEST, 4),
    BILLING_COMMITMENTS("billing.commitments", Owner.BILLING, Kept.FOREVER, 4),
    BILLING_BUDGETS("billing.budgets", Owner.BILLING, Kept.FOREVER, 4),
    /** What policies of access keys decided, and changes of the keys; by account. */
    ACCESS_AUDIT("access.audit", Owner.AWS_ENDPOINT, Kept.FOREVER, 4),
    /** The stack's time and epoch; one partition, read whole by every process. */
    STACK_CLOCK("stack.clock", Owner.INSTANCE_SERVICE, Kept.LATEST, 1);

    /** The service that alone writes a topic. */
    public enum Owner {
        INSTANCE_SERVICE("instance-service"),
        SPOT_MARKET("spot-market-service"),
        FIREWALL("firewall-service"),
        BILLING("billing-service"),
        AWS_ENDPOINT("aws-endpoint");

        private final String service;

        Owner(String service) {
            this.service = service;
        }

        /** The service's module name, also the {@code ce_source} of its events. */
        public String service() {
            return service;
        }
    }

    /** How long records stay. */
    public enum Kept {
        /** Facts that can't be told again: {@code cleanup.policy=delete}, {@code retention.ms=-1}. */
        FOREVER,
        /** States: the newest record of each key, {@code cleanup.policy=compact,delete}, {@code retention.ms=-1}. */
        LATEST,
        /** Changes of what is told whole again and again: {@code cleanup.policy=delete}, {@code retention.ms} of a day. */
        A_DAY
    }

    private final String topicName;
    private final Owner owner;
    private final Kept kept;
    private final int partitions;

    Topic(String topicName, Owner owner, Kept kept, int partitions) {
        this.topicName = topicName;
        this.owner = owner;
        this.kept = kept;
        this.partitions = partitions;
    }

    /** The name on the broker. */
    public String topicName() {
        return topicName;
    }

    /** Where records go that a consumer of this topic couldn't read or apply. */
    public String deadLetterName() {
        return topicName + ".dead-letter";
    }

    public Owner owner() {
        return owner;
    }

    public Kept kept() {
        return kept;
    }

    public int partitions() {
        return partitions;
    }
}
