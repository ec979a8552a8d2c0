package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Options of instances that have actions of their own. */
@ApplicationScoped
public class OptionActions implements ActionSet {

    private static final String PATH = "/v1/instances/";
    private static final String METADATA_DEFAULTS = "/v1/instance-metadata-defaults";
    private static final String RECORDED = "Recorded and shown; the simulated driver does nothing about it";
    private static final String NOT_SUPPORTED = "InstanceCreditSpecification.NotSupported";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("ModifyInstanceMetadataOptions", OptionActions::modifyMetadata, RECORDED);
        actions.ec2("GetInstanceMetadataDefaults", OptionActions::metadataDefaults);
        actions.ec2("ModifyInstanceMetadataDefaults", OptionActions::modifyMetadataDefaults);
        actions.ec2("ModifyInstanceMaintenanceOptions", OptionActions::modifyMaintenance, RECORDED);
        actions.ec2("ModifyPrivateDnsNameOptions", OptionActions::modifyPrivateDnsName, RECORDED);
        actions.ec2("DescribeInstanceCreditSpecifications", OptionActions::describeCredits);
        actions.ec2("ModifyInstanceCreditSpecification", OptionActions::modifyCredits, RECORDED);
    }

    private static ObjectNode modifyMetadata(Call call) {
        String id = InstanceIds.one(call);
        JsonNode changed = changed(
                call,
                id,
                "metadataOptions",
                "HttpTokens",
                "HttpPutResponseHopLimit",
                "HttpEndpoint",
                "HttpProtocolIpv6",
                "InstanceMetadataTags");
        ObjectNode answer = Call.answer().put("InstanceId", id);
        answer.set(
                "InstanceMetadataOptions",
                Names.toAws(changed.path("metadataOptions"), Api.EC2.model().shape("InstanceMetadataOptionsResponse")));
        return answer;
    }

    private static ObjectNode metadataDefaults(Call call) {
        ObjectNode answer = Call.answer();
        answer.set(
                "AccountLevel",
                Names.toAws(
                        call.instances().get(METADATA_DEFAULTS),
                        Api.EC2.model().shape("InstanceMetadataDefaultsResponse")));
        return answer;
    }

    private static ObjectNode modifyMetadataDefaults(Call call) {
        ObjectNode body = Call.answer();
        for (String member : List.of("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags")) {
            if (call.has(member)) {
                body.set(Call.lowerCamel(member), call.get(member));
            }
        }
        call.instances().patch(METADATA_DEFAULTS, body);
        return call.done();
    }

    private static ObjectNode modifyMaintenance(Call call) {
        String id = InstanceIds.one(call);
        JsonNode changed = changed(call, id, "maintenanceOptions", "AutoRecovery");
        ObjectNode answer = Call.answer().put("InstanceId", id);
        answer.set("AutoRecovery", changed.path("maintenanceOptions").path("autoRecovery"));
        return answer;
    }

    private static ObjectNode modifyPrivateDnsName(Call call) {
        ObjectNode options = Call.answer();
        options.set("hostnameType", call.input().get("PrivateDnsHostnameType"));
        options.set("enableResourceNameDnsARecord", call.input().get("EnableResourceNameDnsARecord"));
        options.set("enableResourceNameDnsAAAARecord", call.input().get("EnableResourceNameDnsAAAARecord"));
        patch(call, InstanceIds.one(call), "privateDnsNameOptions", options);
        return call.done();
    }

    private static JsonNode changed(Call call, String id, String field, String... members) {
        ObjectNode said = Call.answer();
        for (String member : members) {
            if (call.has(member)) {
                said.set(Call.lowerCamel(member), call.get(member));
            }
        }
        return patch(call, id, field, said);
    }

    private static JsonNode patch(Call call, String id, String field, ObjectNode value) {
        AttributeActions.view(call, id);
        ObjectNode body = Call.answer();
        body.set(field, value);
        return call.instances().patch(PATH + RestService.segment(id), body);
    }

    /** Of those named; else of all that have credits without limit, as EC2 lists them. */
    private static ObjectNode describeCredits(Call call) {
        boolean areNamed = call.has("InstanceIds");
        InstancePages.Page page = new InstancePages(
                        call,
                        Api.EC2.model().shape("InstanceCreditSpecification"),
                        Map.of("instance-id", Filters.at("InstanceId")),
                        views -> views.stream()
                                .filter(view -> areNamed || isUnlimited(view))
                                .map(OptionActions::credits)
                                .toList())
                .read(null);
        ObjectNode answer = Call.answer();
        ArrayNode list = answer.putArray("InstanceCreditSpecifications");
        page.items().forEach(list::add);
        return answer.put("NextToken", page.nextToken());
    }

    private static boolean isUnlimited(JsonNode view) {
        return view.path("creditSpecification").path("cpuCredits").asText().equals("unlimited");
    }

    private static ObjectNode credits(JsonNode view) {
        String id = view.path("instanceId").asText();
        JsonNode credits = view.path("creditSpecification").path("cpuCredits");
        if (credits.isMissingNode()) {
            throw AwsError.of(NOT_SUPPORTED, "The instance '" + id + "' has no burstable performance");
        }
        ObjectNode one = Call.answer().put("InstanceId", id);
        one.set("CpuCredits", credits);
        return one;
    }

    /** Each for itself: what can't be is told of those that can't. */
    private static ObjectNode modifyCredits(Call call) {
        ObjectNode answer = Call.answer();
        ArrayNode done = answer.putArray("SuccessfulInstanceCreditSpecifications");
        ArrayNode failed = answer.putArray("UnsuccessfulInstanceCreditSpecifications");
        for (JsonNode asked : call.get("InstanceCreditSpecifications")) {
            String id = asked.path("InstanceId").asText();
            String credits = asked.path("CpuCredits").asText();
            if (!List.of("standard", "unlimited").contains(credits)) {
                throw AwsError.invalidValue("CpuCredits", credits, "It is standard or unlimited");
            }
            try {
                InstanceIds.checked(List.of(id));
                patch(call, id, "creditSpecification", Call.answer().put("cpuCredits", credits));
                done.addObject().put("InstanceId", id);
            } catch (AwsError e) {
                if (e.status() >= 500) {
                    throw e;
                }
                failed.addObject()
                        .put("InstanceId", id)
                        .putObject("Error")
                        .put("Code", e.code())
                        .put("Message", e.getMessage());
            }
        }
        return answer;
    }
}
