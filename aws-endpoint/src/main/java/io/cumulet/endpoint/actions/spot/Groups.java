package io.cumulet.endpoint.actions.spot;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Between the ids of security groups and their names, which stand for those of the default VPC. */
final class Groups {

    private static final String PATH = "/v1/security-groups";
    private static final String MEMBER = "securityGroups";

    private Groups() {}

    /** @throws AwsError {@code InvalidGroup.NotFound} if the default VPC has none of a name */
    static List<String> ids(Call call, List<String> names) {
        if (names.isEmpty()) {
            return List.of();
        }
        String vpc = call.instances().list("/v1/vpcs", "vpcs").stream()
                .filter(one -> one.path("isDefault").asBoolean())
                .map(one -> one.path("vpcId").asText())
                .findFirst()
                .orElseThrow(() -> AwsError.of("VPCIdNotSpecified", "No default VPC for this user"));
        Map<String, String> ids = new HashMap<>();
        for (JsonNode group : call.firewall()
                .list(PATH, MEMBER, Query.none().and("vpcId", vpc).andEach("groupName", names))) {
            ids.put(group.path("name").asText(), group.path("groupId").asText());
        }
        for (String name : names) {
            if (!ids.containsKey(name)) {
                throw AwsError.of(
                        "InvalidGroup.NotFound",
                        "The security group '" + name + "' does not exist in default VPC '" + vpc + "'");
            }
        }
        return names.stream().map(ids::get).toList();
    }

    /** The names of groups by id; one that is gone has none. */
    static Map<String, String> names(Call call, Collection<String> ids) {
        Map<String, String> names = new HashMap<>();
        if (!ids.isEmpty()) {
            for (JsonNode group :
                    call.firewall().list(PATH, MEMBER, Query.none().andEach("groupId", ids))) {
                names.put(group.path("groupId").asText(), group.path("name").asText());
            }
        }
        return names;
    }
}
