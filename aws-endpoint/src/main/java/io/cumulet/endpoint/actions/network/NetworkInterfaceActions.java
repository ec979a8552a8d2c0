package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.actions.instances.OnTheWay;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Network interfaces. */
@ApplicationScoped
public class NetworkInterfaceActions implements ActionSet {

    static final String PATH = "/v1/network-interfaces";

    /** What the service looks for itself, so that not all interfaces of an account are sent. */
    private static final Map<String, String> ASKED = Map.of(
            "network-interface-id", "networkInterfaceId",
            "vpc-id", "vpcId",
            "subnet-id", "subnetId",
            "group-id", "securityGroupId",
            "attachment.instance-id", "instanceId",
            "attachment.attachment-id", "attachmentId");

    private static final String GROUP_NAME = "group-name";

    /** More ids than this would make too long a line. */
    private static final int MOST_IDS = 200;

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateNetworkInterface", NetworkInterfaceActions::create);
        actions.ec2("DescribeNetworkInterfaces", NetworkInterfaceActions::describe);
        actions.ec2("DeleteNetworkInterface", NetworkInterfaceActions::delete);
        actions.ec2("AttachNetworkInterface", NetworkInterfaceActions::attach);
        actions.ec2("DetachNetworkInterface", NetworkInterfaceActions::detach);
        actions.ec2("ModifyNetworkInterfaceAttribute", NetworkInterfaceActions::modify);
        actions.ec2("DescribeNetworkInterfaceAttribute", NetworkInterfaceActions::describeAttribute);
        actions.ec2("ResetNetworkInterfaceAttribute", NetworkInterfaceActions::reset);
        actions.ec2("AssignPrivateIpAddresses", NetworkInterfaceActions::assignPrivate);
        actions.ec2("UnassignPrivateIpAddresses", NetworkInterfaceActions::unassignPrivate);
        actions.ec2("AssignIpv6Addresses", NetworkInterfaceActions::assignIpv6);
        actions.ec2("UnassignIpv6Addresses", NetworkInterfaceActions::unassignIpv6);
    }

    private static String path(Call call) {
        return PATH + "/" + IdForm.NETWORK_INTERFACE.segment(call, "NetworkInterfaceId");
    }

    private static void refuse(Call call, String... members) {
        for (String member : members) {
            if (call.has(member)) {
                throw AwsError.unsupported("The parameter " + Call.lowerCamel(member) + " is not supported");
            }
        }
    }

    private static ObjectNode create(Call call) {
        refuse(
                call,
                "Ipv4Prefixes",
                "Ipv4PrefixCount",
                "Ipv6Prefixes",
                "Ipv6PrefixCount",
                "EnablePrimaryIpv6",
                "ConnectionTrackingSpecification");
        String type = call.text("InterfaceType");
        if (type != null && !type.equals("interface")) {
            throw AwsError.unsupported("Interfaces of type " + type + " are not supported");
        }
        ObjectNode body = Call.answer()
                .put("subnetId", call.text("SubnetId"))
                .put("description", call.text("Description"))
                .put("privateIpAddress", call.text("PrivateIpAddress"))
                .put("clientToken", call.text("ClientToken"));
        body.set("secondaryPrivateIpAddressCount", call.get("SecondaryPrivateIpAddressCount"));
        body.set("ipv6AddressCount", call.get("Ipv6AddressCount"));
        if (call.has("Groups")) {
            body.set("securityGroupIds", call.get("Groups"));
        }
        if (call.has("PrivateIpAddresses")) {
            body.set("privateIpAddresses", primaryFirst(call.get("PrivateIpAddresses")));
        }
        if (call.has("Ipv6Addresses")) {
            ArrayNode ipv6 = body.putArray("ipv6Addresses");
            call.get("Ipv6Addresses").forEach(address -> ipv6.add(address.path("Ipv6Address")));
        }
        body.set("tags", TagSpecifications.of(call, "network-interface"));
        JsonNode view = call.instances().post(PATH, body);
        ObjectNode answer = Call.answer();
        answer.set(
                "NetworkInterface",
                NetworkInterfaceViews.of(call, List.of(view)).getFirst());
        return call.has("ClientToken") ? answer.put("ClientToken", call.text("ClientToken")) : answer;
    }

    private static ArrayNode primaryFirst(JsonNode addresses) {
        ArrayNode ordered = Call.answer().putArray("ordered");
        for (JsonNode address : addresses) {
            if (address.path("Primary").asBoolean()) {
                ordered.insert(0, address.path("PrivateIpAddress"));
            } else {
                ordered.add(address.path("PrivateIpAddress"));
            }
        }
        return ordered;
    }

    /** By ids alone if some are given: that one isn't there is not the same as that a filter doesn't want it. */
    private static Query query(Call call) {
        Query query = Query.none();
        List<String> ids = call.texts("NetworkInterfaceIds");
        if (!ids.isEmpty()) {
            return ids.size() <= MOST_IDS ? query.andEach("networkInterfaceId", ids) : query;
        }
        Filters filters = Filters.of(call, "Filters", Set.of(GROUP_NAME));
        ASKED.forEach((filter, field) -> {
            List<String> values = filters.takePlain(filter);
            if (values != null && values.size() <= MOST_IDS) {
                query.andEach(field, values);
            }
        });
        return query;
    }

    private static ObjectNode describe(Call call) {
        List<JsonNode> views = call.instances().list(PATH, "networkInterfaces", query(call));
        List<ObjectNode> found = NetworkInterfaceViews.of(call, views);
        return Listing.of(call, "NetworkInterfaces", "NetworkInterfaceId")
                .ids(
                        IdForm.NETWORK_INTERFACE,
                        "NetworkInterfaceIds",
                        "InvalidNetworkInterfaceID.NotFound",
                        "The networkInterface ID '%s' does not exist")
                .filter("group-id", Filters.at("Groups.GroupId"))
                .filter(GROUP_NAME, Filters.at("Groups.GroupName"))
                .filter("addresses.private-ip-address", Filters.at("PrivateIpAddresses.PrivateIpAddress"))
                .filter("addresses.primary", Filters.at("PrivateIpAddresses.Primary"))
                .filter("addresses.association.public-ip", Filters.at("PrivateIpAddresses.Association.PublicIp"))
                .filter("addresses.association.owner-id", Filters.at("PrivateIpAddresses.Association.IpOwnerId"))
                .answer(found);
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private static ObjectNode attach(Call call) {
        if (call.number("NetworkCardIndex", 0) != 0) {
            throw AwsError.unsupported("Instances have one network card here");
        }
        String instance = call.requiredText("InstanceId");
        ObjectNode body = Call.answer().put("instanceId", instance);
        body.set("deviceIndex", call.get("DeviceIndex"));
        JsonNode view = OnTheWay.awaited(
                call, List.of(instance), () -> call.instances().post(path(call) + "/attachment", body));
        return Call.answer()
                .put(
                        "AttachmentId",
                        view.path("attachment").path("attachmentId").asText())
                .put("NetworkCardIndex", 0);
    }

    private static ObjectNode detach(Call call) {
        String id = IdForm.NETWORK_INTERFACE_ATTACHMENT.checked(call.requiredText("AttachmentId"));
        JsonNode attached =
                call.instances().list(PATH, "networkInterfaces", Query.none().and("attachmentId", id)).stream()
                        .findFirst()
                        .orElseThrow(() -> noAttachment(id));
        call.instances()
                .delete(
                        PATH + "/" + attached.path("networkInterfaceId").asText() + "/attachment",
                        Query.none().and("force", call.flag("Force", false)));
        return call.done();
    }

    private static AwsError noAttachment(String id) {
        return AwsError.of("InvalidAttachmentID.NotFound", "The attachment '" + id + "' does not exist");
    }

    private static ObjectNode modify(Call call) {
        refuse(
                call,
                "EnaSrdSpecification",
                "EnablePrimaryIpv6",
                "ConnectionTrackingSpecification",
                "AssociatePublicIpAddress");
        ObjectNode body = Call.answer();
        if (call.has("Description")) {
            body.set("description", call.get("Description").path("Value"));
        }
        if (call.has("SourceDestCheck")) {
            body.set("sourceDestCheck", call.get("SourceDestCheck").path("Value"));
        }
        if (call.has("Groups")) {
            body.set("securityGroupIds", call.get("Groups"));
        }
        JsonNode attachment = call.get("Attachment");
        if (attachment.isObject()) {
            String id = attachment.path("AttachmentId").asText();
            JsonNode there = call.instances().get(path(call)).path("attachment");
            if (!there.path("attachmentId").asText().equals(id)) {
                throw noAttachment(id);
            }
            body.set("deleteOnTermination", attachment.path("DeleteOnTermination"));
        }
        if (body.isEmpty()) {
            throw AwsError.combination("No attributes specified.");
        }
        call.instances().patch(path(call), body);
        return call.done();
    }

    private static ObjectNode describeAttribute(Call call) {
        ObjectNode one = NetworkInterfaceViews.of(call, List.of(call.instances().get(path(call))))
                .getFirst();
        ObjectNode answer = Call.answer();
        answer.set("NetworkInterfaceId", one.path("NetworkInterfaceId"));
        String attribute = call.requiredText("Attribute");
        switch (attribute) {
            case "description" -> answer.putObject("Description").set("Value", one.path("Description"));
            case "sourceDestCheck" -> answer.putObject("SourceDestCheck").set("Value", one.path("SourceDestCheck"));
            case "groupSet" -> answer.set("Groups", one.path("Groups"));
            case "attachment" -> {
                if (one.has("Attachment")) {
                    answer.set("Attachment", one.path("Attachment"));
                }
            }
            default -> throw AwsError.unsupported("The attribute " + attribute + " is not supported");
        }
        return answer;
    }

    private static ObjectNode reset(Call call) {
        call.instances().patch(path(call), Call.answer().put("sourceDestCheck", true));
        return call.done();
    }

    private static ObjectNode assignPrivate(Call call) {
        refuse(call, "Ipv4Prefixes", "Ipv4PrefixCount");
        ObjectNode body = Call.answer();
        body.set("allowReassignment", call.get("AllowReassignment"));
        body.set("secondaryPrivateIpAddressCount", call.get("SecondaryPrivateIpAddressCount"));
        if (call.has("PrivateIpAddresses")) {
            body.set("privateIpAddresses", call.get("PrivateIpAddresses"));
        }
        JsonNode view = call.instances().post(path(call) + "/private-addresses", body);
        ObjectNode answer = Call.answer();
        answer.set("NetworkInterfaceId", view.path("networkInterfaceId"));
        ArrayNode assigned = answer.putArray("AssignedPrivateIpAddresses");
        List<String> named = call.texts("PrivateIpAddresses");
        JsonNode all = view.path("privateIpAddresses");
        int firstNew = all.size() - call.number("SecondaryPrivateIpAddressCount", 0);
        for (int i = 0; i < all.size(); i++) {
            String address = all.get(i).path("privateIpAddress").asText();
            // Those that are counted come behind those that were there.
            if (named.isEmpty() ? i >= firstNew : named.contains(address)) {
                assigned.addObject().put("PrivateIpAddress", address);
            }
        }
        return answer;
    }

    private static ObjectNode unassignPrivate(Call call) {
        refuse(call, "Ipv4Prefixes");
        call.instances()
                .delete(
                        path(call) + "/private-addresses",
                        Query.none().andEach("privateIpAddress", call.texts("PrivateIpAddresses")));
        return call.done();
    }

    private static ObjectNode assignIpv6(Call call) {
        refuse(call, "Ipv6Prefixes", "Ipv6PrefixCount");
        ObjectNode body = Call.answer();
        body.set("ipv6AddressCount", call.get("Ipv6AddressCount"));
        if (call.has("Ipv6Addresses")) {
            body.set("ipv6Addresses", call.get("Ipv6Addresses"));
        }
        JsonNode view = call.instances().post(path(call) + "/ipv6-addresses", body);
        ObjectNode answer = Call.answer();
        answer.set("NetworkInterfaceId", view.path("networkInterfaceId"));
        ArrayNode assigned = answer.putArray("AssignedIpv6Addresses");
        JsonNode all = view.path("ipv6Addresses");
        int added = call.has("Ipv6Addresses") ? call.get("Ipv6Addresses").size() : call.number("Ipv6AddressCount", 0);
        for (int i = Math.max(0, all.size() - added); i < all.size(); i++) {
            assigned.add(all.get(i));
        }
        return answer;
    }

    private static ObjectNode unassignIpv6(Call call) {
        refuse(call, "Ipv6Prefixes");
        List<String> addresses = call.texts("Ipv6Addresses");
        JsonNode view = call.instances()
                .delete(path(call) + "/ipv6-addresses", Query.none().andEach("ipv6Address", addresses));
        ObjectNode answer = Call.answer();
        answer.set("NetworkInterfaceId", view.path("networkInterfaceId"));
        answer.set("UnassignedIpv6Addresses", call.get("Ipv6Addresses"));
        return answer;
    }
}
