package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.kernel.DefaultNetwork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of security groups, for answers that give ids and names. The default group of a VPC is known by its id; for others
 * the firewall is asked, once for an answer.
 */
final class GroupNames {

    private static final String PATH = "/v1/security-groups";
    private static final String LIST = "securityGroups";
    private static final String DEFAULT = "default";
    /** Ids in one question: they stand in its URL. */
    private static final int MOST_IDS = 100;

    private final Map<String, String> names;

    private GroupNames(Map<String, String> names) {
        this.names = names;
    }

    /** Of the groups of these instances, as the service shows them. */
    static GroupNames of(Call call, Collection<? extends JsonNode> instances) {
        Map<String, String> names = new HashMap<>();
        Set<String> unknown = new TreeSet<>();
        for (JsonNode instance : instances) {
            String vpcId = instance.path("vpcId").asText();
            String ofVpc = DefaultNetwork.securityGroupId(call.account(), call.region(), vpcId);
            names.put(ofVpc, DEFAULT);
            instance.path("securityGroupIds").forEach(id -> unknown.add(id.asText()));
            for (JsonNode one : instance.path("networkInterfaces")) {
                one.path("securityGroupIds").forEach(id -> unknown.add(id.asText()));
            }
        }
        unknown.removeAll(names.keySet());
        List<String> ids = List.copyOf(unknown);
        for (int from = 0; from < ids.size(); from += MOST_IDS) {
            Query some = Query.none().andEach("groupId", ids.subList(from, Math.min(ids.size(), from + MOST_IDS)));
            for (JsonNode group : call.firewall().list(PATH, LIST, some)) {
                names.put(
                        group.path("groupId").asText(), group.path("groupName").asText());
            }
        }
        return new GroupNames(names);
    }

    /** Ids as EC2 lists groups; a group that is gone has no name. */
    ArrayNode list(JsonNode ids) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (JsonNode id : ids) {
            ObjectNode group = list.addObject().put("GroupId", id.asText());
            String name = names.get(id.asText());
            if (name != null) {
                group.put("GroupName", name);
            }
        }
        return list;
    }

    /**
     * The ids of groups of the default VPC that are given by name.
     *
     * @throws AwsError {@code InvalidGroup.NotFound}
     */
    static List<String> idsInDefaultVpc(Call call, List<String> wanted) {
        String vpcId = DefaultNetwork.vpcId(call.account(), call.region());
        for (JsonNode vpc :
                call.instances().list("/v1/vpcs", "vpcs", Query.none().and("isDefault", true))) {
            vpcId = vpc.path("vpcId").asText();
        }
        Map<String, String> ids = new HashMap<>();
        Query byName = Query.none().and("vpcId", vpcId).andEach("groupName", wanted);
        for (JsonNode group : call.firewall().list(PATH, LIST, byName)) {
            ids.put(group.path("groupName").asText(), group.path("groupId").asText());
        }
        List<String> found = new ArrayList<>();
        for (String name : wanted) {
            String id = ids.get(name);
            if (id == null) {
                throw AwsError.of("InvalidGroup.NotFound", "The security group '" + name + "' does not exist");
            }
            found.add(id);
        }
        return found;
    }
}
