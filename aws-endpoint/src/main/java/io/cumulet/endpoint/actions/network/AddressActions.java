package io.cumulet.endpoint.actions.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.actions.instances.OnTheWay;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Elastic addresses. */
@ApplicationScoped
public class AddressActions implements ActionSet {

    private static final String PATH = "/v1/addresses";
    private static final String POOL = "amazon";
    private static final String DOMAIN = "vpc";
    private static final Shape ADDRESS = Api.EC2.model().shape("Address");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("AllocateAddress", AddressActions::allocate);
        actions.ec2("AssociateAddress", AddressActions::associate);
        actions.ec2("DisassociateAddress", AddressActions::disassociate);
        actions.ec2("ReleaseAddress", AddressActions::release);
        actions.ec2("DescribeAddresses", AddressActions::describe);
        actions.ec2("DescribeAddressesAttribute", AddressActions::describeAttribute, "no address has a domain name");
    }

    private static ObjectNode allocate(Call call) {
        String domain = call.text("Domain");
        if (domain != null && !domain.equals(DOMAIN)) {
            throw AwsError.unsupported("Addresses are for VPCs; there is no EC2-Classic");
        }
        String pool = call.text("PublicIpv4Pool");
        if (pool != null && !pool.equals(POOL) || call.has("CustomerOwnedIpv4Pool")) {
            throw AwsError.unsupported("There is one pool of addresses, the operator's");
        }
        String group = call.text("NetworkBorderGroup");
        if (group != null && !group.equals(call.region().value())) {
            throw AwsError.invalidValue("networkBorderGroup", group, "The only one is the region.");
        }
        ObjectNode body = Call.answer().put("publicIp", call.text("Address"));
        body.set("tags", TagSpecifications.of(call, "elastic-ip"));
        JsonNode address = call.instances().post(PATH, body);
        return Call.answer()
                .put("PublicIp", address.path("publicIp").asText())
                .put("AllocationId", address.path("allocationId").asText())
                .put("PublicIpv4Pool", POOL)
                .put("NetworkBorderGroup", call.region().value())
                .put("Domain", DOMAIN);
    }

    /** The path of the address that is named by allocation or by itself. */
    private static String path(Call call) {
        if (call.has("AllocationId")) {
            return PATH + "/" + RestService.segment(call.requiredText("AllocationId"));
        }
        if (!call.has("PublicIp")) {
            throw AwsError.of("MissingParameter", "Invalid request, expect PublicIp/AllocationId parameter.");
        }
        String publicIp = call.requiredText("PublicIp");
        return find(call, "publicIp", publicIp, "InvalidAddress.NotFound", "Address '" + publicIp + "' not found.");
    }

    private static String find(Call call, String field, String value, String code, String message) {
        return call.instances().list(PATH, "addresses", Query.none().and(field, value)).stream()
                .findFirst()
                .map(address -> PATH + "/" + address.path("allocationId").asText())
                .orElseThrow(() -> AwsError.of(code, message));
    }

    private static ObjectNode associate(Call call) {
        if (!call.has("InstanceId") && !call.has("NetworkInterfaceId")) {
            throw AwsError.of("MissingParameter", "Invalid request, expect InstanceId/NetworkId parameter.");
        }
        ObjectNode body = Call.answer()
                .put("instanceId", call.text("InstanceId"))
                // Terraform moves an address with the interface that it leaves; EC2 goes by the instance then.
                .put("networkInterfaceId", call.has("InstanceId") ? null : call.text("NetworkInterfaceId"))
                .put("privateIpAddress", call.text("PrivateIpAddress"));
        body.set("allowReassociation", call.get("AllowReassociation"));
        String path = path(call) + "/association";
        List<String> instances = call.has("InstanceId") ? List.of(call.requiredText("InstanceId")) : List.of();
        JsonNode address =
                OnTheWay.awaited(call, instances, () -> call.instances().post(path, body));
        return Call.answer()
                .put(
                        "AssociationId",
                        address.path("association").path("associationId").asText());
    }

    private static ObjectNode disassociate(Call call) {
        String id = call.text("AssociationId");
        String path = id == null
                ? path(call)
                : find(
                        call,
                        "associationId",
                        id,
                        "InvalidAssociationID.NotFound",
                        "The association ID '" + id + "' does not exist");
        call.instances().delete(path + "/association");
        return call.done();
    }

    private static ObjectNode release(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> addresses = call.instances().list(PATH, "addresses").stream()
                .map(view -> address(call, view))
                .toList();
        return call.has("PublicIps")
                ? Listing.of(call, "Addresses", "PublicIp")
                        .ids("PublicIps", "InvalidAddress.NotFound", "Address '%s' not found.")
                        .filter("domain", Filters.at("Domain"))
                        .answer(addresses)
                : Listing.of(call, "Addresses", "AllocationId")
                        .ids("AllocationIds", "InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist")
                        .filter("domain", Filters.at("Domain"))
                        .answer(addresses);
    }

    private static ObjectNode describeAttribute(Call call) {
        List<ObjectNode> addresses = call.instances().list(PATH, "addresses").stream()
                .map(view -> Call.answer()
                        .put("PublicIp", view.path("publicIp").asText())
                        .put("AllocationId", view.path("allocationId").asText()))
                .toList();
        return Listing.of(call, "Addresses", "AllocationId")
                .ids("AllocationIds", "InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist")
                .answer(addresses);
    }

    private static ObjectNode address(Call call, JsonNode view) {
        ObjectNode address = Names.toAws(view, ADDRESS)
                .put("Domain", DOMAIN)
                .put("PublicIpv4Pool", POOL)
                .put("NetworkBorderGroup", call.region().value());
        JsonNode association = view.path("association");
        if (association.isObject()) {
            address.setAll(Names.toAws(association, ADDRESS));
            address.put("NetworkInterfaceOwnerId", view.path("account").asText());
        }
        // Also of one that is associated with nothing: empty.
        for (String member : List.of("InstanceId", "NetworkInterfaceId")) {
            if (!address.has(member)) {
                address.put(member, "");
            }
        }
        return address;
    }
}
