package io.cumulet.endpoint.actions.securitygroups;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import io.cumulet.kernel.DefaultNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Security groups as calls name them: by id, or by name, which is always one in the default VPC. */
final class Groups {

    static final String PATH = "/v1/security-groups";
    static final String LIST = "securityGroups";
    static final String NOT_FOUND = "InvalidGroup.NotFound";

    private Groups() {}

    /**
     * The id of the group that {@code GroupId} or {@code GroupName} names.
     *
     * @throws AwsError if neither is given, or there is no group of that name
     */
    static String idOf(Call call) {
        String id = call.text("GroupId");
        if (id != null) {
            return IdForm.SECURITY_GROUP.checked(id);
        }
        String name = call.text("GroupName");
        if (name == null) {
            throw AwsError.of("MissingParameter", "The request must contain the parameter groupName or groupId");
        }
        return byName(call, name);
    }

    /** @throws AwsError {@code InvalidGroup.NotFound} if the default VPC has no group of this name */
    static String byName(Call call, String name) {
        return inDefaultVpc(call, List.of(name)).getFirst().path("groupId").asText();
    }

    /**
     * The groups of these names.
     *
     * @throws AwsError {@code InvalidGroup.NotFound} if the default VPC lacks one
     */
    static List<JsonNode> inDefaultVpc(Call call, List<String> names) {
        String vpcId = DefaultNetwork.vpcId(call.account(), call.region());
        List<JsonNode> found = call.firewall()
                .list(PATH, LIST, Query.none().and("vpcId", vpcId).andEach("groupName", names));
        for (String name : names) {
            if (found.stream().noneMatch(group -> group.path("name").asText().equals(name))) {
                throw AwsError.of(
                        NOT_FOUND, "The security group '" + name + "' does not exist in default VPC '" + vpcId + "'");
            }
        }
        return new ArrayList<>(found);
    }

    /** Asks for a name only where a group is named by it. */
    static UnaryOperator<String> names(Call call) {
        return name -> byName(call, name);
    }

    static String arn(Call call, String kind, String id) {
        return "arn:aws:ec2:" + call.region() + ":" + call.account() + ":" + kind + "/" + id;
    }

    static String path(String groupId) {
        return PATH + "/" + RestService.segment(groupId);
    }
}
