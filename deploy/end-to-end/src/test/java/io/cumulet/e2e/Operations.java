package io.cumulet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every operation of every service, as the services' own OpenAPI documents list them, with the places where a request names
 * something that belongs to an account. What isn't known here is an error: a new operation has to be thought about.
 */
final class Operations {

    /** What belongs to an account in a region. */
    enum Kind {
        INSTANCE("i"),
        RESERVATION("r"),
        SECURITY_GROUP("sg"),
        RULE("sgr"),
        PREFIX_LIST("pl"),
        IMAGE("ami"),
        KEY_PAIR("key"),
        SPOT_REQUEST("sir"),
        FLEET("fleet"),
        SUBNET("subnet"),
        VPC("vpc"),
        ROUTE_TABLE("rtb"),
        ROUTE_TABLE_ASSOCIATION("rtbassoc"),
        INTERNET_GATEWAY("igw"),
        EGRESS_ONLY_INTERNET_GATEWAY("eigw"),
        NETWORK_ACL("acl"),
        NETWORK_ACL_ASSOCIATION("aclassoc"),
        DHCP_OPTIONS("dopt"),
        ATTACHMENT("eni-attach"),
        NETWORK_INTERFACE("eni"),
        ELASTIC_ADDRESS("eipalloc"),
        ELASTIC_ADDRESS_ASSOCIATION("eipassoc"),
        HOST("h"),
        RESERVED_INSTANCES(""),
        SCHEDULED_INSTANCE(""),
        MODIFICATION(""),
        LISTING(""),
        SAVINGS_PLAN(""),
        ORGANIZATION("o"),
        INVITATION("oi"),
        BUDGET(""),
        ACCESS_KEY("AKIA");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** Of this form, and nobody's. */
        String missing() {
            if (this == ACCESS_KEY) {
                return prefix + "RZPUZDIKFJPRZE6X";
            }
            return prefix.isEmpty() ? "0dead0de-0000-4000-8000-00000dead000" : prefix + "-0dead0dead0dead00";
        }
    }

    /** Where an id stands in a request. */
    record Slot(String name, Kind kind, boolean inQuery) {

        /** Whether the account sees what it names in every region. */
        boolean isOfNoRegion() {
            return kind == Kind.SAVINGS_PLAN
                    || kind == Kind.ORGANIZATION
                    || kind == Kind.INVITATION
                    || kind == Kind.BUDGET
                    || kind == Kind.ACCESS_KEY;
        }
    }

    /** One operation; a request is made of it by saying which id stands in each slot. */
    record Operation(
            Service service,
            String method,
            String path,
            List<Slot> slots,
            @Nullable Body body) {

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** A request's body that holds these ids. */
    record Body(Set<String> slots, Template template) {}

    /** Makes a body, given the image of the region and the ids by the names of their slots. */
    interface Template {
        Object with(String imageId, UnaryOperator<String> id);
    }

    /** By the names that path, query and body give them. */
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("instanceId", Kind.INSTANCE),
            Map.entry("instanceIds", Kind.INSTANCE),
            Map.entry("reservationId", Kind.RESERVATION),
            Map.entry("groupId", Kind.SECURITY_GROUP),
            Map.entry("group", Kind.SECURITY_GROUP),
            Map.entry("securityGroupId", Kind.SECURITY_GROUP),
            Map.entry("securityGroupIds", Kind.SECURITY_GROUP),
            Map.entry("ruleId", Kind.RULE),
            Map.entry("prefixList", Kind.PREFIX_LIST),
            Map.entry("prefixListId", Kind.PREFIX_LIST),
            Map.entry("sourceImageId", Kind.IMAGE),
            Map.entry("keyPairId", Kind.KEY_PAIR),
            Map.entry("spotRequestId", Kind.SPOT_REQUEST),
            Map.entry("fleetId", Kind.FLEET),
            Map.entry("subnetId", Kind.SUBNET),
            Map.entry("vpcId", Kind.VPC),
            Map.entry("routeTableId", Kind.ROUTE_TABLE),
            Map.entry("gatewayId", Kind.INTERNET_GATEWAY),
            Map.entry("internetGatewayId", Kind.INTERNET_GATEWAY),
            Map.entry("egressOnlyInternetGatewayId", Kind.EGRESS_ONLY_INTERNET_GATEWAY),
            Map.entry("networkAclId", Kind.NETWORK_ACL),
            Map.entry("dhcpOptionsId", Kind.DHCP_OPTIONS),
            Map.entry("destinationPrefixListId", Kind.PREFIX_LIST),
            Map.entry("attachmentId", Kind.ATTACHMENT),
            Map.entry("networkInterfaceId", Kind.NETWORK_INTERFACE),
            Map.entry("allocationId", Kind.ELASTIC_ADDRESS),
            Map.entry("associationId", Kind.ELASTIC_ADDRESS_ASSOCIATION),
            Map.entry("scheduledInstanceId", Kind.SCHEDULED_INSTANCE),
            Map.entry("hostId", Kind.HOST),
            Map.entry("reservedInstancesId", Kind.RESERVED_INSTANCES),
            Map.entry("reservedInstancesIds", Kind.RESERVED_INSTANCES));

    /** By the part of the path before {@code {id}}. */
    private static final Map<String, Kind> COLLECTIONS = Map.ofEntries(
            Map.entry("instances", Kind.INSTANCE),
            Map.entry("security-groups", Kind.SECURITY_GROUP),
            Map.entry("prefix-lists", Kind.PREFIX_LIST),
            Map.entry("images", Kind.IMAGE),
            Map.entry("key-pairs", Kind.KEY_PAIR),
            Map.entry("spot-requests", Kind.SPOT_REQUEST),
            Map.entry("fleets", Kind.FLEET),
            Map.entry("subnets", Kind.SUBNET),
            Map.entry("network-interfaces", Kind.NETWORK_INTERFACE),
            Map.entry("addresses", Kind.ELASTIC_ADDRESS),
            Map.entry("vpcs", Kind.VPC),
            Map.entry("route-tables", Kind.ROUTE_TABLE),
            Map.entry("route-table-associations", Kind.ROUTE_TABLE_ASSOCIATION),
            Map.entry("internet-gateways", Kind.INTERNET_GATEWAY),
            Map.entry("egress-only-internet-gateways", Kind.EGRESS_ONLY_INTERNET_GATEWAY),
            Map.entry("network-acls", Kind.NETWORK_ACL),
            Map.entry("network-acl-associations", Kind.NETWORK_ACL_ASSOCIATION),
            Map.entry("dhcp-options", Kind.DHCP_OPTIONS),
            Map.entry("hosts", Kind.HOST),
            Map.entry("reserved-instances", Kind.RESERVED_INSTANCES),
            Map.entry("scheduled-instances", Kind.SCHEDULED_INSTANCE),
            Map.entry("modifications", Kind.MODIFICATION),
            Map.entry("listings", Kind.LISTING),
            Map.entry("savings-plans", Kind.SAVINGS_PLAN),
            Map.entry("organizations", Kind.ORGANIZATION),
            Map.entry("organization-invitations", Kind.INVITATION),
            Map.entry("budgets", Kind.BUDGET),
            Map.entry("access-keys", Kind.ACCESS_KEY));

    /** The catalog is everybody's; resets, dead letters, projections and price traces are the operators': their ids are no account's. */
    private static final Set<String> PUBLIC = Set.of(
            "/v1/accounts/{account}/reset",
            "/v1/instance-types/{type}",
            "/v1/reserved-instances/offerings/{id}",
            "/v1/dead-letters/{id}",
            "/v1/projections/{name}/rebuild",
            "/v1/spot-price-traces/{id}",
            "/v1/spot-price-traces/{id}/replays");

    /** Names that stand for nothing an account owns. */
    private static final Set<String> PLAIN =
            Set.of(("account action address addressFamily architecture at availabilityZone availabilityZoneGroup cidr"
                            + " clientToken cores count currentGeneration description destination destinationPort disableApiTermination duration family from fromPort gpus"
                            + " consumer topic key kind groupName icmpCode icmpType imageId instanceType interruptionBehavior keyName launchGroup"
                            + " allocationStrategy capacityRebalance eventType excessCapacityTerminationPolicy instancePoolsToUseCount launch"
                            + " maxTotalPrice minTargetCapacity onDemandOptions onDemandTargetCapacity overrides priority singleAvailabilityZone"
                            + " singleInstanceType startTime targetCapacity terminateInstances terminateInstancesWithExpiration"
                            + " terminationDelaySeconds weightedCapacity priceProtection onDemandMaxPricePercentageOverLowestPrice"
                            + " spotMaxPricePercentageOverLowestPrice maxSpotPriceAsPercentageOfOptimalOnDemandPrice"
                            + " localStorageGb market maxCount maxPrice maxResults memoryMib minCount month name nextToken os ownerId peer port"
                            + " offeringClass offeringId instanceCount purchaseTime planType commitmentHourly paymentOption termYears"
                            + " recurrence frequency interval occurrenceDays slotDurationInHours firstSlotStartTime purchases"
                            + " earliestTime latestTime"
                            + " marketplace limitPrice targetConfigurations targetOfferings priceSchedules price term"
                            + " keepBought lookbackDays portfolios reservedInstances savingsPlans"
                            + " placement protocol region rules sockets state tagKey tags tenancy toPort type until"
                            + " userData validFrom validUntil vcpus granularity groupBy scope format source"
                            + " costType dimension filter limit notifications thresholdPercent values and or not match caseSensitive"
                            + " privateIpAddresses secondaryPrivateIpAddressCount ipv6Address"
                            + " sourceDestCheck deleteOnTermination deviceIndex allowReassignment force networkInterfaces"
                            + " publicIp publicIpAddress allowReassociation status"
                            + " dedicatedHosts hostReservations capacityReservations upfront hourly scenario usage"
                            + " cidrBlock ipv6CidrBlock amazonProvidedIpv6CidrBlock cidrAssociationId isDefault defaultForAz"
                            + " maxEntries entries addEntries removeEntries currentVersion anyVersion previousVersion"
                            + " policy percent intervalSeconds traceId speed floor cap pools"
                            + " assignIpv6AddressOnCreation version privateIpAddress ipv6AddressCount ipv6Addresses"
                            + " targetCapacityUnitType regionName"
                            + " noReboot sourceRegion rootDeviceName isPublic addLaunchAccounts removeLaunchAccounts deprecationTime"
                            + " disabled keyType keyFormat publicKeyMaterial keyFingerprint"
                            + " requestType requestTags disableApiStop instanceInitiatedShutdownBehavior ebsOptimized enaSupport monitoring enabled"
                            + " creditSpecification cpuCredits cpuOptions coreCount threadsPerCore metadataOptions httpTokens"
                            + " httpPutResponseHopLimit httpEndpoint httpProtocolIpv6 instanceMetadataTags hibernationOptions"
                            + " configured hibernate enclaveOptions privateDnsNameOptions hostnameType"
                            + " enableResourceNameDnsARecord enableResourceNameDnsAAAARecord maintenanceOptions autoRecovery"
                            + " iamInstanceProfile arn networkInterfaceTags associatePublicIpAddress"
                            + " architectureTypes instanceRequirements vCpuCount memoryMiB memoryGiBPerVCpu min max cpuManufacturers"
                            + " excludedInstanceTypes allowedInstanceTypes instanceGenerations bareMetal burstablePerformance"
                            + " requireHibernateSupport networkInterfaceCount localStorage localStorageTypes totalLocalStorageGB"
                            + " baselineEbsBandwidthMbps acceleratorCount acceleratorManufacturers acceleratorNames"
                            + " acceleratorTotalMemoryMiB"
                            + " instanceTags launchOptions requestedAs"
                            + " instanceTenancy enableDnsSupport enableDnsHostnames enableNetworkAddressUsageMetrics"
                            + " mapPublicIpOnLaunch enableDns64 privateDnsHostnameTypeOnLaunch"
                            + " enableResourceNameDnsARecordOnLaunch enableResourceNameDnsAAAARecordOnLaunch"
                            + " destinationCidrBlock destinationIpv6CidrBlock main egress ruleNumber ruleAction"
                            + " portRange to icmpTypeCode code dhcpConfigurations"
                            + " effect actions"
                            + " dryRun statusCode seed noticeSeconds rebalanceSecondsBefore")
                    .split(" "));

    /** Their bodies bring a world of their own; ids in them are the request's. */
    private static final Set<String> WORLDS = Set.of(
            "POST /v1/clearings",
            "POST /v1/ratings",
            "POST /v1/evaluations",
            "POST /v1/flow-log-analyses",
            "POST /v1/spot-simulations");

    private static final Body IMAGE = new Body(
            Set.of("sourceImageId"),
            (image, id) -> Map.of("name", "probe", "sourceImageId", id.apply("sourceImageId")));

    /** Lists that read more of their query than their document says one by one. */
    private static final Map<String, List<String>> MORE_FILTERS = Map.of(
            "GET /v1/instances",
            List.of("instanceId", "reservationId", "subnetId", "vpcId", "spotRequestId", "securityGroupId"),
            "GET /v1/network-interfaces",
            List.of("networkInterfaceId", "subnetId", "vpcId", "securityGroupId", "instanceId", "attachmentId"),
            "GET /v1/key-pairs",
            List.of("keyPairId"),
            "GET /v1/addresses",
            List.of("allocationId", "associationId", "networkInterfaceId", "instanceId"));

    private static final Body ONE_RULE = new Body(
            Set.of("group", "prefixList"),
            (image, id) -> Map.of("rules", List.of(ruleOf("group", id), ruleOf("prefixList", id))));

    private static final Body MODIFIED_RULES = new Body(
            Set.of("ruleId", "group", "prefixList"),
            (image, id) -> Map.of(
                    "rules",
                    List.of(
                            Map.of(
                                    "ruleId",
                                    id.apply("ruleId"),
                                    "protocol",
                                    "all",
                                    "peer",
                                    Map.of("group", id.apply("group"))),
                            Map.of(
                                    "ruleId",
                                    id.apply("ruleId"),
                                    "protocol",
                                    "all",
                                    "peer",
                                    Map.of("prefixList", id.apply("prefixList"))))));

    private static final Body REVOKED_RULES = new Body(
            Set.of("ruleId", "group", "prefixList"),
            (image, id) -> Map.of(
                    "rules",
                    List.of(Map.of("ruleId", id.apply("ruleId")), ruleOf("group", id), ruleOf("prefixList", id))));

    private static final Body MODIFIED_RULE =
            new Body(Set.of("group", "prefixList"), (image, id) -> ruleOf("group", id));

    private static final Body TAGS = new Body(Set.of(), (image, id) -> Map.of("tags", Map.of("probe", "probe")));

    private static final Body OF_VPC = new Body(Set.of("vpcId"), (image, id) -> Map.of("vpcId", id.apply("vpcId")));

    /** One destination and one target, never more: the probe names a prefix list and an interface. */
    private static final Body ROUTE = new Body(
            Set.of("destinationPrefixListId", "networkInterfaceId"),
            (image, id) -> Map.of(
                    "destinationPrefixListId",
                    id.apply("destinationPrefixListId"),
                    "networkInterfaceId",
                    id.apply("networkInterfaceId")));

    private static final Body ENTRY = new Body(
            Set.of(),
            (image, id) -> Map.of(
                    "egress",
                    true,
                    "ruleNumber",
                    7,
                    "protocol",
                    "-1",
                    "ruleAction",
                    "deny",
                    "cidrBlock",
                    "10.0.0.0/8"));

    private static Map<String, Object> ruleOf(String peer, UnaryOperator<String> id) {
        return Map.of("protocol", "all", "peer", Map.of(peer, id.apply(peer)));
    }

    private static final Body EXCHANGE = new Body(
            Set.of("reservedInstancesIds"),
            (image, id) -> Map.of(
                    "reservedInstancesIds",
                    List.of(id.apply("reservedInstancesIds")),
                    "targetOfferings",
                    List.of(Map.of("offeringId", "none"))));

    private static final Map<String, Body> BODIES = Map.ofEntries(
            // Interfaces of a launch exclude a subnet of the launch: the probe names the subnet.
            Map.entry(
                    "POST /v1/instances",
                    new Body(
                            Set.of("subnetId", "securityGroupIds", "scheduledInstanceId", "networkInterfaceId"),
                            (image, id) -> Map.of(
                                    "imageId",
                                    image,
                                    "instanceType",
                                    "t2.micro",
                                    "scheduledInstanceId",
                                    id.apply("scheduledInstanceId"),
                                    "subnetId",
                                    id.apply("subnetId"),
                                    "securityGroupIds",
                                    List.of(id.apply("securityGroupIds"))))),
            Map.entry(
                    "PATCH /v1/instances/{id}",
                    new Body(
                            Set.of("securityGroupIds"),
                            (image, id) -> Map.of("securityGroupIds", List.of(id.apply("securityGroupIds"))))),
            Map.entry(
                    "POST /v1/instance-state-changes",
                    new Body(
                            Set.of("instanceIds"),
                            (image, id) ->
                                    Map.of("action", "reboot", "instanceIds", List.of(id.apply("instanceIds"))))),
            Map.entry(
                    "PATCH /v1/vpcs/{id}",
                    new Body(
                            Set.of("dhcpOptionsId"),
                            (image, id) -> Map.of("dhcpOptionsId", id.apply("dhcpOptionsId")))),
            Map.entry("PATCH /v1/route-tables/{id}", TAGS),
            Map.entry("PATCH /v1/internet-gateways/{id}", TAGS),
            Map.entry("PATCH /v1/egress-only-internet-gateways/{id}", TAGS),
            Map.entry("PATCH /v1/network-acls/{id}", TAGS),
            Map.entry("PATCH /v1/dhcp-options/{id}", TAGS),
            Map.entry("POST /v1/route-tables", OF_VPC),
            Map.entry("POST /v1/egress-only-internet-gateways", OF_VPC),
            Map.entry("POST /v1/network-acls", OF_VPC),
            Map.entry("POST /v1/internet-gateways/{id}/attachment", OF_VPC),
            Map.entry("POST /v1/route-tables/{id}/routes", ROUTE),
            Map.entry("PUT /v1/route-tables/{id}/routes", ROUTE),
            // A subnet or a gateway, never both: the probe names the subnet.
            Map.entry(
                    "POST /v1/route-tables/{id}/associations",
                    new Body(Set.of("subnetId", "gatewayId"), (image, id) -> Map.of("subnetId", id.apply("subnetId")))),
            Map.entry(
                    "PUT /v1/route-table-associations/{id}",
                    new Body(Set.of("routeTableId"), (image, id) -> Map.of("routeTableId", id.apply("routeTableId")))),
            Map.entry(
                    "PUT /v1/network-acl-associations/{id}",
                    new Body(Set.of("networkAclId"), (image, id) -> Map.of("networkAclId", id.apply("networkAclId")))),
            Map.entry("POST /v1/network-acls/{id}/entries", ENTRY),
            Map.entry("PUT /v1/network-acls/{id}/entries", ENTRY),
            Map.entry(
                    "POST /v1/vpcs/{id}/cidr-block-associations",
                    new Body(Set.of(), (image, id) -> Map.of("cidrBlock", "10.250.0.0/24"))),
            Map.entry(
                    "POST /v1/subnets",
                    new Body(
                            Set.of("vpcId"),
                            (image, id) -> Map.of("cidrBlock", "172.31.240.0/24", "vpcId", id.apply("vpcId")))),
            Map.entry(
                    "PATCH /v1/subnets/{id}", new Body(Set.of(), (image, id) -> Map.of("tags", Map.of("probe", "1")))),
            Map.entry(
                    "POST /v1/subnets/{id}/cidr-block-associations",
                    new Body(Set.of(), (image, id) -> Map.of("ipv6CidrBlock", "fd00:0:0:1::/64"))),
            Map.entry(
                    "PUT /v1/retired-security-groups/{groupId}",
                    new Body(Set.of("vpcId"), (image, id) -> Map.of("vpcId", id.apply("vpcId"), "version", 1))),
            Map.entry(
                    "POST /v1/network-interfaces",
                    new Body(
                            Set.of("subnetId", "securityGroupIds"),
                            (image, id) -> Map.of(
                                    "subnetId",
                                    id.apply("subnetId"),
                                    "securityGroupIds",
                                    List.of(id.apply("securityGroupIds"))))),
            Map.entry(
                    "PATCH /v1/network-interfaces/{id}",
                    new Body(
                            Set.of("securityGroupIds"),
                            (image, id) -> Map.of("securityGroupIds", List.of(id.apply("securityGroupIds"))))),
            Map.entry(
                    "POST /v1/network-interfaces/{id}/attachment",
                    new Body(
                            Set.of("instanceId"),
                            (image, id) -> Map.of("instanceId", id.apply("instanceId"), "deviceIndex", 1))),
            Map.entry(
                    "POST /v1/network-interfaces/{id}/private-addresses",
                    new Body(Set.of(), (image, id) -> Map.of("secondaryPrivateIpAddressCount", 1))),
            Map.entry(
                    "POST /v1/network-interfaces/{id}/ipv6-addresses",
                    new Body(Set.of(), (image, id) -> Map.of("ipv6AddressCount", 1))),
            Map.entry("POST /v1/images", IMAGE),
            Map.entry("PATCH /v1/images/{id}", TAGS),
            Map.entry("PATCH /v1/key-pairs/{id}", TAGS),
            Map.entry("PATCH /v1/reserved-instances/{id}", TAGS),
            Map.entry("PATCH /v1/savings-plans/{id}", TAGS),
            Map.entry("POST /v1/savings-plans/{id}/return", new Body(Set.of(), (image, id) -> Map.of())),
            Map.entry(
                    "PATCH /v1/addresses/{id}",
                    new Body(Set.of(), (image, id) -> Map.of("tags", Map.of("probe", "probe")))),
            // An instance or an interface, never both: the probe names the interface.
            Map.entry(
                    "POST /v1/addresses/{id}/association",
                    new Body(
                            Set.of("instanceId", "networkInterfaceId"),
                            (image, id) -> Map.of("networkInterfaceId", id.apply("networkInterfaceId")))),
            Map.entry(
                    "POST /v1/spot-requests",
                    new Body(
                            Set.of("subnetId", "securityGroupIds"),
                            (image, id) -> Map.of(
                                    "imageId",
                                    image,
                                    "instanceType",
                                    "t2.micro",
                                    "maxPrice",
                                    "0.0001",
                                    "subnetId",
                                    id.apply("subnetId"),
                                    "securityGroupIds",
                                    List.of(id.apply("securityGroupIds"))))),
            // Instances or a share of a fleet, never both: the probe names the instances.
            Map.entry(
                    "POST /v1/interruptions",
                    new Body(
                            Set.of("instanceIds"),
                            (image, id) -> Map.of("instanceIds", List.of(id.apply("instanceIds"))))),
            Map.entry(
                    "POST /v1/fleets",
                    new Body(
                            Set.of("subnetId", "securityGroupIds"),
                            (image, id) -> Map.of(
                                    "type",
                                    "request",
                                    "targetCapacity",
                                    1,
                                    "launch",
                                    Map.of("imageId", image, "securityGroupIds", List.of(id.apply("securityGroupIds"))),
                                    "overrides",
                                    List.of(Map.of(
                                            "instanceType",
                                            "t2.micro",
                                            "maxPrice",
                                            "0.0001",
                                            "subnetId",
                                            id.apply("subnetId")))))),
            Map.entry("PATCH /v1/fleets/{id}", new Body(Set.of(), (image, id) -> Map.of("targetCapacity", 2))),
            Map.entry(
                    "PATCH /v1/spot-requests/{id}",
                    new Body(Set.of(), (image, id) -> Map.of("tags", Map.of("probe", "probe")))),
            Map.entry(
                    "POST /v1/security-groups",
                    new Body(
                            Set.of("vpcId"),
                            (image, id) ->
                                    Map.of("name", "probe", "description", "probe", "vpcId", id.apply("vpcId")))),
            Map.entry("PATCH /v1/access-keys/{id}", new Body(Set.of(), (image, id) -> Map.of("status", "Inactive"))),
            Map.entry("POST /v1/security-groups/{id}/ingress-rules", ONE_RULE),
            Map.entry("POST /v1/security-groups/{id}/egress-rules", ONE_RULE),
            Map.entry("PUT /v1/security-groups/{id}/ingress-rules/{ruleId}", MODIFIED_RULE),
            Map.entry("PUT /v1/security-groups/{id}/egress-rules/{ruleId}", MODIFIED_RULE),
            Map.entry("PATCH /v1/security-groups/{id}/ingress-rules/{ruleId}", TAGS),
            Map.entry("PATCH /v1/security-groups/{id}/egress-rules/{ruleId}", TAGS),
            Map.entry("POST /v1/security-groups/{id}/ingress-rules/modifications", MODIFIED_RULES),
            Map.entry("POST /v1/security-groups/{id}/egress-rules/modifications", MODIFIED_RULES),
            Map.entry("POST /v1/security-groups/{id}/rules/modifications", MODIFIED_RULES),
            Map.entry("POST /v1/security-groups/{id}/ingress-rules/descriptions", REVOKED_RULES),
            Map.entry("POST /v1/security-groups/{id}/egress-rules/descriptions", REVOKED_RULES),
            Map.entry("PATCH /v1/security-group-rules/{ruleId}", TAGS),
            Map.entry(
                    "POST /v1/prefix-lists/{id}/restorations",
                    new Body(Set.of(), (image, id) -> Map.of("previousVersion", 1, "currentVersion", 1))),
            Map.entry("POST /v1/security-groups/{id}/ingress-rules/revocations", REVOKED_RULES),
            Map.entry("POST /v1/security-groups/{id}/egress-rules/revocations", REVOKED_RULES),
            Map.entry("PATCH /v1/security-groups/{id}", TAGS),
            Map.entry("PATCH /v1/prefix-lists/{id}", TAGS),
            Map.entry(
                    "POST /v1/reachability",
                    new Body(
                            Set.of("instanceId", "networkInterfaceId", "vpcId"),
                            (image, id) -> Map.of(
                                    "source",
                                    Map.of("address", "198.51.100.7"),
                                    "destination",
                                    Map.of(
                                            "instanceId",
                                            id.apply("instanceId"),
                                            "networkInterfaceId",
                                            id.apply("networkInterfaceId")),
                                    "vpcId",
                                    id.apply("vpcId"),
                                    "protocol",
                                    "tcp",
                                    "destinationPort",
                                    443))),
            Map.entry(
                    "POST /v1/organizations/{id}/invitations",
                    new Body(Set.of(), (image, id) -> Map.of("account", "688888888888"))),
            Map.entry(
                    "POST /v1/reserved-instances/modifications",
                    new Body(
                            Set.of("reservedInstancesIds"),
                            (image, id) -> Map.of(
                                    "reservedInstancesIds",
                                    List.of(id.apply("reservedInstancesIds")),
                                    "targetConfigurations",
                                    List.of(Map.of(
                                            "scope", "region", "instanceType", "t2.micro", "instanceCount", 1))))),
            Map.entry("POST /v1/reserved-instances/exchange-quotes", EXCHANGE),
            Map.entry("POST /v1/reserved-instances/exchanges", EXCHANGE),
            Map.entry(
                    "POST /v1/reserved-instances/listings",
                    new Body(
                            Set.of("reservedInstancesId"),
                            (image, id) -> Map.of(
                                    "reservedInstancesId", id.apply("reservedInstancesId"), "instanceCount", 1))),
            Map.entry(
                    "PUT /v1/budgets/{id}",
                    new Body(
                            Set.of(),
                            (image, id) -> Map.of(
                                    "name",
                                    "probe",
                                    "limit",
                                    "1",
                                    "notifications",
                                    List.of(Map.of("type", "actual", "thresholdPercent", 100))))));

    /** Nothing in their bodies belongs to an account. */
    private static final Set<String> NOBODYS = Set.of(
            "POST /v1/hosts",
            "POST /v1/instance-type-matches",
            "PATCH /v1/instance-metadata-defaults",
            "POST /v1/addresses",
            "POST /v1/key-pairs",
            "POST /v1/vpcs",
            "POST /v1/internet-gateways",
            "POST /v1/dhcp-options",
            "POST /v1/subnets/default",
            "POST /v1/prefix-lists",
            "POST /v1/clock",
            "POST /v1/dead-letters/replay",
            "POST /v1/reserved-instances",
            "POST /v1/scheduled-instances",
            "POST /v1/scheduled-instances/purchases",
            "POST /v1/savings-plans",
            "POST /v1/budgets",
            "POST /v1/access-keys",
            "POST /v1/what-ifs",
            "PUT /v1/spot-pools/{availabilityZone}/{instanceType}/{os}",
            "POST /v1/spot-price-traces",
            "POST /v1/spot-price-traces/{id}/replays",
            "POST /v1/cost-reports",
            "POST /v1/cost-reports/utilization",
            "POST /v1/cost-reports/coverage",
            "POST /v1/cost-reports/tags",
            "POST /v1/recommendations");

    /**
     * What is said instead of something that the probe says, and is tried elsewhere: a fleet by InterruptionsTest, an instance that
     * an image is made of by ImagesTest, other targets of routes by VpcPartsTest.
     */
    private static final Set<String> INSTEAD = Set.of(
            "fleetId in the body of POST /v1/interruptions",
            "instanceId in the body of POST /v1/images",
            "gatewayId in the body of POST /v1/route-tables/{id}/routes",
            "egressOnlyInternetGatewayId in the body of POST /v1/route-tables/{id}/routes",
            "instanceId in the body of POST /v1/route-tables/{id}/routes",
            "gatewayId in the body of PUT /v1/route-tables/{id}/routes",
            "egressOnlyInternetGatewayId in the body of PUT /v1/route-tables/{id}/routes",
            "instanceId in the body of PUT /v1/route-tables/{id}/routes");

    /** The operators', and in local mode everybody's: its account is no secret. */
    private static final String RESET = "/_cumulet/reset";

    private static final Pattern PATH_PARAMETER = Pattern.compile("([^/]+)/\\{([^}]+)}");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "head", "options");

    private final List<Operation> known = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    private Operations() {}

    /** @throws AssertionError if a document holds something that nobody has thought about yet */
    static List<Operation> of(StackApi api) {
        Operations operations = new Operations();
        for (Service service : Service.values()) {
            operations.read(service, api.get(service, "/q/openapi?format=json"));
        }
        if (!operations.unknown.isEmpty()) {
            throw new AssertionError(
                    "The test of other accounts' ids doesn't know what these are; say so in Operations: "
                            + String.join("; ", operations.unknown));
        }
        return List.copyOf(operations.known);
    }

    private void read(Service service, JsonNode document) {
        document.path("paths").properties().forEach(path -> {
            if (path.getKey().equals(RESET)) {
                return;
            }
            if (!path.getKey().startsWith("/v1/")) {
                unknown.add(service + " " + path.getKey());
                return;
            }
            path.getValue().properties().stream()
                    .filter(entry -> METHODS.contains(entry.getKey()))
                    .forEach(entry -> read(
                            service,
                            document,
                            entry.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                            entry.getValue(),
                            path.getValue().path("parameters")));
        });
    }

    private void read(Service service, JsonNode document, String name, JsonNode operation, JsonNode shared) {
        String path = name.substring(name.indexOf(' ') + 1);
        List<Slot> slots = new ArrayList<>();
        if (!PUBLIC.contains(path)) {
            for (MatchResult match : PATH_PARAMETER.matcher(path).results().toList()) {
                String parameter = match.group(2);
                Kind kind = parameter.equals("id") ? COLLECTIONS.get(match.group(1)) : KINDS.get(parameter);
                if (kind != null) {
                    slots.add(new Slot(parameter, kind, false));
                } else if (!PLAIN.contains(parameter)) {
                    unknown.add("{" + parameter + "} of " + name);
                }
            }
        }
        Set<String> query = new LinkedHashSet<>(MORE_FILTERS.getOrDefault(name, List.of()));
        for (JsonNode list : List.of(operation.path("parameters"), shared)) {
            list.valueStream()
                    .filter(parameter -> parameter.path("in").asText().equals("query"))
                    .forEach(parameter -> query.add(parameter.path("name").asText()));
        }
        for (String parameter : query) {
            if (KINDS.containsKey(parameter)) {
                slots.add(new Slot(parameter, KINDS.get(parameter), true));
            } else if (!PLAIN.contains(parameter)) {
                unknown.add("?" + parameter + " of " + name);
            }
        }
        Body body = body(document, name, operation);
        if (body != null) {
            body.slots().forEach(slot -> slots.add(new Slot(slot, KINDS.get(slot), false)));
        }
        known.add(new Operation(service, name.substring(0, name.indexOf(' ')), path, List.copyOf(slots), body));
    }

    private @Nullable Body body(JsonNode document, String name, JsonNode operation) {
        if (!operation.has("requestBody") || WORLDS.contains(name)) {
            return null;
        }
        Body body = NOBODYS.contains(name) ? new Body(Set.of(), (image, id) -> Map.of()) : BODIES.get(name);
        if (body == null) {
            unknown.add("the body of " + name);
            return null;
        }
        Set<String> properties = new TreeSet<>();
        operation
                .path("requestBody")
                .path("content")
                .forEach(content -> collect(document, content.path("schema"), properties));
        for (String property : properties) {
            String place = property + " in the body of " + name;
            if (INSTEAD.contains(place)) {
                continue;
            }
            if (KINDS.containsKey(property) ? !body.slots().contains(property) : !PLAIN.contains(property)) {
                unknown.add(place);
            }
        }
        return body;
    }

    /** Names of properties, at any depth. */
    private static void collect(JsonNode document, JsonNode schema, Set<String> properties) {
        if (schema.has("$ref")) {
            collect(document, document.at(schema.path("$ref").asText().substring(1)), properties);
        }
        schema.path("properties").properties().forEach(property -> {
            if (properties.add(property.getKey())) {
                collect(document, property.getValue(), properties);
            }
        });
        collectAll(document, schema.path("allOf"), properties);
        collectAll(document, schema.path("anyOf"), properties);
        collectAll(document, schema.path("oneOf"), properties);
        if (schema.has("items")) {
            collect(document, schema.path("items"), properties);
        }
    }

    private static void collectAll(JsonNode document, JsonNode schemas, Set<String> properties) {
        schemas.forEach(schema -> collect(document, schema, properties));
    }
}
