package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** VPCs. */
@ApplicationScoped
public class VpcActions implements ActionSet {

    static final String RECORDED = "recorded; decides nothing about traffic";

    private static final String PATH = "/v1/vpcs";
    private static final Shape VPC = Api.EC2.model().shape("Vpc");
    private static final List<String> ATTRIBUTES =
            List.of("EnableDnsSupport", "EnableDnsHostnames", "EnableNetworkAddressUsageMetrics");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateVpc", VpcActions::create, "tenancy is recorded; instances have what their launch says");
        actions.ec2("CreateDefaultVpc", call -> one(call.instances().post(PATH + "/default", null)));
        actions.ec2("DescribeVpcs", VpcActions::describe);
        actions.ec2("DeleteVpc", VpcActions::delete);
        actions.ec2("DescribeVpcAttribute", VpcActions::describeAttribute);
        actions.ec2("ModifyVpcAttribute", VpcActions::modifyAttribute, "recorded");
        actions.ec2("ModifyVpcTenancy", VpcActions::modifyTenancy, "recorded");
        actions.ec2("AssociateVpcCidrBlock", VpcActions::associate);
        actions.ec2("DisassociateVpcCidrBlock", VpcActions::disassociate);
        actions.ec2("AssociateDhcpOptions", VpcActions::associateDhcpOptions, RECORDED);
    }

    private static String path(Call call) {
        return PATH + "/" + IdForm.VPC.segment(call, "VpcId");
    }

    private static ObjectNode create(Call call) {
        refusePools(call);
        ObjectNode body = Call.answer();
        body.put("cidrBlock", call.text("CidrBlock"));
        body.put("instanceTenancy", call.text("InstanceTenancy"));
        body.set("amazonProvidedIpv6CidrBlock", call.get("AmazonProvidedIpv6CidrBlock"));
        body.set("tags", TagSpecifications.of(call, "vpc"));
        return one(call.instances().post(PATH, body));
    }

    /** Blocks come from the caller or from the operator's one pool of IPv6. */
    static void refusePools(Call call) {
        for (String member :
                List.of("Ipv4IpamPoolId", "Ipv6IpamPoolId", "Ipv4NetmaskLength", "Ipv6NetmaskLength", "Ipv6Pool")) {
            if (call.has(member)) {
                throw AwsError.unsupported("Address pools are not supported: " + Call.lowerCamel(member));
            }
        }
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> vpcs = call.instances().list(PATH, "vpcs").stream()
                .map(VpcActions::vpc)
                .toList();
        return Listing.of(call, "Vpcs", "VpcId")
                .ids(IdForm.VPC, "VpcIds", "InvalidVpcID.NotFound", "The vpc ID '%s' does not exist")
                .filter("cidr", Filters.at("CidrBlock"))
                .filter("cidrBlock", Filters.at("CidrBlock"))
                .filter("isDefault", Filters.at("IsDefault"))
                .filter("dhcpOptionsId", Filters.at("DhcpOptionsId"))
                .filter("cidr-block-association.state", Filters.at("CidrBlockAssociationSet.CidrBlockState.State"))
                .filter(
                        "ipv6-cidr-block-association.state",
                        Filters.at("Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State"))
                .answer(vpcs);
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private static ObjectNode describeAttribute(Call call) {
        JsonNode vpc = call.instances().get(path(call));
        String attribute = call.requiredText("Attribute");
        ObjectNode answer = Call.answer().put("VpcId", vpc.path("vpcId").asText());
        answer.putObject(Character.toUpperCase(attribute.charAt(0)) + attribute.substring(1))
                .set("Value", vpc.path(attribute));
        return answer;
    }

    private static ObjectNode modifyAttribute(Call call) {
        ObjectNode body = Call.answer();
        for (String attribute : ATTRIBUTES) {
            if (call.has(attribute)) {
                body.set(Call.lowerCamel(attribute), call.get(attribute).path("Value"));
            }
        }
        if (body.size() != 1) {
            throw body.isEmpty()
                    ? AwsError.missing("enableDnsSupport or enableDnsHostnames")
                    : AwsError.combination("Attributes are changed one at a time");
        }
        call.instances().patch(path(call), body);
        return call.done();
    }

    private static ObjectNode modifyTenancy(Call call) {
        call.instances().patch(path(call), Call.answer().put("instanceTenancy", call.requiredText("InstanceTenancy")));
        return Call.answer().put("ReturnValue", true);
    }

    private static ObjectNode associateDhcpOptions(Call call) {
        // Instead of options it takes "default", and looks at no form of an id.
        call.instances()
                .patch(
                        PATH + "/" + RestService.segment(call.requiredText("VpcId")),
                        Call.answer().put("dhcpOptionsId", call.requiredText("DhcpOptionsId")));
        return call.done();
    }

    private static ObjectNode associate(Call call) {
        refusePools(call);
        ObjectNode body = Call.answer();
        body.put("cidrBlock", call.text("CidrBlock"));
        body.set("amazonProvidedIpv6CidrBlock", call.get("AmazonProvidedIpv6CidrBlock"));
        JsonNode vpc = call.instances().post(path(call) + "/cidr-block-associations", body);
        // New blocks come last: of IPv4 behind the others, the one of IPv6 behind those.
        JsonNode associations = vpc.path("cidrBlockAssociations");
        boolean ipv6 = call.flag("AmazonProvidedIpv6CidrBlock", false);
        JsonNode made = associations.path(0);
        for (JsonNode association : associations) {
            made = Blocks.isIpv6(association) == ipv6 ? association : made;
        }
        return Blocks.answer("VpcId", vpc.path("vpcId"), made, Blocks.ASSOCIATING);
    }

    private static ObjectNode disassociate(Call call) {
        String id = call.requiredText("AssociationId");
        for (JsonNode vpc : call.instances().list(PATH, "vpcs")) {
            JsonNode association = Blocks.find(vpc.path("cidrBlockAssociations"), "associationId", id);
            if (!association.isMissingNode()) {
                call.instances()
                        .delete(PATH + "/" + vpc.path("vpcId").asText() + "/cidr-block-associations/"
                                + RestService.segment(id));
                return Blocks.answer("VpcId", vpc.path("vpcId"), association, Blocks.DISASSOCIATING);
            }
        }
        throw AwsError.of(
                "InvalidVpcCidrBlockAssociationID.NotFound",
                "The vpc CIDR block association ID '" + id + "' does not exist");
    }

    private static ObjectNode one(JsonNode view) {
        ObjectNode answer = Call.answer();
        answer.set("Vpc", vpc(view));
        return answer;
    }

    private static ObjectNode vpc(JsonNode view) {
        ObjectNode vpc = Names.toAws(view, VPC);
        vpc.put("OwnerId", view.path("account").asText());
        ArrayNode ipv4 = vpc.putArray("CidrBlockAssociationSet");
        ArrayNode ipv6 = vpc.putArray("Ipv6CidrBlockAssociationSet");
        for (JsonNode block : view.path("cidrBlockAssociations")) {
            ObjectNode association = Blocks.association(block, Blocks.ASSOCIATED);
            if (Blocks.isIpv6(block)) {
                ipv6.add(association
                        .put("Ipv6Pool", "Amazon")
                        .put("NetworkBorderGroup", view.path("region").asText()));
            } else {
                ipv4.add(association);
            }
        }
        return vpc;
    }
}
