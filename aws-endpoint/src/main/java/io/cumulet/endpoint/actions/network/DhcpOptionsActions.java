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
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** DHCP options; which a VPC has is one of {@link VpcActions}. */
@ApplicationScoped
public class DhcpOptionsActions implements ActionSet {

    private static final String PATH = "/v1/dhcp-options";
    private static final Shape OPTIONS = Api.EC2.model().shape("DhcpOptions");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateDhcpOptions", DhcpOptionsActions::create, VpcActions.RECORDED);
        actions.ec2("DescribeDhcpOptions", DhcpOptionsActions::describe);
        actions.ec2("DeleteDhcpOptions", DhcpOptionsActions::delete);
    }

    private static ObjectNode create(Call call) {
        ObjectNode body = Call.answer();
        body.set("dhcpConfigurations", Names.toRest(call.get("DhcpConfigurations")));
        body.set("tags", TagSpecifications.of(call, "dhcp-options"));
        ObjectNode answer = Call.answer();
        answer.set("DhcpOptions", options(call.instances().post(PATH, body)));
        return answer;
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> options = call.instances().list(PATH, "dhcpOptions").stream()
                .map(DhcpOptionsActions::options)
                .toList();
        return Listing.of(call, "DhcpOptions", "DhcpOptionsId")
                .ids(
                        IdForm.DHCP_OPTIONS,
                        "DhcpOptionsIds",
                        "InvalidDhcpOptionID.NotFound",
                        "The dhcpOption ID '%s' does not exist")
                .filter("key", Filters.at("DhcpConfigurations.Key"))
                .filter("value", Filters.at("DhcpConfigurations.Values.Value"))
                .answer(options);
    }

    private static ObjectNode options(JsonNode view) {
        ObjectNode options =
                Names.toAws(view, OPTIONS).put("OwnerId", view.path("account").asText());
        ArrayNode configurations = options.putArray("DhcpConfigurations");
        for (JsonNode configuration : view.path("dhcpConfigurations")) {
            ArrayNode values = configurations
                    .addObject()
                    .put("Key", configuration.path("key").asText())
                    .putArray("Values");
            configuration.path("values").forEach(value -> values.addObject().put("Value", value.asText()));
        }
        return options;
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(PATH + "/" + IdForm.DHCP_OPTIONS.segment(call, "DhcpOptionsId"));
        return call.done();
    }
}
