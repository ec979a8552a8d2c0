package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** VPCs. */
@ApplicationScoped
public class VpcActions implements ActionSet {

    private static final String PATH = "/v1/vpcs";
    private static final Shape VPC = Api.EC2.model().shape("Vpc");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateVpc", VpcActions::create);
        actions.ec2("CreateDefaultVpc", call -> one(call.instances().post(PATH + "/default", null)));
        actions.ec2("DescribeVpcs", VpcActions::describe);
        actions.ec2("DeleteVpc", VpcActions::delete);
    }

    private static ObjectNode create(Call call) {
        ObjectNode body = Call.answer();
        body.put("cidrBlock", call.text("CidrBlock"));
        body.set("amazonProvidedIpv6CidrBlock", call.get("AmazonProvidedIpv6CidrBlock"));
        body.set("tags", TagSpecifications.of(call, "vpc"));
        return one(call.instances().post(PATH, body));
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> vpcs = call.instances().list(PATH, "vpcs").stream()
                .map(VpcActions::vpc)
                .toList();
        return Listing.of(call, "Vpcs", "VpcId")
                .ids("VpcIds", "InvalidVpcID.NotFound", "The vpc ID '%s' does not exist")
                .filter("cidr", Filters.at("CidrBlock"))
                .filter("cidr-block-association.state", Filters.at("CidrBlockAssociationSet.CidrBlockState.State"))
                .filter(
                        "ipv6-cidr-block-association.state",
                        Filters.at("Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State"))
                .answer(vpcs);
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(PATH + "/" + RestService.segment(call.requiredText("VpcId")));
        return call.done();
    }

    private static ObjectNode one(JsonNode view) {
        ObjectNode answer = Call.answer();
        answer.set("Vpc", vpc(view));
        return answer;
    }

    private static ObjectNode vpc(JsonNode view) {
        ObjectNode vpc = Names.toAws(view, VPC);
        vpc.put("OwnerId", view.path("account").asText()).put("InstanceTenancy", "default");
        ArrayNode ipv4 = vpc.putArray("CidrBlockAssociationSet");
        ArrayNode ipv6 = vpc.putArray("Ipv6CidrBlockAssociationSet");
        for (JsonNode block : view.path("cidrBlockAssociations")) {
            String cidr = block.path("cidrBlock").asText();
            boolean isIpv6 = cidr.indexOf(':') >= 0;
            ObjectNode association = (isIpv6 ? ipv6 : ipv4)
                    .addObject()
                    .put("AssociationId", block.path("associationId").asText())
                    .put(isIpv6 ? "Ipv6CidrBlock" : "CidrBlock", cidr);
            association
                    .putObject(isIpv6 ? "Ipv6CidrBlockState" : "CidrBlockState")
                    .put("State", "associated");
        }
        return vpc;
    }
}
