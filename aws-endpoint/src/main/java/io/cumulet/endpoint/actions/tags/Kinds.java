package io.cumulet.endpoint.actions.tags;

import io.cumulet.endpoint.actions.Call;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What services' REST APIs keep tags of. */
class Kinds {

    @Produces
    @Singleton
    TaggedKind instances() {
        return new RestTags("i", "instance", Call::instances, "/v1/instances", "instances", "instanceId");
    }

    @Produces
    @Singleton
    TaggedKind vpcs() {
        return new RestTags("vpc", "vpc", Call::instances, "/v1/vpcs", "vpcs", "vpcId");
    }

    @Produces
    @Singleton
    TaggedKind subnets() {
        return new RestTags("subnet", "subnet", Call::instances, "/v1/subnets", "subnets", "subnetId");
    }

    @Produces
    @Singleton
    TaggedKind networkInterfaces() {
        return new RestTags(
                "eni",
                "network-interface",
                Call::instances,
                "/v1/network-interfaces",
                "networkInterfaces",
                "networkInterfaceId");
    }

    @Produces
    @Singleton
    TaggedKind elasticAddresses() {
        return new RestTags("eipalloc", "elastic-ip", Call::instances, "/v1/addresses", "addresses", "allocationId");
    }

    @Produces
    @Singleton
    TaggedKind securityGroups() {
        return new RestTags("sg", "security-group", Call::firewall, "/v1/security-groups", "securityGroups", "groupId");
    }

    @Produces
    @Singleton
    TaggedKind securityGroupRules() {
        return new RestTags(
                "sgr",
                "security-group-rule",
                Call::firewall,
                "/v1/security-group-rules",
                "securityGroupRules",
                "ruleId");
    }

    @Produces
    @Singleton
    TaggedKind reservedInstances() {
        return new RestTags(
                "", "reserved-instances", Call::billing, "/v1/reserved-instances", "reservedInstances", "id");
    }

    @Produces
    @Singleton
    TaggedKind prefixLists() {
        return new RestTags("pl", "prefix-list", Call::firewall, "/v1/prefix-lists", "prefixLists", "prefixListId");
    }
}
