package io.cumulet.endpoint.actions.parameters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Paged;
import io.cumulet.endpoint.protocol.AwsError;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Systems Manager's public parameters of images, by which clients find the newest one. An account's own there aren't.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-finding-public-parameters.html">
 *     Public parameters</a>
 */
@ApplicationScoped
public class ParameterActions implements ActionSet {

    static final String TYPE = "String";

    private static final String PARAMETERS = "Parameters";
    private static final String NOTE = "public parameters of images alone";
    private static final int LARGEST = 10;

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.SYSTEMS_MANAGER, "GetParameter", ParameterActions::get, false, NOTE);
        actions.add(Api.SYSTEMS_MANAGER, "GetParameters", ParameterActions::getSeveral, false, NOTE);
        actions.add(Api.SYSTEMS_MANAGER, "GetParametersByPath", ParameterActions::getByPath, false, NOTE);
    }

    static ObjectNode get(Call call) {
        ObjectNode answer = Call.answer();
        answer.set(
                "Parameter",
                PublicParameter.find(call.region(), call.requiredText("Name")).view());
        return answer;
    }

    /** Those that aren't there are told beside the others. */
    static ObjectNode getSeveral(Call call) {
        List<String> names = call.texts("Names").stream().sorted().toList();
        if (names.stream().distinct().count() < names.size()) {
            throw AwsError.of("ValidationException", "Duplicate Names are not allowed.");
        }
        ObjectNode answer = Call.answer();
        ArrayNode found = answer.putArray(PARAMETERS);
        ArrayNode missing = answer.putArray("InvalidParameters");
        for (String name : names) {
            try {
                found.add(PublicParameter.find(call.region(), name).view());
            } catch (AwsError e) {
                missing.add(name);
            }
        }
        return answer;
    }

    static ObjectNode getByPath(Call call) {
        String asked = call.requiredText("Path");
        if (!asked.startsWith("/")) {
            throw AwsError.of("ValidationException", "The parameter path must begin with a slash: " + asked);
        }
        String path = asked.endsWith("/") ? asked : asked + "/";
        boolean isRecursive = call.flag("Recursive", false);
        List<PublicParameter> found = PublicParameter.all(call.region()).stream()
                .filter(parameter -> parameter.name().startsWith(path))
                .filter(parameter -> isRecursive || parameter.name().indexOf('/', path.length()) < 0)
                .filter(parameter -> passesAll(call.get("ParameterFilters")))
                .toList();
        Paged<PublicParameter> page =
                Paged.of(call, "NextToken", call.number("MaxResults", LARGEST), found, PublicParameter::name);
        ObjectNode answer = Call.answer().put("NextToken", page.nextToken());
        ArrayNode parameters = answer.putArray(PARAMETERS);
        page.items().forEach(parameter -> parameters.add(parameter.view()));
        return answer;
    }

    /** Of what can be asked for only the type tells anything of a public parameter. */
    private static boolean passesAll(JsonNode filters) {
        boolean passes = true;
        for (JsonNode filter : filters) {
            boolean begins = filter.path("Option").asText().equals("BeginsWith");
            passes &= switch (filter.path("Key").asText()) {
                case "Type" -> has(filter, begins);
                case "KeyId", "Label" -> false;
                default ->
                    throw AwsError.of(
                            "InvalidFilterKey",
                            "The following filter key is not valid: "
                                    + filter.path("Key").asText()
                                    + ". Valid filter keys include: [Type, KeyId, Label].");
            };
        }
        return passes;
    }

    private static boolean has(JsonNode filter, boolean begins) {
        for (JsonNode value : filter.path("Values")) {
            if (begins ? TYPE.startsWith(value.asText()) : TYPE.equals(value.asText())) {
                return true;
            }
        }
        return false;
    }
}
