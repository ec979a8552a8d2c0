package io.cumulet.endpoint.actions.securitygroups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.kernel.DefaultNetwork;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of security groups, for answers that give ids and names. The default group of a VPC is known by its id; for others
 * the firewall is asked, once for an answer.
 */
public final class GroupNames {

    private static final String DEFAULT = "default";
    /** Ids in one question: they stand in its URL. */
    private static final int MOST_IDS = 100;

    private final Map<String, String> names;

    private GroupNames(Map<String, String> names) {
        this.names = names;
    }

    /** Of the groups of these instances or interfaces, as the service shows them. */
    public static GroupNames of(Call call, Collection<? extends JsonNode> instances) {
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
        names.putAll(byId(call, unknown));
        return new GroupNames(names);
    }

    /** Ids as EC2 lists groups; a group that is gone has no name. */
    public ArrayNode list(JsonNode ids) {
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

    /** The names of groups by id; one that is gone has none. */
    public static Map<String, String> byId(Call call, Collection<String> wanted) {
        Map<String, String> names = new HashMap<>();
        List<String> ids = List.copyOf(wanted);
        for (int from = 0; from < ids.size(); from += MOST_IDS) {
            Query some = Query.none().andEach("groupId", ids.subList(from, Math.min(ids.size(), from + MOST_IDS)));
            for (JsonNode group : call.firewall().list(Groups.PATH, Groups.LIST, some)) {
                names.put(group.path("groupId").asText(), group.path("name").asText());
            }
        }
        return names;
    }

    /**
     * The ids of groups of the default VPC that are given by name. The default one is known without asking: the firewall hears of
     * a new account's VPC a little later than whoever made it.
     *
     * @throws AwsError {@code InvalidGroup.NotFound}
     */
    public static List<String> ids(Call call, List<String> wanted) {
        List<String> others =
                wanted.stream().filter(name -> !name.equals(DEFAULT)).toList();
        Map<String, String> ids = new HashMap<>();
        ids.put(
                DEFAULT,
                DefaultNetwork.securityGroupId(
                        call.account(), call.region(), DefaultNetwork.vpcId(call.account(), call.region())));
        if (!others.isEmpty()) {
            Groups.inDefaultVpc(call, others)
                    .forEach(group -> ids.put(
                            group.path("name").asText(), group.path("groupId").asText()));
        }
        return wanted.stream()
                .map(name -> Objects.requireNonNull(ids.get(name)))
                .toList();
    }
}
