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
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Subnets. */
@ApplicationScoped
public class SubnetActions implements ActionSet {

    private static final String PATH = "/v1/subnets";
    private static final Shape SUBNET = Api.EC2.model().shape("Subnet");

    private static final List<String> FLAGS = List.of(
            "AssignIpv6AddressOnCreation",
            "MapPublicIpOnLaunch",
            "EnableDns64",
            "EnableResourceNameDnsARecordOnLaunch",
            "EnableResourceNameDnsAAAARecordOnLaunch");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateSubnet", SubnetActions::create);
        actions.ec2("CreateDefaultSubnet", SubnetActions::createDefault);
        actions.ec2("DescribeSubnets", SubnetActions::describe);
        actions.ec2("DeleteSubnet", SubnetActions::delete);
        actions.ec2(
                "ModifySubnetAttribute",
                SubnetActions::modify,
                "recorded; instances get IPv6 addresses and public IPv4 addresses as it says");
        actions.ec2("AssociateSubnetCidrBlock", SubnetActions::associate);
        actions.ec2("DisassociateSubnetCidrBlock", SubnetActions::disassociate);
    }

    private static ObjectNode create(Call call) {
        VpcActions.refusePools(call);
        if (call.flag("Ipv6Native", false)) {
            mustGoWithIpv6Alone(call);
        }
        if (call.has("OutpostArn") || call.flag("Ipv6Native", false)) {
            throw AwsError.unsupported("Subnets of Outposts and of IPv6 alone are not supported");
        }
        ObjectNode body = Call.answer()
                .put("vpcId", call.text("VpcId"))
                .put("cidrBlock", call.text("CidrBlock"))
                .put("ipv6CidrBlock", call.text("Ipv6CidrBlock"))
                .put("availabilityZone", zone(call));
        body.set("tags", TagSpecifications.of(call, "subnet"));
        return one(call, call.instances().post(PATH, body));
    }

    private static void mustGoWithIpv6Alone(Call call) {
        if (!call.has("Ipv6CidrBlock")) {
            throw AwsError.of("MissingParameter", "Either 'ipv6CidrBlock' or 'ipv6IpamPoolId' should be provided.");
        }
        if (call.has("CidrBlock")) {
            throw AwsError.combination("When specifying ipv4 parameters, cidrBlock or ipv4IpamPoolId, you cannot set"
                    + " ipv6Native to true.");
        }
    }

    private static ObjectNode createDefault(Call call) {
        return one(
                call,
                call.instances().post(PATH + "/default", Call.answer().put("availabilityZone", defaultZone(call))));
    }

    private static @Nullable String zone(Call call) {
        return call.has("AvailabilityZone") ? call.text("AvailabilityZone") : Zones.named(call.region(), call.input());
    }

    private static @Nullable String defaultZone(Call call) {
        return call.has("AvailabilityZoneId")
                ? Zones.named(call.region(), call.input())
                : call.requiredText("AvailabilityZone");
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> subnets = call.instances().list(PATH, "subnets").stream()
                .map(view -> subnet(call, view))
                .toList();
        return Listing.of(call, "Subnets", "SubnetId")
                .ids(IdForm.SUBNET, "SubnetIds", "InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist")
                .filter("cidr", Filters.at("CidrBlock"))
                .filter("cidrBlock", Filters.at("CidrBlock"))
                .filter("availabilityZone", Filters.at("AvailabilityZone"))
                .filter("availabilityZoneId", Filters.at("AvailabilityZoneId"))
                .filter("defaultForAz", Filters.at("DefaultForAz"))
                .filter(
                        "ipv6-cidr-block-association.state",
                        Filters.at("Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State"))
                .filter(
                        "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record",
                        Filters.at("PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord"))
                .answer(subnets);
    }

    private static String path(Call call) {
        return PATH + "/" + IdForm.SUBNET.segment(call, "SubnetId");
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private static ObjectNode modify(Call call) {
        for (String member : List.of(
                "MapCustomerOwnedIpOnLaunch",
                "CustomerOwnedIpv4Pool",
                "EnableLniAtDeviceIndex",
                "DisableLniAtDeviceIndex")) {
            if (call.has(member)) {
                throw AwsError.unsupported("There are no Outposts here: " + Call.lowerCamel(member));
            }
        }
        ObjectNode body = Call.answer();
        for (String flag : FLAGS) {
            if (call.has(flag)) {
                body.set(Call.lowerCamel(flag), call.get(flag).path("Value"));
            }
        }
        if (call.has("PrivateDnsHostnameTypeOnLaunch")) {
            body.put("privateDnsHostnameTypeOnLaunch", call.text("PrivateDnsHostnameTypeOnLaunch"));
        }
        if (body.isEmpty()) {
            throw AwsError.combination("No attributes specified.");
        }
        call.instances().patch(path(call), body);
        return call.done();
    }

    private static ObjectNode associate(Call call) {
        VpcActions.refusePools(call);
        JsonNode subnet = call.instances()
                .post(
                        path(call) + "/cidr-block-associations",
                        Call.answer().put("ipv6CidrBlock", call.requiredText("Ipv6CidrBlock")));
        return Blocks.answer(
                "SubnetId",
                subnet.path("subnetId"),
                subnet.path("ipv6CidrBlockAssociations").path(0),
                Blocks.ASSOCIATING);
    }

    private static ObjectNode disassociate(Call call) {
        String id = call.requiredText("AssociationId");
        for (JsonNode subnet : call.instances().list(PATH, "subnets")) {
            JsonNode association = Blocks.find(subnet.path("ipv6CidrBlockAssociations"), "associationId", id);
            if (!association.isMissingNode()) {
                call.instances()
                        .delete(PATH + "/" + subnet.path("subnetId").asText() + "/cidr-block-associations/"
                                + RestService.segment(id));
                return Blocks.answer("SubnetId", subnet.path("subnetId"), association, Blocks.DISASSOCIATING);
            }
        }
        throw AwsError.of(
                "InvalidSubnetCidrBlockAssociationID.NotFound",
                "The subnet CIDR block association ID '" + id + "' does not exist");
    }

    private static ObjectNode one(Call call, JsonNode view) {
        ObjectNode answer = Call.answer();
        answer.set("Subnet", subnet(call, view));
        return answer;
    }

    private static ObjectNode subnet(Call call, JsonNode view) {
        String id = view.path("subnetId").asText();
        ObjectNode subnet = Names.toAws(view, SUBNET)
                .put("OwnerId", view.path("account").asText())
                .put("SubnetArn", "arn:aws:ec2:" + call.region() + ":" + call.account() + ":subnet/" + id)
                .put("MapCustomerOwnedIpOnLaunch", false)
                .put("Ipv6Native", false);
        ArrayNode ipv6 = subnet.putArray("Ipv6CidrBlockAssociationSet");
        view.path("ipv6CidrBlockAssociations")
                .forEach(association -> ipv6.add(Blocks.association(association, Blocks.ASSOCIATED)));
        return subnet;
    }
}
