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
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Internet gateways of both kinds. */
@ApplicationScoped
public class GatewayActions implements ActionSet {

    private static final String PATH = "/v1/internet-gateways";
    private static final String EGRESS_ONLY = "/v1/egress-only-internet-gateways";
    private static final Shape GATEWAY = Api.EC2.model().shape("InternetGateway");
    private static final Shape EGRESS_ONLY_GATEWAY = Api.EC2.model().shape("EgressOnlyInternetGateway");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateInternetGateway", GatewayActions::create, VpcActions.RECORDED);
        actions.ec2("DescribeInternetGateways", GatewayActions::describe);
        actions.ec2("DeleteInternetGateway", GatewayActions::delete);
        actions.ec2("AttachInternetGateway", GatewayActions::attach, VpcActions.RECORDED);
        actions.ec2("DetachInternetGateway", GatewayActions::detach);
        actions.ec2("CreateEgressOnlyInternetGateway", GatewayActions::createEgressOnly, VpcActions.RECORDED);
        actions.ec2("DescribeEgressOnlyInternetGateways", GatewayActions::describeEgressOnly);
        actions.ec2("DeleteEgressOnlyInternetGateway", GatewayActions::deleteEgressOnly);
    }

    private static String path(Call call) {
        return PATH + "/" + IdForm.INTERNET_GATEWAY.segment(call, "InternetGatewayId");
    }

    private static ObjectNode create(Call call) {
        ObjectNode body = Call.answer();
        body.set("tags", TagSpecifications.of(call, "internet-gateway"));
        ObjectNode answer = Call.answer();
        answer.set("InternetGateway", gateway(call.instances().post(PATH, body)));
        return answer;
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> gateways = call.instances().list(PATH, "internetGateways").stream()
                .map(GatewayActions::gateway)
                .toList();
        return Listing.of(call, "InternetGateways", "InternetGatewayId")
                .ids(
                        IdForm.INTERNET_GATEWAY,
                        "InternetGatewayIds",
                        "InvalidInternetGatewayID.NotFound",
                        "The internetGateway ID '%s' does not exist")
                .filter("attachment.state", Filters.at("Attachments.State"))
                .filter("attachment.vpc-id", Filters.at("Attachments.VpcId"))
                .answer(gateways);
    }

    private static ObjectNode gateway(JsonNode view) {
        return Names.toAws(view, GATEWAY).put("OwnerId", view.path("account").asText());
    }

    private static ObjectNode delete(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private static ObjectNode attach(Call call) {
        call.instances().post(path(call) + "/attachment", Call.answer().put("vpcId", call.requiredText("VpcId")));
        return call.done();
    }

    private static ObjectNode detach(Call call) {
        call.instances().delete(path(call) + "/attachment", Query.none().and("vpcId", call.requiredText("VpcId")));
        return call.done();
    }

    private static ObjectNode createEgressOnly(Call call) {
        ObjectNode body =
                Call.answer().put("vpcId", call.requiredText("VpcId")).put("clientToken", call.text("ClientToken"));
        body.set("tags", TagSpecifications.of(call, "egress-only-internet-gateway"));
        ObjectNode answer = Call.answer();
        answer.set(
                "EgressOnlyInternetGateway",
                Names.toAws(call.instances().post(EGRESS_ONLY, body), EGRESS_ONLY_GATEWAY));
        return call.has("ClientToken") ? answer.put("ClientToken", call.text("ClientToken")) : answer;
    }

    private static ObjectNode describeEgressOnly(Call call) {
        List<ObjectNode> gateways = call.instances().list(EGRESS_ONLY, "egressOnlyInternetGateways").stream()
                .map(view -> Names.toAws(view, EGRESS_ONLY_GATEWAY))
                .toList();
        return Listing.of(call, "EgressOnlyInternetGateways", "EgressOnlyInternetGatewayId")
                .idsIfThere(IdForm.EGRESS_ONLY_INTERNET_GATEWAY, "EgressOnlyInternetGatewayIds")
                .answer(gateways);
    }

    private static ObjectNode deleteEgressOnly(Call call) {
        call.instances()
                .delete(EGRESS_ONLY + "/"
                        + IdForm.EGRESS_ONLY_INTERNET_GATEWAY.segment(call, "EgressOnlyInternetGatewayId"));
        return Call.answer().put("ReturnCode", true);
    }
}
