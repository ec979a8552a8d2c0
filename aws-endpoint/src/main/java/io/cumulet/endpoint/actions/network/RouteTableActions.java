package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Route tables. */
@ApplicationScoped
public class RouteTableActions implements ActionSet {

    private static final String PATH = "/v1/route-tables";
    private static final String ASSOCIATIONS = "/v1/route-table-associations";
    private static final Shape TABLE = Api.EC2.model().shape("RouteTable");

    private static final List<String> DESTINATIONS =
            List.of("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId");

    private static final List<String> TARGETS =
            List.of("GatewayId", "EgressOnlyInternetGatewayId", "NetworkInterfaceId", "InstanceId");

    /** Of these there are none here, so what is named isn't there. */
    private static final Map<String, String> UNKNOWN_TARGETS = Map.of(
            "NatGatewayId", "InvalidNatGatewayID.NotFound",
            "TransitGatewayId", "InvalidTransitGatewayID.NotFound",
            "VpcPeeringConnectionId", "InvalidVpcPeeringConnectionID.NotFound",
            "VpcEndpointId", "InvalidVpcEndpointId.NotFound",
            "LocalGatewayId", "InvalidLocalGatewayID.NotFound",
            "CarrierGatewayId", "InvalidCarrierGatewayID.NotFound",
            "CoreNetworkArn", "InvalidCoreNetworkArn.NotFound");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateRouteTable", RouteTableActions::create, VpcActions.RECORDED);
        actions.ec2("DescribeRouteTables", RouteTableActions::describe);
        actions.ec2("DeleteRouteTable", RouteTableActions::delete);
        actions.ec2(
                "CreateRoute",
                call -> {
                    call.instances().post(path(call) + "/routes", route(call));
                    return call.done();
                },
                VpcActions.RECORDED);
        actions.ec2("ReplaceRoute", RouteTableActions::replace, VpcActions.RECORDED);
        actions.ec2("DeleteRoute", RouteTableActions::deleteRoute);
        actions.ec2("AssociateRouteTable", RouteTableActions::associate, VpcActions.RECORDED);
        actions.ec2("DisassociateRouteTable", RouteTableActions::disassociate);
        actions.ec2("ReplaceRouteTableAssociation", RouteTableActions::replaceAssociation, VpcActions.RECORDED);
    }

    private static String path(Call call) {
        return PATH + "/" + IdForm.ROUTE_TABLE.segment(call, "RouteTableId");
    }

    private static String association(Call call) {
        return ASSOCIATIONS + "/" + RestService.segment(call.requiredText("AssociationId"));
    }

    private static ObjectNode create(Call call) {
        ObjectNode body =
                Call.answer().put("vpcId", call.requiredText("VpcId")).put("clientToken", call.text("ClientToken"));
        body.set("tags", TagSpecifications.of(call, "route-table"));
        ObjectNode answer = Call.answer();
        answer.set("RouteTable", table(call.instances().post(PATH, body)));
        return call.has("ClientToken") ? answer.put("ClientToken", call.text("ClientToken")) : answer;
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> tables = call.instances().list(PATH, "routeTables").stream()
                .map(RouteTableActions::table)
                .toList();
        return Listing.of(call, "RouteTables", "RouteTableId")
                .ids(
                        IdForm.ROUTE_TABLE,
                        "RouteTableIds",
                        "InvalidRouteTableID.NotFound",
                        "The routeTable ID '%s' does not exist")
                .answer(tables);
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private static ObjectNode route(Call call) {
        UNKNOWN_TARGETS.forEach((member, code) -> {
            if (call.has(member)) {
                throw AwsError.of(
                        code, "The " + Call.lowerCamel(member) + " '" + call.text(member) + "' does not exist");
            }
        });
        ObjectNode body = Call.answer();
        DESTINATIONS.forEach(member -> body.put(Call.lowerCamel(member), call.text(member)));
        TARGETS.forEach(member -> body.put(Call.lowerCamel(member), call.text(member)));
        return body;
    }

    private static ObjectNode replace(Call call) {
        if (call.flag("LocalTarget", false)) {
            throw AwsError.unsupported("Local routes stay as they are: localTarget");
        }
        call.instances().put(path(call) + "/routes", route(call));
        return call.done();
    }

    private static ObjectNode deleteRoute(Call call) {
        List<String> given = DESTINATIONS.stream().filter(call::has).toList();
        if (given.size() != 1) {
            throw given.isEmpty()
                    ? AwsError.missing("destinationCidrBlock")
                    : AwsError.combination("A route has one destination");
        }
        call.instances().delete(path(call) + "/routes", Query.none().and("destination", call.text(given.getFirst())));
        return call.done();
    }

    private static ObjectNode associate(Call call) {
        ObjectNode body = Call.answer().put("subnetId", call.text("SubnetId")).put("gatewayId", call.text("GatewayId"));
        return associated("AssociationId", call.instances().post(path(call) + "/associations", body));
    }

    private static ObjectNode disassociate(Call call) {
        call.instances().delete(association(call));
        return call.done();
    }

    private static ObjectNode replaceAssociation(Call call) {
        ObjectNode body = Call.answer().put("routeTableId", call.requiredText("RouteTableId"));
        return associated("NewAssociationId", call.instances().put(association(call), body));
    }

    private static ObjectNode associated(String member, JsonNode view) {
        ObjectNode answer =
                Call.answer().put(member, view.path("routeTableAssociationId").asText());
        answer.putObject("AssociationState").put("State", "associated");
        return answer;
    }

    private static ObjectNode table(JsonNode view) {
        String owner = view.path("account").asText();
        ObjectNode table = Names.toAws(view, TABLE).put("OwnerId", owner);
        table.putArray("PropagatingVgws");
        for (JsonNode route : table.path("Routes")) {
            if (route instanceof ObjectNode told && told.has("InstanceId")) {
                told.put("InstanceOwnerId", owner);
            }
        }
        for (JsonNode association : table.path("Associations")) {
            if (association instanceof ObjectNode told) {
                told.putObject("AssociationState").put("State", "associated");
            }
        }
        return table;
    }
}
