package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.model.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Network interfaces as EC2 tells of them, with what other things say: names of groups, associations of addresses. */
public final class NetworkInterfaceViews {

    private static final Shape INTERFACE = Api.EC2.model().shape("NetworkInterface");

    private final Call call;
    private final GroupNames groupNames;
    private final Map<String, JsonNode> addresses;

    private NetworkInterfaceViews(Call call, List<JsonNode> views) {
        this.call = call;
        List<String> elastic = new ArrayList<>();
        for (JsonNode view : views) {
            for (JsonNode address : view.path("privateIpAddresses")) {
                if (address.path("elastic").asBoolean()) {
                    elastic.add(address.path("publicIpAddress").asText());
                }
            }
        }
        this.groupNames = GroupNames.of(call, views);
        this.addresses = new HashMap<>();
        if (!elastic.isEmpty()) {
            call.instances()
                    .list("/v1/addresses", "addresses")
                    .forEach(address -> addresses.put(address.path("publicIp").asText(), address));
        }
    }

    /** @param views as the instance service has them */
    public static List<ObjectNode> of(Call call, List<JsonNode> views) {
        NetworkInterfaceViews made = new NetworkInterfaceViews(call, views);
        return views.stream().map(made::one).toList();
    }

    private ObjectNode one(JsonNode view) {
        String owner = view.path("account").asText();
        ObjectNode one = Names.toAws(view, INTERFACE)
                .put("OwnerId", owner)
                .put("InterfaceType", "interface")
                .put("RequesterManaged", false);
        one.putObject("Operator").put("Managed", false);
        one.set("Groups", groupNames.list(view.path("securityGroupIds")));
        ArrayNode ipv6 = one.putArray("Ipv6Addresses");
        view.path("ipv6Addresses")
                .forEach(address ->
                        ipv6.addObject().put("Ipv6Address", address.asText()).put("IsPrimaryIpv6", false));
        if (!ipv6.isEmpty()) {
            one.set("Ipv6Address", ipv6.get(0).path("Ipv6Address"));
        }
        if (one.path("Attachment") instanceof ObjectNode attachment) {
            attachment.put("InstanceOwnerId", owner).put("Status", "attached").put("NetworkCardIndex", 0);
        }
        int i = 0;
        for (JsonNode address : view.path("privateIpAddresses")) {
            if (address.has("publicIpAddress") && one.path("PrivateIpAddresses").get(i) instanceof ObjectNode told) {
                ObjectNode association = association(address);
                told.set("Association", association);
                if (i == 0) {
                    one.set("PublicDnsName", association.path("PublicDnsName"));
                    one.set("Association", association);
                }
            }
            i++;
        }
        return one;
    }

    private ObjectNode association(JsonNode address) {
        String publicIp = address.path("publicIpAddress").asText();
        ObjectNode association = Call.answer()
                .put("PublicIp", publicIp)
                .put("PublicDnsName", address.path("publicDnsName").asText())
                .put(
                        "IpOwnerId",
                        address.path("elastic").asBoolean() ? call.account().value() : "amazon");
        JsonNode elastic = addresses.get(publicIp);
        if (elastic != null) {
            association.put("AllocationId", elastic.path("allocationId").asText());
            association.set("AssociationId", elastic.path("association").path("associationId"));
        }
        return association;
    }
}
