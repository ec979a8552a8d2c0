package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.contract.SubnetSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.contract.VpcSnapshot;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** VPCs and subnets as their owners see them. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class VpcsTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();
    private final String defaultVpc = DefaultNetwork.vpcId(new AccountId(account), Region.DEFAULT);

    private static String defaultSubnet(String account, String zone) {
        return DefaultNetwork.subnetId(new AccountId(account), new AvailabilityZone(zone));
    }

    private ValidatableResponse create(Map<String, Object> body) {
        return as(account).body(body).post("/v1/vpcs").then();
    }

    private String vpc(String block) {
        return create(Map.of("cidrBlock", block)).statusCode(201).extract().path("vpcId");
    }

    private ValidatableResponse subnet(String vpc, String block, Object... more) {
        Map<String, Object> body = new HashMap<>(Map.of("vpcId", vpc, "cidrBlock", block));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return as(account).body(body).post("/v1/subnets").then();
    }

    private static String withDigits(String ipv6Vpc, String lastTwo) {
        // fd7e:c2:AABB:CCdd::/56 holds fd7e:c2:AABB:CC00 to CCff.
        String network = ipv6Vpc.substring(0, ipv6Vpc.indexOf('/'));
        String[] groups = network.replace("::", "").split(":");
        String fourth = groups.length > 3 ? groups[3] : "0";
        int value = Integer.parseInt(fourth, 16) | Integer.parseInt(lastTwo, 16);
        return groups[0] + ":" + groups[1] + ":" + (groups.length > 2 ? groups[2] : "0") + ":"
                + Integer.toHexString(value) + "::/64";
    }

    @Test
    void aVpcIsMadeChangedAndDeletedAndEachIsAnEvent() {
        String id = create(Map.of("cidrBlock", "10.7.9.1/16", "tags", Map.of("stage", "test")))
                .statusCode(201)
                .body("vpcId", matchesPattern("vpc-[0-9a-f]{17}"))
                .body("cidrBlock", equalTo("10.7.0.0/16"))
                .body("isDefault", equalTo(false))
                .body("state", equalTo("available"))
                .body("ipv6CidrBlock", nullValue())
                .extract()
                .path("vpcId");
        Map<String, Object> tags = new HashMap<>();
        tags.put("stage", null);
        tags.put("Name", "mine");
        as(account)
                .body(Map.of("tags", tags))
                .patch("/v1/vpcs/{id}", id)
                .then()
                .statusCode(200)
                .body("tags", equalTo(Map.of("Name", "mine")));
        // Nothing new is no change.
        as(account)
                .body(Map.of("tags", Map.of("Name", "mine")))
                .patch("/v1/vpcs/{id}", id)
                .then()
                .statusCode(200)
                .body("version", equalTo(2));
        as(account).delete("/v1/vpcs/{id}", id).then().statusCode(204);
        isRefused(as(account).get("/v1/vpcs/{id}", id).then(), 404, "InvalidVpcID.NotFound", "vpcId");

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            List<Stack.Told> told = stack.told(Topic.NETWORKS_VPCS, id);
            assertThat(told.stream().map(Stack.Told::type))
                    .containsExactly("vpc.created", "vpc.changed", "vpc.deleted");
            assertThat(told.stream().map(Stack.Told::version)).containsExactly(1L, 2L, 3L);
            assertThat(told.getLast().body(VpcSnapshot.class).tags()).isEqualTo(Map.of("Name", "mine"));
        });
    }

    @Test
    void whatCannotBeAVpcIsRefused() {
        isRefused(create(Map.of()), 400, "MissingParameter", "cidrBlock");
        isRefused(create(Map.of("cidrBlock", "10.0.0.0/8")), 400, "InvalidVpc.Range", "cidrBlock");
        for (String reserved : List.of(
                "0.1.0.0/16", "127.0.0.0/16", "169.254.0.0/16", "169.254.7.0/24", "224.0.0.0/16", "255.255.0.0/16")) {
            isRefused(create(Map.of("cidrBlock", reserved)), 400, "InvalidVpc.Range", "cidrBlock");
        }
        isRefused(create(Map.of("cidrBlock", "everything")), 400, "InvalidParameterValue", "cidrBlock");
        isRefused(
                create(Map.of("cidrBlock", "10.0.0.0/16", "tags", Map.of("aws:x", "y"))),
                400,
                "InvalidParameterValue",
                "tags");
        isRefused(create(Map.of("cidrBlock", "10.0.0.0/16", "colour", "red")), 400, "UnknownParameter", "colour");
        as(account).get("/v1/vpcs").then().body("vpcs", hasSize(1)).body("vpcs[0].vpcId", equalTo(defaultVpc));
    }

    @Test
    void aTokenMakesOneVpcAndTheLimitHoldsHoweverManyAskAtOnce() throws Exception {
        Map<String, Object> wish =
                Map.of("cidrBlock", "10.0.0.0/16", "clientToken", "t", "amazonProvidedIpv6CidrBlock", true);
        Set<String> ids = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 16; i++) {
                boolean withToken = i % 2 == 0;
                threads.submit(() -> withToken
                        ? ids.add(create(wish).statusCode(201).extract().path("vpcId"))
                        : create(Map.of("cidrBlock", "10.0.0.0/16")).extract().statusCode());
            }
        }
        // One of those with the token may have come too late; then none was made with it.
        assertThat(ids).hasSizeLessThanOrEqualTo(1);
        as(account).get("/v1/vpcs").then().body("vpcs", hasSize(5));
        isRefused(create(Map.of("cidrBlock", "10.0.0.0/16")), 409, "VpcLimitExceeded");
        if (!ids.isEmpty()) {
            create(wish).statusCode(201).body("vpcId", equalTo(ids.iterator().next()));
            isRefused(
                    create(Map.of("cidrBlock", "10.0.0.0/17", "clientToken", "t")),
                    409,
                    "IdempotentParameterMismatch",
                    "clientToken");
        }
    }

    @Test
    void listsArePagedAndFiltered() {
        String tagged = create(Map.of("cidrBlock", "10.0.0.0/16", "tags", Map.of("role", "web")))
                .extract()
                .path("vpcId");
        String other = vpc("10.1.0.0/16");
        Set<String> seen = new HashSet<>();
        String token = null;
        do {
            var request = as(account).queryParam("maxResults", 2);
            if (token != null) {
                request.queryParam("nextToken", token);
            }
            var page = request.get("/v1/vpcs").then().statusCode(200).extract();
            List<String> ids = page.path("vpcs.vpcId");
            assertThat(ids).isSorted();
            seen.addAll(ids);
            token = page.path("nextToken");
        } while (token != null);
        assertThat(seen).containsExactlyInAnyOrder(defaultVpc, tagged, other);

        Map<String, List<String>> filters = Map.of(
                "tag:role=web",
                List.of(tagged),
                "tagKey=role",
                List.of(tagged),
                "isDefault=true",
                List.of(defaultVpc),
                "isDefault=false",
                List.of(tagged, other),
                "cidrBlock=10.1.0.0/16",
                List.of(other),
                "vpcId=" + other,
                List.of(other),
                "state=pending",
                List.of(),
                "ipv6CidrBlock=fd00::/56",
                List.of());
        filters.forEach((filter, expected) -> as(account)
                .get("/v1/vpcs?" + filter)
                .then()
                .statusCode(200)
                .body("vpcs.vpcId", containsInAnyOrder(expected.toArray())));
        isRefused(
                as(account).get("/v1/vpcs?vpcId=" + ResourceKind.VPC.newId()).then(),
                404,
                "InvalidVpcID.NotFound",
                "vpcId");
        isRefused(as(account).get("/v1/vpcs?cidrBlock=x").then(), 400, "InvalidParameterValue", "cidrBlock");
    }

    @Test
    void anotherAccountsOrRegionsVpcLooksLikeNone() {
        String id = vpc("10.0.0.0/16");
        String subnet = subnet(id, "10.0.0.0/24").statusCode(201).extract().path("subnetId");
        String stranger = Stack.newAccount();
        for (String region : List.of("us-east-1", "eu-west-1")) {
            String caller = region.equals("us-east-1") ? stranger : account;
            isRefused(
                    as(caller).get("/v1/vpcs/{id}?region=" + region, id).then(), 404, "InvalidVpcID.NotFound", "vpcId");
            isRefused(
                    as(caller).get("/v1/subnets/{id}?region=" + region, subnet).then(),
                    404,
                    "InvalidSubnetID.NotFound",
                    "subnetId");
        }
        isRefused(as(stranger).delete("/v1/vpcs/{id}", id).then(), 404, "InvalidVpcID.NotFound", "vpcId");
        isRefused(as(stranger).delete("/v1/subnets/{id}", subnet).then(), 404, "InvalidSubnetID.NotFound", "subnetId");
        isRefused(
                as(stranger)
                        .body(Map.of("vpcId", id, "cidrBlock", "10.0.1.0/24"))
                        .post("/v1/subnets")
                        .then(),
                404,
                "InvalidVpcID.NotFound",
                "vpcId");
        isRefused(
                launch(stranger, launchOf("t2.nano", "subnetId", subnet)), 404, "InvalidSubnetID.NotFound", "subnetId");
    }

    @Test
    void blocksComeAndGo() {
        String id = vpc("10.0.0.0/24");
        isRefused(associate(id, "cidrBlock", "10.0.0.128/28"), 409, "InvalidVpc.Conflict", "cidrBlock");
        String secondary = associate(id, "cidrBlock", "10.0.1.0/24")
                .statusCode(201)
                .body("cidrBlocks", equalTo(List.of("10.0.0.0/24", "10.0.1.0/24")))
                .extract()
                .path("cidrBlockAssociations[1].associationId");
        String inside = subnet(id, "10.0.1.0/28").statusCode(201).extract().path("subnetId");
        isRefused(disassociate(id, secondary), 409, "DependencyViolation");
        as(account).delete("/v1/subnets/{id}", inside).then().statusCode(204);
        disassociate(id, secondary).statusCode(200).body("cidrBlocks", equalTo(List.of("10.0.0.0/24")));
        isRefused(disassociate(id, secondary), 404, "InvalidVpcCidrBlockAssociationID.NotFound");
        for (int i = 1; i <= 4; i++) {
            associate(id, "cidrBlock", "10.0." + i + ".0/24").statusCode(201);
        }
        isRefused(associate(id, "cidrBlock", "10.0.9.0/24"), 409, "CidrLimitExceeded");
    }

    private ValidatableResponse associate(String vpc, String field, Object value) {
        return as(account)
                .body(Map.of(field, value))
                .post("/v1/vpcs/{id}/cidr-block-associations", vpc)
                .then();
    }

    private ValidatableResponse disassociate(String vpc, String association) {
        return as(account)
                .delete("/v1/vpcs/{id}/cidr-block-associations/{association}", vpc, association)
                .then();
    }

    @Test
    void ipv6BlocksAreOneVpcsEachAndGivenBack() {
        String id = vpc("10.0.0.0/16");
        String block = associate(id, "amazonProvidedIpv6CidrBlock", true)
                .statusCode(201)
                .body("ipv6CidrBlock", matchesPattern("fd7e:c2:.*/56"))
                .extract()
                .path("ipv6CidrBlock");
        String other = create(Map.of("cidrBlock", "10.0.0.0/16", "amazonProvidedIpv6CidrBlock", true))
                .statusCode(201)
                .extract()
                .path("ipv6CidrBlock");
        assertThat(other).isNotEqualTo(block);
        isRefused(associate(id, "amazonProvidedIpv6CidrBlock", true), 409, "CidrLimitExceeded");

        String first = withDigits(block, "1");
        isRefused(subnet(id, "10.0.0.0/24", "ipv6CidrBlock", block), 400, "InvalidSubnet.Range", "ipv6CidrBlock");
        isRefused(subnet(id, "10.0.0.0/24", "ipv6CidrBlock", "fd00::/64"), 400, "InvalidSubnet.Range", "ipv6CidrBlock");
        String one = subnet(id, "10.0.0.0/24", "ipv6CidrBlock", first)
                .statusCode(201)
                .body("ipv6CidrBlock", equalTo(first))
                .extract()
                .path("subnetId");
        String two = subnet(id, "10.0.1.0/24").statusCode(201).extract().path("subnetId");
        isRefused(
                as(account)
                        .body(Map.of("assignIpv6AddressOnCreation", true))
                        .patch("/v1/subnets/{id}", two)
                        .then(),
                400,
                "InvalidParameterValue",
                "assignIpv6AddressOnCreation");
        isRefused(associateSubnet(two, first), 409, "InvalidSubnet.Conflict", "ipv6CidrBlock");
        String association = associateSubnet(two, withDigits(block, "2"))
                .statusCode(201)
                .extract()
                .path("ipv6CidrBlockAssociations[0].associationId");
        as(account)
                .body(Map.of("assignIpv6AddressOnCreation", true))
                .patch("/v1/subnets/{id}", two)
                .then()
                .statusCode(200)
                .body("assignIpv6AddressOnCreation", equalTo(true))
                .body("version", equalTo(3));
        as(account)
                .delete("/v1/subnets/{id}/cidr-block-associations/{association}", two, association)
                .then()
                .statusCode(200)
                .body("ipv6CidrBlock", nullValue())
                .body("assignIpv6AddressOnCreation", equalTo(false));
        String ofVpc = as(account)
                .get("/v1/vpcs/{id}", id)
                .then()
                .extract()
                .path("cidrBlockAssociations.find { it.cidrBlock == '" + block + "' }.associationId");
        isRefused(disassociate(id, ofVpc), 409, "DependencyViolation");
        as(account).delete("/v1/subnets/{id}", one).then().statusCode(204);
        disassociate(id, ofVpc).statusCode(200).body("ipv6CidrBlock", nullValue());
        associate(id, "amazonProvidedIpv6CidrBlock", true).statusCode(201);
    }

    private ValidatableResponse associateSubnet(String subnet, String block) {
        return as(account)
                .body(Map.of("ipv6CidrBlock", block))
                .post("/v1/subnets/{id}/cidr-block-associations", subnet)
                .then();
    }

    @Test
    void aSubnetLiesInItsVpcBesideTheOthers() {
        String id = vpc("10.0.0.0/16");
        isRefused(subnet(id, "10.1.0.0/24"), 400, "InvalidSubnet.Range", "cidrBlock");
        isRefused(subnet(id, "10.0.0.0/29"), 400, "InvalidSubnet.Range", "cidrBlock");
        isRefused(subnet(ResourceKind.VPC.newId(), "10.0.0.0/24"), 404, "InvalidVpcID.NotFound", "vpcId");
        isRefused(
                subnet(id, "10.0.0.0/24", "availabilityZone", "eu-west-1a"),
                400,
                "InvalidParameterValue",
                "availabilityZone");
        String made = subnet(id, "10.0.0.0/24", "availabilityZone", "us-east-1b", "clientToken", "s")
                .statusCode(201)
                .body("availableIpAddressCount", equalTo(251))
                .body("availabilityZone", equalTo("us-east-1b"))
                .body("defaultForAz", equalTo(false))
                .extract()
                .path("subnetId");
        subnet(id, "10.0.0.0/24", "availabilityZone", "us-east-1b", "clientToken", "s")
                .statusCode(201)
                .body("subnetId", equalTo(made));
        isRefused(subnet(id, "10.0.0.128/25"), 409, "InvalidSubnet.Conflict", "cidrBlock");
        isRefused(as(account).delete("/v1/vpcs/{id}", id).then(), 409, "DependencyViolation");
        as(account)
                .body(Map.of("tags", Map.of("tier", "front")))
                .patch("/v1/subnets/{id}", made)
                .then()
                .statusCode(200)
                .body("tags.tier", equalTo("front"))
                .body("version", equalTo(2));
        as(account)
                .body(Map.of("tags", Map.of("tier", "front"), "assignIpv6AddressOnCreation", false))
                .patch("/v1/subnets/{id}", made)
                .then()
                .statusCode(200)
                .body("version", equalTo(2));
        for (String filter : List.of(
                "vpcId=" + id, "tag:tier=front", "tagKey=tier", "cidrBlock=10.0.0.0/24", "defaultForAz=false")) {
            as(account).get("/v1/subnets?" + filter).then().body("subnets.subnetId", equalTo(List.of(made)));
        }
        isRefused(
                as(account)
                        .get("/v1/subnets?subnetId=" + ResourceKind.SUBNET.newId())
                        .then(),
                404,
                "InvalidSubnetID.NotFound",
                "subnetId");
        as(account).delete("/v1/subnets/{id}", made).then().statusCode(204);
        as(account).delete("/v1/vpcs/{id}", id).then().statusCode(204);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            List<Stack.Told> told = stack.told(Topic.NETWORKS_VPCS, made);
            assertThat(told.stream().map(Stack.Told::type))
                    .containsExactly("subnet.created", "subnet.changed", "subnet.deleted");
            assertThat(told.getLast().body(SubnetSnapshot.class).vpcId()).isEqualTo(id);
        });
    }

    @Test
    void ofOverlappingSubnetsMadeAtOnceOneIsMade() throws Exception {
        String id = vpc("10.0.0.0/16");
        List<Integer> statuses = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 16; i++) {
                // From /20 to /27, all of them with 10.0.0.0 in it.
                String block = "10.0.0.0/" + (20 + i % 8);
                String zone = "us-east-1" + "abc".charAt(i % 3);
                threads.submit(() -> statuses.add(
                        subnet(id, block, "availabilityZone", zone).extract().statusCode()));
            }
        }
        assertThat(statuses).hasSize(16).containsOnlyOnce(201);
        assertThat(statuses.stream().filter(status -> status == 409)).hasSize(15);
        as(account).get("/v1/subnets?vpcId=" + id).then().body("subnets", hasSize(1));
    }

    @Test
    void aVpcWithASecurityGroupOfItsOwnStays() {
        String id = vpc("10.0.0.0/16");
        String group = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(group, account);
        FirewallFake.vpcs.put(group, id);
        isRefused(as(account).delete("/v1/vpcs/{id}", id).then(), 409, "DependencyViolation");
        FirewallFake.away = true;
        try {
            isRefused(as(account).delete("/v1/vpcs/{id}", id).then(), 503, "Unavailable");
        } finally {
            FirewallFake.away = false;
        }
        FirewallFake.groups.remove(group);
        as(account).delete("/v1/vpcs/{id}", id).then().statusCode(204);
    }

    @Test
    void theDefaultVpcCanBeDeletedAndMadeAnew() {
        isRefused(as(account).post("/v1/vpcs/default").then(), 409, "DefaultVpcAlreadyExists");
        String subnet = defaultSubnet(account, "us-east-1b");
        isRefused(
                as(account)
                        .body(Map.of("availabilityZone", "us-east-1b"))
                        .post("/v1/subnets/default")
                        .then(),
                409,
                "DefaultSubnetAlreadyExistsInAvailabilityZone",
                "availabilityZone");
        isRefused(as(account).delete("/v1/vpcs/{id}", defaultVpc).then(), 409, "DependencyViolation");

        as(account).delete("/v1/subnets/{id}", subnet).then().statusCode(204);
        isRefused(
                launch(account, launchOf("t2.nano", "placement", Map.of("availabilityZone", "us-east-1b"))),
                404,
                "VPCIdNotSpecified",
                "subnetId");
        isRefused(
                launch(account, launchOf("t2.nano", "subnetId", subnet)), 404, "InvalidSubnetID.NotFound", "subnetId");
        // Somebody takes its place meanwhile.
        subnet(defaultVpc, "172.31.17.0/24").statusCode(201);
        as(account)
                .body(Map.of("availabilityZone", "us-east-1b"))
                .post("/v1/subnets/default")
                .then()
                .statusCode(201)
                .body("subnetId", equalTo(subnet))
                .body("version", equalTo(3))
                .body("cidrBlock", equalTo("172.31.96.0/20"));
        launch(account, launchOf("t2.nano", "placement", Map.of("availabilityZone", "us-east-1b"), "minCount", 1))
                .statusCode(201)
                .body("instances[0].privateIpAddress", equalTo("172.31.96.4"));
    }

    @Test
    void withoutADefaultVpcALaunchNeedsASubnet() {
        List<String> subnets = as(account).get("/v1/subnets").then().extract().path("subnets.subnetId");
        assertThat(subnets).hasSize(6);
        subnets.forEach(id -> as(account).delete("/v1/subnets/{id}", id).then().statusCode(204));
        String gateway =
                as(account).get("/v1/internet-gateways").then().extract().path("internetGateways[0].internetGatewayId");
        isRefused(as(account).delete("/v1/vpcs/{id}", defaultVpc).then(), 409, "DependencyViolation");
        as(account)
                .delete("/v1/internet-gateways/{id}/attachment?vpcId={vpc}", gateway, defaultVpc)
                .then()
                .statusCode(200);
        as(account).delete("/v1/vpcs/{id}", defaultVpc).then().statusCode(204);
        as(account).get("/v1/vpcs").then().body("vpcs", hasSize(0));
        isRefused(launch(account, launchOf("t2.nano")), 404, "VPCIdNotSpecified", "subnetId");
        String group = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(group, account);
        isRefused(
                launch(account, launchOf("t2.nano", "securityGroupIds", List.of(group))),
                404,
                "VPCIdNotSpecified",
                "subnetId");
        isRefused(
                as(account)
                        .body(Map.of("availabilityZone", "us-east-1b"))
                        .post("/v1/subnets/default")
                        .then(),
                404,
                "DefaultVpcDoesNotExist");

        as(account)
                .post("/v1/vpcs/default")
                .then()
                .statusCode(201)
                .body("vpcId", equalTo(defaultVpc))
                .body("version", equalTo(3))
                .body("cidrBlock", equalTo("172.31.0.0/16"));
        as(account).get("/v1/subnets").then().body("subnets.subnetId", equalTo(subnets));
        launch(account, launchOf("t2.nano")).statusCode(201);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(stack.told(Topic.NETWORKS_VPCS, defaultVpc).stream().map(Stack.Told::type))
                    .containsExactly("vpc.created", "vpc.deleted", "vpc.created");
            assertThat(stack.told(Topic.NETWORKS_VPCS, subnets.getFirst()).stream()
                            .map(Stack.Told::version))
                    .containsExactly(1L, 2L, 3L);
        });
    }
}
