package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Network ACLs. */
@ApplicationScoped
public class NetworkAclActions implements ActionSet {

    private static final String PATH = "/v1/network-acls";
    private static final Shape ACL = Api.EC2.model().shape("NetworkAcl");
    private static final Map<String, String> PROTOCOLS = Map.of("1", "icmp", "6", "tcp", "17", "udp");

    private static final List<String> ENTRY = List.of(
            "Egress",
            "RuleNumber",
            "Protocol",
            "RuleAction",
            "CidrBlock",
            "Ipv6CidrBlock",
            "PortRange",
            "IcmpTypeCode");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateNetworkAcl", NetworkAclActions::create, VpcActions.RECORDED);
        actions.ec2("DescribeNetworkAcls", NetworkAclActions::describe);
        actions.ec2("DeleteNetworkAcl", NetworkAclActions::delete);
        actions.ec2(
                "CreateNetworkAclEntry",
                call -> {
                    call.instances().post(path(call) + "/entries", entry(call));
                    return call.done();
                },
                VpcActions.RECORDED);
        actions.ec2(
                "ReplaceNetworkAclEntry",
                call -> {
                    call.instances().put(path(call) + "/entries", entry(call));
                    return call.done();
                },
                VpcActions.RECORDED);
        actions.ec2("DeleteNetworkAclEntry", NetworkAclActions::deleteEntry);
        actions.ec2("ReplaceNetworkAclAssociation", NetworkAclActions::replaceAssociation, VpcActions.RECORDED);
    }

    private static String path(Call call) {
        return PATH + "/" + IdForm.NETWORK_ACL.segment(call, "NetworkAclId");
    }

    private static ObjectNode create(Call call) {
        ObjectNode body =
                Call.answer().put("vpcId", call.requiredText("VpcId")).put("clientToken", call.text("ClientToken"));
        body.set("tags", TagSpecifications.of(call, "network-acl"));
        ObjectNode answer = Call.answer();
        answer.set("NetworkAcl", acl(call.instances().post(PATH, body)));
        return call.has("ClientToken") ? answer.put("ClientToken", call.text("ClientToken")) : answer;
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> acls = call.instances().list(PATH, "networkAcls").stream()
                .map(NetworkAclActions::acl)
                .toList();
        return Listing.of(call, "NetworkAcls", "NetworkAclId")
                .ids(
                        IdForm.NETWORK_ACL,
                        "NetworkAclIds",
                        "InvalidNetworkAclID.NotFound",
                        "The networkAcl ID '%s' does not exist")
                .filter("default", Filters.at("IsDefault"))
                .filter("association.association-id", Filters.at("Associations.NetworkAclAssociationId"))
                .filter("entry.cidr", Filters.at("Entries.CidrBlock"))
                .filter("entry.ipv6-cidr", Filters.at("Entries.Ipv6CidrBlock"))
                .filter("entry.icmp.type", Filters.at("Entries.IcmpTypeCode.Type"))
                .filter("entry.icmp.code", Filters.at("Entries.IcmpTypeCode.Code"))
                .filter("entry.protocol", NetworkAclActions::protocols)
                .answer(acls);
    }

    /** By number and by name. */
    private static List<String> protocols(JsonNode acl) {
        List<String> found = new ArrayList<>();
        for (JsonNode entry : acl.path("Entries")) {
            String number = entry.path("Protocol").asText();
            found.add(number);
            found.add(PROTOCOLS.getOrDefault(number, number));
        }
        return found;
    }

    private static ObjectNode acl(JsonNode view) {
        return Names.toAws(view, ACL).put("OwnerId", view.path("account").asText());
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private static JsonNode entry(Call call) {
        ObjectNode entry = Call.answer();
        ENTRY.stream().filter(call::has).forEach(member -> entry.set(member, call.get(member)));
        return Names.toRest(entry);
    }

    private static ObjectNode deleteEntry(Call call) {
        call.instances()
                .delete(
                        path(call) + "/entries",
                        Query.none()
                                .and("egress", call.flag("Egress", false))
                                .and("ruleNumber", call.requiredText("RuleNumber")));
        return call.done();
    }

    private static ObjectNode replaceAssociation(Call call) {
        JsonNode made = call.instances()
                .put(
                        "/v1/network-acl-associations/" + RestService.segment(call.requiredText("AssociationId")),
                        Call.answer().put("networkAclId", call.requiredText("NetworkAclId")));
        return Call.answer()
                .put("NewAssociationId", made.path("networkAclAssociationId").asText());
    }
}
