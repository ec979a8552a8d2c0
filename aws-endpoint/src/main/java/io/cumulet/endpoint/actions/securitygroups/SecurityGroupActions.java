package io.cumulet.endpoint.actions.securitygroups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.IdForm;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Security groups. */
@ApplicationScoped
public class SecurityGroupActions implements ActionSet {

    private static final String NO_PEERING = "there is no peering: always empty";
    private static final String NO_SUCH_GROUP = "The security group '%s' does not exist";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateSecurityGroup", SecurityGroupActions::create);
        actions.ec2("DescribeSecurityGroups", SecurityGroupActions::describe);
        actions.ec2("DeleteSecurityGroup", SecurityGroupActions::delete);
        actions.ec2("GetSecurityGroupsForVpc", SecurityGroupActions::ofVpc);
        actions.ec2("DescribeSecurityGroupReferences", SecurityGroupActions::describeReferences, NO_PEERING);
        actions.ec2("DescribeStaleSecurityGroups", SecurityGroupActions::describeStale, NO_PEERING);
    }

    private static ObjectNode create(Call call) {
        ObjectNode body = Call.answer()
                .put("name", call.requiredText("GroupName"))
                .put("description", call.requiredText("Description"))
                .put("vpcId", call.text("VpcId"));
        body.set("tags", TagSpecifications.of(call, "security-group"));
        JsonNode made = call.firewall().post(Groups.PATH, body);
        String id = made.path("groupId").asText();
        ObjectNode answer =
                call.done().put("GroupId", id).put("SecurityGroupArn", Groups.arn(call, "security-group", id));
        if (!made.path("tags").isEmpty()) {
            answer.set("Tags", Names.tagList(made.path("tags")));
        }
        return answer;
    }

    private static ObjectNode describe(Call call) {
        List<JsonNode> views = named(call);
        boolean byName = Filters.of(call).wanted().keySet().stream().anyMatch(name -> name.endsWith(".group-name"));
        // Names of peers aren't shown, but can be asked for.
        Map<String, String> names = byName ? names(call) : Map.of();
        Listing listing = Listing.of(call, "SecurityGroups", "GroupId")
                .filter("description", Filters.at("Description"))
                .filter("group-name", Filters.at("GroupName"));
        permissionFilters(listing, "ip-permission.", "IpPermissions.", names);
        permissionFilters(listing, "egress.ip-permission.", "IpPermissionsEgress.", names);
        return listing.ids(IdForm.SECURITY_GROUP, "GroupIds", Groups.NOT_FOUND, NO_SUCH_GROUP)
                .answer(views.stream().map(view -> group(call, view)).toList());
    }

    private static void permissionFilters(Listing listing, String filter, String path, Map<String, String> names) {
        Filters.Values groupIds = Filters.at(path + "UserIdGroupPairs.GroupId");
        listing.filter(filter + "cidr", Filters.at(path + "IpRanges.CidrIp"))
                .filter(filter + "ipv6-cidr", Filters.at(path + "Ipv6Ranges.CidrIpv6"))
                .filter(filter + "prefix-list-id", Filters.at(path + "PrefixListIds.PrefixListId"))
                .filter(filter + "from-port", Filters.at(path + "FromPort"))
                .filter(filter + "to-port", Filters.at(path + "ToPort"))
                .filter(filter + "protocol", Filters.at(path + "IpProtocol"))
                .filter(filter + "group-id", groupIds)
                .filter(
                        filter + "group-name",
                        group -> groupIds.apply(group).stream()
                                .flatMap(id -> names.containsKey(id)
                                        ? List.of(names.get(id)).stream()
                                        : List.<String>of().stream())
                                .toList())
                .filter(filter + "user-id", Filters.at(path + "UserIdGroupPairs.UserId"));
    }

    /** As few as the call lets the firewall pick: by ids and names, and by filters that are plain. */
    private static List<JsonNode> named(Call call) {
        call.texts("GroupIds").forEach(IdForm.SECURITY_GROUP::checked);
        if (call.has("GroupNames")) {
            return Groups.inDefaultVpc(call, call.texts("GroupNames"));
        }
        Filters filters = Filters.of(call);
        Query query = Query.none().andEach("groupId", call.texts("GroupIds"));
        for (Map.Entry<String, String> pushed :
                Map.of("vpc-id", "vpcId", "group-name", "groupName").entrySet()) {
            List<String> values = filters.takePlain(pushed.getKey());
            // With ids it is the listing that says which of them isn't there.
            if (values != null && !call.has("GroupIds")) {
                query.andEach(pushed.getValue(), values);
            }
        }
        return call.firewall().list(Groups.PATH, Groups.LIST, query);
    }

    private static Map<String, String> names(Call call) {
        Map<String, String> names = new HashMap<>();
        call.firewall()
                .list(Groups.PATH, Groups.LIST)
                .forEach(group -> names.put(
                        group.path("groupId").asText(), group.path("name").asText()));
        return names;
    }

    private static ObjectNode group(Call call, JsonNode view) {
        String owner = view.path("account").asText();
        String id = view.path("groupId").asText();
        ObjectNode group = Call.answer()
                .put("GroupId", id)
                .put("SecurityGroupArn", Groups.arn(call, "security-group", id))
                .put("GroupName", view.path("name").asText())
                .put("Description", view.path("description").asText())
                .put("OwnerId", owner)
                .put("VpcId", view.path("vpcId").asText());
        group.set("IpPermissions", RuleViews.permissions(view.path("ingress"), owner));
        group.set("IpPermissionsEgress", RuleViews.permissions(view.path("egress"), owner));
        group.set("Tags", Names.tagList(view.path("tags")));
        return group;
    }

    private static ObjectNode delete(Call call) {
        String id = Groups.idOf(call);
        call.firewall().delete(Groups.path(id));
        return call.done().put("GroupId", id);
    }

    private static ObjectNode ofVpc(Call call) {
        List<ObjectNode> groups = new ArrayList<>();
        for (JsonNode view : ofItsVpc(call)) {
            ObjectNode group = Call.answer()
                    .put("GroupId", view.path("groupId").asText())
                    .put("GroupName", view.path("name").asText())
                    .put("Description", view.path("description").asText())
                    .put("OwnerId", view.path("account").asText())
                    .put("PrimaryVpcId", view.path("vpcId").asText());
            group.set("Tags", Names.tagList(view.path("tags")));
            groups.add(group);
        }
        return Listing.of(call, "SecurityGroupForVpcs", "GroupId").answer(groups);
    }

    /** The groups of the VPC that the call names. */
    private static List<JsonNode> ofItsVpc(Call call) {
        String vpcId = call.requiredText("VpcId");
        call.instances().get("/v1/vpcs/" + RestService.segment(IdForm.VPC.checked(vpcId)));
        return call.firewall().list(Groups.PATH, Groups.LIST, Query.none().and("vpcId", vpcId));
    }

    /** Groups of peered VPCs that name these; a rule names groups of its own VPC alone. */
    private static ObjectNode describeReferences(Call call) {
        for (String id : call.texts("GroupId")) {
            call.firewall().get(Groups.path(IdForm.SECURITY_GROUP.checked(id)));
        }
        ObjectNode answer = Call.answer();
        answer.putArray("SecurityGroupReferenceSet");
        return answer;
    }

    /** Groups whose rules name one that is gone. One of the same VPC is there as long as a rule names it. */
    private static ObjectNode describeStale(Call call) {
        call.instances().get("/v1/vpcs/" + IdForm.VPC.segment(call, "VpcId"));
        ObjectNode answer = Call.answer();
        answer.putArray("StaleSecurityGroupSet");
        return answer;
    }
}
