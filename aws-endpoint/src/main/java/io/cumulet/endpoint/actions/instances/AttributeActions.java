package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Attributes of an instance: looking at them one by one, and changing them. */
@ApplicationScoped
public class AttributeActions implements ActionSet {

    private static final String PATH = "/v1/instances/";
    private static final String INTERFACES = "/v1/network-interfaces/";

    /** Attributes by name that are a member of the instance in REST, and how a change says them. */
    private static final Map<String, String> PLAIN = Map.of(
            "instanceType", "InstanceType",
            "disableApiTermination", "DisableApiTermination",
            "disableApiStop", "DisableApiStop",
            "instanceInitiatedShutdownBehavior", "InstanceInitiatedShutdownBehavior",
            "ebsOptimized", "EbsOptimized",
            "enaSupport", "EnaSupport",
            "userData", "UserData");

    private static final List<String> BOOLEANS =
            List.of("disableApiTermination", "disableApiStop", "ebsOptimized", "enaSupport");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeInstanceAttribute", AttributeActions::describe);
        actions.ec2("ModifyInstanceAttribute", AttributeActions::modify);
        actions.ec2("ResetInstanceAttribute", AttributeActions::reset);
        actions.ec2(
                "GetConsoleOutput",
                AttributeActions::consoleOutput,
                "Empty: what the simulated driver runs writes to no console");
        actions.ec2(
                "GetPasswordData",
                AttributeActions::passwordData,
                "Empty: what the simulated driver runs makes no password");
        actions.ec2("ModifyInstancePlacement", AttributeActions::modifyPlacement);
    }

    /** An instance as REST shows it. */
    static JsonNode view(Call call, String id) {
        return call.instances()
                .find(PATH + RestService.segment(id))
                .orElseThrow(() -> InstanceIds.notFound(List.of(id)));
    }

    private static ObjectNode describe(Call call) {
        String id = InstanceIds.one(call);
        String attribute = call.requiredText("Attribute");
        JsonNode view = view(call, id);
        ObjectNode answer = Call.answer().put("InstanceId", id);
        switch (attribute) {
            case "instanceType" -> answer.putObject("InstanceType").set("Value", view.path("instanceType"));
            case "userData" -> {
                ObjectNode value = answer.putObject("UserData");
                JsonNode data = call.instances()
                        .get(PATH + RestService.segment(id) + "/attributes/user-data")
                        .path("userData");
                if (!data.isMissingNode()) {
                    value.set("Value", data);
                }
            }
            case "groupSet" ->
                answer.set("Groups", GroupNames.of(call, List.of(view)).list(view.path("securityGroupIds")));
            case "blockDeviceMapping" -> answer.putArray("BlockDeviceMappings");
            case "productCodes" -> answer.putArray("ProductCodes");
            case "kernel" -> answer.putObject("KernelId");
            case "ramdisk" -> answer.putObject("RamdiskId");
            case "sriovNetSupport" -> answer.putObject("SriovNetSupport");
            case "enclaveOptions" ->
                answer.putObject("EnclaveOptions")
                        .set("Enabled", view.path("enclaveOptions").path("enabled"));
            default -> {
                String member = Character.toUpperCase(attribute.charAt(0)) + attribute.substring(1);
                ObjectNode value = answer.putObject(member);
                if (view.has(attribute)) {
                    value.set("Value", view.path(attribute));
                }
            }
        }
        return answer;
    }

    /** One attribute at a time, under its own name or as {@code Attribute} and {@code Value}. */
    private static ObjectNode modify(Call call) {
        String id = InstanceIds.one(call);
        for (String member : List.of("BlockDeviceMappings", "Kernel", "Ramdisk", "SriovNetSupport")) {
            if (call.has(member)) {
                throw AwsError.unsupported("The attribute " + Call.lowerCamel(member) + " can't be modified");
            }
        }
        ObjectNode body = Call.answer();
        PLAIN.forEach((field, member) -> {
            if (call.has(member)) {
                body.set(field, call.get(member).path("Value"));
            }
        });
        if (call.has("Groups")) {
            body.set("securityGroupIds", call.get("Groups"));
        }
        JsonNode sourceDestCheck = call.get("SourceDestCheck").path("Value");
        if (call.has("Attribute")) {
            String attribute = call.requiredText("Attribute");
            JsonNode value = value(call, attribute);
            if (attribute.equals("sourceDestCheck")) {
                sourceDestCheck = value;
            } else {
                body.set(attribute, value);
            }
        }
        int said = body.size() + (sourceDestCheck.isMissingNode() ? 0 : 1);
        if (said != 1) {
            throw said == 0
                    ? AwsError.of("InvalidParameterCombination", "No attributes specified.")
                    : AwsError.combination("Fields for multiple attribute types specified");
        }
        if (sourceDestCheck.isMissingNode()) {
            view(call, id);
            OnTheWay.awaited(call, List.of(id), () -> call.instances().patch(PATH + RestService.segment(id), body));
        } else {
            sourceDestCheck(call, id, sourceDestCheck);
        }
        return call.done();
    }

    private static JsonNode value(Call call, String attribute) {
        String value = call.requiredText("Value");
        if (BOOLEANS.contains(attribute) || attribute.equals("sourceDestCheck")) {
            if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
                throw AwsError.invalidValue("value", value, "It is true or false");
            }
            return Call.answer().booleanNode(Boolean.parseBoolean(value));
        }
        if (!PLAIN.containsKey(attribute)) {
            throw AwsError.unsupported("The attribute " + attribute + " can't be modified by attribute and value");
        }
        return Call.answer().textNode(value);
    }

    /** It is the primary interface's; an instance with several has it in each of them. */
    private static void sourceDestCheck(Call call, String id, JsonNode value) {
        JsonNode interfaces = view(call, id).path("networkInterfaces");
        if (interfaces.size() != 1) {
            throw AwsError.of(
                    "InvalidInstanceID",
                    interfaces.isEmpty()
                            ? "The instance '" + id + "' has no network interface"
                            : "There are multiple interfaces attached to instance '" + id
                                    + "'. Please specify an interface ID for the operation instead.");
        }
        String interfaceId = interfaces.get(0).path("networkInterfaceId").asText();
        ObjectNode body = Call.answer();
        body.set("sourceDestCheck", value);
        call.instances().patch(INTERFACES + RestService.segment(interfaceId), body);
    }

    private static ObjectNode reset(Call call) {
        String id = InstanceIds.one(call);
        String attribute = call.requiredText("Attribute");
        switch (attribute) {
            case "sourceDestCheck" -> sourceDestCheck(call, id, Call.answer().booleanNode(true));
            case "kernel", "ramdisk" -> throw AwsError.unsupported("The attribute " + attribute + " can't be reset");
            default ->
                throw AwsError.invalidValue(
                        "attribute", attribute, "Only kernel, ramdisk and sourceDestCheck can be reset");
        }
        return call.done();
    }

    private static ObjectNode consoleOutput(Call call) {
        String id = InstanceIds.one(call);
        return Call.answer().put("InstanceId", id).put("Output", "").put("Timestamp", since(view(call, id)));
    }

    private static ObjectNode passwordData(Call call) {
        String id = InstanceIds.one(call);
        return Call.answer().put("InstanceId", id).put("PasswordData", "").put("Timestamp", since(view(call, id)));
    }

    private static String since(JsonNode view) {
        return Instant.parse(view.path("stateEnteredAt").asText())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    /** There are no dedicated hosts and no placement groups yet: what is, is all there can be. */
    private static ObjectNode modifyPlacement(Call call) {
        String id = InstanceIds.one(call);
        JsonNode view = view(call, id);
        for (String member : List.of("HostId", "HostResourceGroupArn", "PartitionNumber", "GroupId")) {
            if (call.has(member)) {
                throw AwsError.unsupported("The parameter " + member + " is not supported");
            }
        }
        String group = call.text("GroupName");
        if (group != null && !group.isEmpty()) {
            throw AwsError.unsupported("There are no placement groups yet");
        }
        if (!call.get("Tenancy").asText("default").equals(view.path("tenancy").asText())
                || !call.get("Affinity").asText("default").equals("default")) {
            throw AwsError.unsupported("There are no dedicated instances and hosts yet");
        }
        ArrayNode said = Call.answer().arrayNode();
        for (String member : List.of("GroupName", "Tenancy", "Affinity")) {
            if (call.has(member)) {
                said.add(member);
            }
        }
        if (said.isEmpty()) {
            throw AwsError.missing("tenancy");
        }
        if (!view.path("state").asText().equals("stopped")) {
            throw AwsError.of(
                    "IncorrectInstanceState",
                    "The instance '" + id + "' is not in a state from which it can be modified: it"
                            + " has to be stopped");
        }
        return call.done();
    }
}
