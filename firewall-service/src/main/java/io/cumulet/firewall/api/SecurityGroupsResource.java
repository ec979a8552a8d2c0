package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.api.GroupView.GroupPage;
import io.cumulet.firewall.api.RuleView.RuleList;
import io.cumulet.firewall.app.GroupRules;
import io.cumulet.firewall.app.GroupStore.GroupFilter;
import io.cumulet.firewall.app.SecurityGroups;
import io.cumulet.firewall.domain.groups.GroupWish;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/security-groups")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Security groups")
public class SecurityGroupsResource {

    private static final Set<String> CREATE = Set.of("name", "description", "vpcId", "tags", "clientToken");
    private static final Set<String> AUTHORIZE = Set.of("rules", "clientToken");
    private static final Set<String> RULE = RuleReader.fieldsAnd("description");
    private static final String TAG = "tag:";

    private final SecurityGroups groups;
    private final GroupRules rules;
    private final Caller caller;

    public SecurityGroupsResource(SecurityGroups groups, GroupRules rules, Caller caller) {
        this.groups = groups;
        this.rules = rules;
        this.caller = caller;
    }

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes a group that lets nothing in and everything out")
    public GroupView create(
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.CreateGroup.class))) @Nullable
                    JsonNode body) {
        JsonPlace json = JsonPlace.body(body, CREATE);
        GroupWish wish = new GroupWish(
                json.required("name").text(),
                json.required("description").text(),
                json.optionalText("vpcId"),
                json.optional("tags").map(JsonPlace::texts).orElse(Map.of()));
        return GroupView.of(groups.create(caller.account(), caller.region(), wish, json.optionalText("clientToken"))
                .orThrow());
    }

    @GET
    @AllowedQuery({"groupId", "groupName", "vpcId", "tag:*", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists groups, in the order of their ids",
            description = "A filter given twice means either. Besides those listed, tag:KEY=VALUE filters by a tag.")
    public GroupPage list(
            @QueryParam("groupId") List<String> groupIds,
            @QueryParam("groupName") List<String> names,
            @QueryParam("vpcId") List<String> vpcIds,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "1000",
                                            defaultValue = "100"))
                    @QueryParam("maxResults")
                    @Nullable
                    String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        Map<String, List<String>> tags = new LinkedHashMap<>();
        uri.getQueryParameters().forEach((name, values) -> {
            if (name.startsWith(TAG)) {
                tags.put(name.substring(TAG.length()), values);
            }
        });
        List<SecurityGroup> found = groups.list(
                caller.account(),
                caller.region(),
                new GroupFilter(groupIds, names, vpcIds, tags),
                paging.afterKey(),
                paging.sizeToAsk());
        return new GroupPage(
                paging.page(found).stream().map(GroupView::of).toList(), paging.nextToken(found, SecurityGroup::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one group")
    public GroupView get(@PathParam("id") String id) {
        return GroupView.of(found(id));
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes a group that no instance has and no other group's rule names")
    public void delete(@PathParam("id") String id) {
        groups.delete(caller.account(), caller.region(), id).orThrow();
    }

    @GET
    @Path("{id}/ingress-rules")
    @Operation(summary = "Lists what a group lets in")
    public RuleList ingress(@PathParam("id") String id) {
        return RuleList.of(found(id).ingress());
    }

    @GET
    @Path("{id}/egress-rules")
    @Operation(summary = "Lists what a group lets out")
    public RuleList egress(@PathParam("id") String id) {
        return RuleList.of(found(id).egress());
    }

    @POST
    @Path("{id}/ingress-rules")
    @ResponseStatus(201)
    @Operation(summary = "Lets more in: all of these rules are added, or none")
    public RuleList authorizeIngress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Authorize.class))) @Nullable
                    JsonNode body) {
        return authorize(id, Direction.INGRESS, body);
    }

    @POST
    @Path("{id}/egress-rules")
    @ResponseStatus(201)
    @Operation(summary = "Lets more out: all of these rules are added, or none")
    public RuleList authorizeEgress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Authorize.class))) @Nullable
                    JsonNode body) {
        return authorize(id, Direction.EGRESS, body);
    }

    @DELETE
    @Path("{id}/ingress-rules/{ruleId}")
    @ResponseStatus(204)
    @Operation(summary = "Takes an ingress rule away")
    public void revokeIngress(@PathParam("id") String id, @PathParam("ruleId") String ruleId) {
        rules.revoke(caller.account(), caller.region(), id, Direction.INGRESS, ruleId)
                .orThrow();
    }

    @DELETE
    @Path("{id}/egress-rules/{ruleId}")
    @ResponseStatus(204)
    @Operation(summary = "Takes an egress rule away")
    public void revokeEgress(@PathParam("id") String id, @PathParam("ruleId") String ruleId) {
        rules.revoke(caller.account(), caller.region(), id, Direction.EGRESS, ruleId)
                .orThrow();
    }

    private RuleList authorize(String id, Direction direction, @Nullable JsonNode body) {
        JsonPlace json = JsonPlace.body(body, AUTHORIZE);
        JsonPlace list = json.required("rules");
        List<Rule> wanted = new ArrayList<>();
        for (JsonPlace rule : list.elements()) {
            wanted.add(RuleReader.rule(rule.object(RULE), ResourceKind.SECURITY_GROUP_RULE.newId()));
        }
        if (wanted.isEmpty()) {
            throw list.invalid("at least one rule is expected here");
        }
        return RuleList.of(rules.authorize(
                        caller.account(), caller.region(), id, direction, wanted, json.optionalText("clientToken"))
                .orThrow());
    }

    private SecurityGroup found(String id) {
        return groups.find(caller.account(), caller.region(), id).orThrow();
    }
}
