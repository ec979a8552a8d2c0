package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Which instance profiles instances have. There is no IAM: any profile can be named, and none gives credentials. */
@ApplicationScoped
public class ProfileActions implements ActionSet {

    private static final String PATH = "/v1/instances/";
    private static final String PROFILE = "IamInstanceProfile";
    private static final String ASSOCIATION = "AssociationId";
    private static final String RECORDED = "Recorded and shown; there is no IAM that would know profiles";
    private static final int ID_DIGITS = 17;

    /** Instances that end have no profile any more. */
    private static final Set<String> ENDING = Set.of("shutting-down", "terminated");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("AssociateIamInstanceProfile", ProfileActions::associate, RECORDED);
        actions.ec2("DisassociateIamInstanceProfile", ProfileActions::disassociate);
        actions.ec2("ReplaceIamInstanceProfileAssociation", ProfileActions::replace, RECORDED);
        actions.ec2("DescribeIamInstanceProfileAssociations", ProfileActions::describe);
    }

    private static ObjectNode associate(Call call) {
        String id = InstanceIds.one(call);
        if (association(AttributeActions.view(call, id), "associated").isPresent()) {
            throw AwsError.of("IncorrectState", "There is an existing association for instance " + id);
        }
        return answer(told(change(call, id, profile(call)), "associating"));
    }

    private static ObjectNode disassociate(Call call) {
        ObjectNode association = named(call);
        change(call, association.path("InstanceId").asText(), Call.answer());
        return answer(association.put("State", "disassociating"));
    }

    private static ObjectNode replace(Call call) {
        String id = named(call).path("InstanceId").asText();
        return answer(told(change(call, id, profile(call)), "associating"));
    }

    private static ObjectNode describe(Call call) {
        return Listing.of(call, "IamInstanceProfileAssociations", ASSOCIATION)
                .ids("AssociationIds", "InvalidAssociationID.NotFound", "An invalid association-id of '%s' was given")
                .answer(all(call));
    }

    private static List<ObjectNode> all(Call call) {
        return call.instances().list("/v1/instances", "instances").stream()
                .flatMap(view -> association(view, "associated").stream())
                .toList();
    }

    private static ObjectNode named(Call call) {
        String id = call.requiredText(ASSOCIATION);
        return all(call).stream()
                .filter(association -> association.path(ASSOCIATION).asText().equals(id))
                .findFirst()
                .orElseThrow(() -> AwsError.of(
                        "InvalidAssociationID.NotFound", "An invalid association-id of '" + id + "' was given"));
    }

    private static ObjectNode profile(Call call) {
        JsonNode given = call.get(PROFILE);
        ObjectNode profile = Call.answer();
        for (String member : List.of("Arn", "Name")) {
            if (!given.path(member).asText().isEmpty()) {
                profile.set(Call.lowerCamel(member), given.get(member));
            }
        }
        if (profile.isEmpty()) {
            throw AwsError.missing("IamInstanceProfile.Name");
        }
        return profile;
    }

    /** @param profile an empty one takes the instance's away */
    private static JsonNode change(Call call, String instanceId, ObjectNode profile) {
        ObjectNode body = Call.answer();
        body.set("iamInstanceProfile", profile);
        return OnTheWay.awaited(
                call, List.of(instanceId), () -> call.instances().patch(PATH + RestService.segment(instanceId), body));
    }

    private static ObjectNode told(JsonNode view, String state) {
        return association(view, state).orElseThrow();
    }

    static Optional<ObjectNode> association(JsonNode view, String state) {
        JsonNode profile = view.path("iamInstanceProfile");
        if (!profile.isObject() || ENDING.contains(view.path("state").asText())) {
            return Optional.empty();
        }
        String instanceId = view.path("instanceId").asText();
        String arn = profile.path("arn").asText();
        ObjectNode association = Call.answer()
                .put(ASSOCIATION, id(instanceId, arn))
                .put("InstanceId", instanceId)
                .put("State", state);
        association
                .putObject(PROFILE)
                .put("Arn", arn)
                .put("Id", profile.path("id").asText());
        return Optional.of(association);
    }

    /** An instance has one profile at most, so the two of them say which association it is. */
    private static String id(String instanceId, String arn) {
        String digits = UUID.nameUUIDFromBytes((instanceId + " " + arn).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return "iip-assoc-" + digits.substring(0, ID_DIGITS);
    }

    private static ObjectNode answer(ObjectNode association) {
        ObjectNode answer = Call.answer();
        answer.set("IamInstanceProfileAssociation", association);
        return answer;
    }
}
