package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Route tables, gateways, network ACLs and DHCP options as the owners of VPCs see them. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class VpcPartsTest {

    private final String account = Stack.newAccount();

    private JsonPath get(String path) {
        return as(account).get(path).then().statusCode(200).extract().jsonPath();
    }

    private ValidatableResponse post(String path, Map<String, Object> body) {
        return as(account).body(body).post(path).then();
    }

    private ValidatableResponse delete(String path) {
        return as(account).delete(path).then();
    }

    private String made(String path, Map<String, Object> body, String id) {
        return post(path, body).statusCode(201).extract().path(id);
    }

    private String vpc() {
        return made("/v1/vpcs", Map.of("cidrBlock", "10.0.0.0/16"), "vpcId");
    }

    private String subnet(String vpc) {
        return made("/v1/subnets", Map.of("vpcId", vpc, "cidrBlock", "10.0.1.0/24"), "subnetId");
    }

    @Test
    void theDefaultVpcHasAWayToTheInternetFromTheFirstLookAndAfterItIsMadeAnew() {
        for (int round = 0; round < 2; round++) {
            JsonPath table = get("/v1/route-tables");
            String gateway = get("/v1/internet-gateways").getString("internetGateways[0].internetGatewayId");
            String vpc = get("/v1/internet-gateways").getString("internetGateways[0].attachments[0].vpcId");
            assertThat(table.getList("routeTables")).hasSize(1);
            assertThat(table.getString("routeTables[0].vpcId")).isEqualTo(vpc);
            assertThat(table.getList("routeTables[0].routes.gatewayId")).containsExactly("local", gateway);
            assertThat(table.getList("routeTables[0].routes.destinationCidrBlock"))
                    .containsExactly("172.31.0.0/16", "0.0.0.0/0");
            assertThat(table.getList("routeTables[0].associations.main")).containsExactly(true);
            JsonPath acls = get("/v1/network-acls?isDefault=true&vpcId=" + vpc);
            assertThat(acls.getList("networkAcls[0].entries.ruleNumber")).containsExactly(100, 32767, 100, 32767);
            List<String> subnets = get("/v1/subnets").getList("subnets.subnetId");
            assertThat(acls.getList("networkAcls[0].associations.subnetId")).hasSameElementsAs(subnets);
            assertThat(get("/v1/vpcs/" + vpc).getString("dhcpOptionsId"))
                    .isEqualTo(get("/v1/dhcp-options").getString("dhcpOptions[0].dhcpOptionsId"));

            subnets.forEach(subnet -> delete("/v1/subnets/" + subnet).statusCode(204));
            isRefused(delete("/v1/vpcs/" + vpc), 409, "DependencyViolation");
            delete("/v1/internet-gateways/" + gateway + "/attachment?vpcId=" + vpc)
                    .statusCode(200);
            as(account)
                    .get("/v1/route-tables")
                    .then()
                    .body("routeTables[0].routes.state", contains("active", "blackhole"));
            delete("/v1/internet-gateways/" + gateway).statusCode(204);
            delete("/v1/vpcs/" + vpc).statusCode(204);
            assertThat(get("/v1/route-tables").getList("routeTables")).isEmpty();
            assertThat(get("/v1/network-acls").getList("networkAcls")).isEmpty();
            as(account).post("/v1/vpcs/default").then().statusCode(201);
        }
    }

    @Test
    void aRouteTableCountsForWhatIsAssociatedWithIt() {
        String vpc = vpc();
        String subnet = subnet(vpc);
        String main = get("/v1/route-tables?vpcId=" + vpc).getString("routeTables[0].routeTableId");
        String mainAssociation = get("/v1/route-tables/" + main).getString("associations[0].routeTableAssociationId");
        String table = made("/v1/route-tables", Map.of("vpcId", vpc, "tags", Map.of("Name", "own")), "routeTableId");

        String association = made(
                "/v1/route-tables/" + table + "/associations", Map.of("subnetId", subnet), "routeTableAssociationId");
        isRefused(
                post("/v1/route-tables/" + main + "/associations", Map.of("subnetId", subnet)),
                409,
                "Resource.AlreadyAssociated");
        isRefused(delete("/v1/route-tables/" + table), 409, "DependencyViolation");
        isRefused(delete("/v1/route-tables/" + main), 409, "DependencyViolation");
        isRefused(delete("/v1/route-table-associations/" + mainAssociation), 400, "InvalidParameterValue");

        as(account)
                .body(Map.of("routeTableId", table))
                .put("/v1/route-table-associations/" + mainAssociation)
                .then()
                .statusCode(200)
                .body("main", equalTo(true))
                .body("routeTableId", equalTo(table));
        as(account)
                .get("/v1/route-tables?main=true&vpcId=" + vpc)
                .then()
                .body("routeTables.routeTableId", contains(table))
                .body("routeTables[0].associations.subnetId", contains(null, subnet));
        delete("/v1/route-table-associations/" + association).statusCode(204);
        delete("/v1/route-tables/" + main).statusCode(204);
        isRefused(delete("/v1/route-table-associations/" + association), 404, "InvalidAssociationID.NotFound");
        delete("/v1/subnets/" + subnet).statusCode(204);
        delete("/v1/vpcs/" + vpc).statusCode(204);
    }

    @Test
    void aRouteHasATargetInItsVpc() {
        String vpc = vpc();
        String subnet = subnet(vpc);
        String table = made("/v1/route-tables", Map.of("vpcId", vpc), "routeTableId");
        String gateway = made("/v1/internet-gateways", Map.of(), "internetGatewayId");
        String routes = "/v1/route-tables/" + table + "/routes";
        Map<String, Object> toGateway = Map.of("destinationCidrBlock", "0.0.0.0/0", "gatewayId", gateway);
        isRefused(post(routes, toGateway), 400, "InvalidParameterValue");
        post("/v1/internet-gateways/" + gateway + "/attachment", Map.of("vpcId", vpc))
                .statusCode(200);
        post(routes, toGateway).statusCode(201);
        isRefused(post(routes, toGateway), 409, "RouteAlreadyExists");
        isRefused(
                post(routes, Map.of("destinationCidrBlock", "10.0.0.0/16", "gatewayId", gateway)),
                409,
                "RouteAlreadyExists");
        isRefused(
                post(routes, Map.of("destinationCidrBlock", "10.9.0.0/16", "gatewayId", "igw-0dead0dead0dead00")),
                404,
                "InvalidInternetGatewayID.NotFound");
        String others = as(Stack.newAccount())
                .body(Map.of())
                .post("/v1/internet-gateways")
                .then()
                .statusCode(201)
                .extract()
                .path("internetGatewayId");
        isRefused(
                post(routes, Map.of("destinationCidrBlock", "10.9.0.0/16", "gatewayId", others)),
                404,
                "InvalidInternetGatewayID.NotFound");
        isRefused(
                post(routes, Map.of("destinationPrefixListId", "pl-0dead0dead0dead00", "gatewayId", gateway)),
                404,
                "InvalidPrefixListID.NotFound");

        String eni = made("/v1/network-interfaces", Map.of("subnetId", subnet), "networkInterfaceId");
        post(routes, Map.of("destinationCidrBlock", "10.9.1.7/16", "networkInterfaceId", eni))
                .statusCode(201)
                .body("routes.destinationCidrBlock", contains("10.0.0.0/16", "0.0.0.0/0", "10.9.0.0/16"))
                .body("routes.state", contains("active", "active", "blackhole"));
        delete(routes + "?destination=10.9.0.0/16").statusCode(200).body("routes", hasSize(2));
        isRefused(delete(routes + "?destination=10.9.0.0/16"), 404, "InvalidRoute.NotFound");
        isRefused(delete(routes + "?destination=10.0.0.0/16"), 400, "InvalidParameterValue");
        isRefused(as(Stack.newAccount()).body(toGateway).post(routes).then(), 404, "InvalidRouteTableID.NotFound");
    }

    @Test
    void aNetworkAclHasNumberedEntriesAndCountsForSubnets() {
        String vpc = vpc();
        String subnet = subnet(vpc);
        String acl = made("/v1/network-acls", Map.of("vpcId", vpc), "networkAclId");
        String entries = "/v1/network-acls/" + acl + "/entries";
        Map<String, Object> ssh = Map.of(
                "egress",
                false,
                "ruleNumber",
                10,
                "protocol",
                "tcp",
                "ruleAction",
                "allow",
                "cidrBlock",
                "10.0.0.0/8",
                "portRange",
                Map.of("from", 22, "to", 22));
        post(entries, ssh).statusCode(201);
        isRefused(post(entries, ssh), 409, "NetworkAclEntryAlreadyExists");
        as(account)
                .get("/v1/network-acls/" + acl)
                .then()
                .body("entries.ruleNumber", contains(32767, 10, 32767))
                .body("entries[1].protocol", equalTo("6"))
                .body("entries[1].portRange.to", equalTo(22));
        isRefused(delete(entries + "?egress=true&ruleNumber=10"), 404, "InvalidNetworkAclEntry.NotFound");

        String association = get("/v1/network-acls?subnetId=" + subnet)
                .getString("networkAcls[0].associations[0].networkAclAssociationId");
        as(account)
                .body(Map.of("networkAclId", acl))
                .put("/v1/network-acl-associations/" + association)
                .then()
                .statusCode(200)
                .body("networkAclAssociationId", startsWith("aclassoc-"))
                .body("subnetId", equalTo(subnet));
        isRefused(delete("/v1/network-acls/" + acl), 409, "DependencyViolation");
        delete("/v1/subnets/" + subnet).statusCode(204);
        isRefused(delete("/v1/vpcs/" + vpc), 409, "DependencyViolation");
        delete(entries + "?egress=false&ruleNumber=10").statusCode(200);
        delete("/v1/network-acls/" + acl).statusCode(204);
        delete("/v1/vpcs/" + vpc).statusCode(204);
    }

    @Test
    void dhcpOptionsThatAVpcHasAreNotDeleted() {
        String vpc = vpc();
        String options = made(
                "/v1/dhcp-options",
                Map.of("dhcpConfigurations", List.of(Map.of("key", "domain-name", "values", List.of("example.com")))),
                "dhcpOptionsId");
        as(account)
                .body(Map.of("dhcpOptionsId", options, "enableDnsHostnames", true))
                .patch("/v1/vpcs/" + vpc)
                .then()
                .statusCode(200)
                .body("enableDnsHostnames", equalTo(true));
        isRefused(delete("/v1/dhcp-options/" + options), 409, "DependencyViolation");
        as(account)
                .body(Map.of("dhcpOptionsId", "default"))
                .patch("/v1/vpcs/" + vpc)
                .then()
                .body("dhcpOptionsId", equalTo("default"));
        delete("/v1/dhcp-options/" + options).statusCode(204);
    }
}
