package io.cumulet.endpoint.actions.tags;

import io.cumulet.endpoint.actions.Call;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What belongs to a VPC besides subnets and interfaces. */
class VpcPartKinds {

    @Produces
    @Singleton
    TaggedKind routeTables() {
        return new RestTags("rtb", "route-table", Call::instances, "/v1/route-tables", "routeTables", "routeTableId");
    }

    @Produces
    @Singleton
    TaggedKind internetGateways() {
        return new RestTags(
                "igw",
                "internet-gateway",
                Call::instances,
                "/v1/internet-gateways",
                "internetGateways",
                "internetGatewayId");
    }

    @Produces
    @Singleton
    TaggedKind egressOnlyInternetGateways() {
        return new RestTags(
                "eigw",
                "egress-only-internet-gateway",
                Call::instances,
                "/v1/egress-only-internet-gateways",
                "egressOnlyInternetGateways",
                "egressOnlyInternetGatewayId");
    }

    @Produces
    @Singleton
    TaggedKind networkAcls() {
        return new RestTags("acl", "network-acl", Call::instances, "/v1/network-acls", "networkAcls", "networkAclId");
    }

    @Produces
    @Singleton
    TaggedKind dhcpOptions() {
        return new RestTags(
                "dopt", "dhcp-options", Call::instances, "/v1/dhcp-options", "dhcpOptions", "dhcpOptionsId");
    }
}
