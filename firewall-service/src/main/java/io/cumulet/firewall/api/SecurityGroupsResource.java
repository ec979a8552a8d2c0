package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.api.GroupView.GroupPage;
import io.cumulet.firewall.api.RuleView.RuleList;
import io.cumulet.firewall.app.GroupDeletions;
import io.cumulet.firewall.app.GroupRules;
import io.cumulet.firewall.app.GroupStore.GroupFilter;
import io.cumulet.firewall.app.SecurityGroups;
import io.cumulet.firewall.domain.groups.GroupWish;
import io.cumulet.firewall.domain.groups.RuleDecisions.Description;
import io.cumulet.firewall.domain.groups.RuleLimits;
import io.cumulet.firewall.domain.groups.RuleSpec;
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
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.EnumSet;
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
    private static final Set<String> RULE = RuleReader.fieldsAnd("description", "tags");
    private static final Set<String> MODIFY = Set.of("rules");
    private static final Set<String> MODIFIED_RULE = RuleReader.fieldsAnd("description", "ruleId");
    private static final Set<String> THE_MODIFIED_RULE = RuleReader.fieldsAnd("description");
    private static final Set<String> REVOKE = Set.of("rules");
    private static final Set<String> REVOKED_RULE = RuleReader.fieldsAnd("ruleId");
    private static final Set<String> DESCRIBED_RULE = RuleReader.fieldsAnd("ruleId", "description");
    private static final Set<String> TAGS = Set.of("tags");

    private final SecurityGroups groups;
    private final GroupDeletions deletions;
    private final GroupRules rules;
    private final RuleLimits limits;
    private final Caller caller;

    public SecurityGroupsResource(
            SecurityGroups groups, GroupDeletions deletions, GroupRules rules, RuleLimits limits, Caller caller) {
        this.groups = groups;
        this.deletions = deletions;
        this.rules = rules;
        this.limits = limits;
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
        List<SecurityGroup> found = groups.list(
                caller.account(),
                caller.region(),
                new GroupFilter(groupIds, names, vpcIds, TagFilters.of(uri)),
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

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes a group's tags")
    public GroupView tag(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Tagging.class))) @Nullable
                    JsonNode body) {
        JsonPlace json = JsonPlace.body(body, TAGS);
        return GroupView.of(groups.tag(
                        caller.account(),
                        caller.region(),
                        id,
                        json.required("tags").changes())
                .orThrow());
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(
            summary = "Deletes a group that no interface has and no other group's rule names",
            description = "The instance service is asked; while it is away no group can be deleted.")
    public void delete(@PathParam("id") String id) {
        deletions.delete(caller.account(), caller.region(), id).orThrow();
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

    @PUT
    @Path("{id}/ingress-rules/{ruleId}")
    @Operation(
            summary = "Puts another ingress rule in the place of one, which keeps its id and tags",
            description = "The kind of peer stays: an IPv4 block, an IPv6 block, a group or a prefix list.")
    public RuleView modifyIngress(
            @PathParam("id") String id,
            @PathParam("ruleId") String ruleId,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.ModifyRule.class))) @Nullable
                    JsonNode body) {
        return modify(id, Direction.INGRESS, ruleId, body);
    }

    @POST
    @Path("{id}/ingress-rules/modifications")
    @Operation(summary = "Puts other ingress rules in the place of some: all of them, or none")
    public RuleList modifySeveralIngress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.ModifyRules.class))) @Nullable
                    JsonNode body) {
        return modify(id, Set.of(Direction.INGRESS), body);
    }

    @PATCH
    @Path("{id}/ingress-rules/{ruleId}")
    @Operation(summary = "Changes the description and the tags of an ingress rule")
    public RuleView describeIngress(
            @PathParam("id") String id,
            @PathParam("ruleId") String ruleId,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.DescribeRule.class))) @Nullable
                    JsonNode body) {
        return describe(id, Direction.INGRESS, ruleId, body);
    }

    @POST
    @Path("{id}/ingress-rules/revocations")
    @Operation(
            summary = "Takes ingress rules away, all of them or none",
            description = "By their ids, or by exactly what they say. Answers the rules that went.")
    public RuleList revokeSeveralIngress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.RevokeRules.class))) @Nullable
                    JsonNode body) {
        return revoke(id, Direction.INGRESS, body);
    }

    @POST
    @Path("{id}/ingress-rules/descriptions")
    @Operation(
            summary = "Describes ingress rules anew, all of them or none",
            description = "By their ids, or by exactly what they say. One left without a description loses it.")
    public RuleList describeSeveralIngress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.DescribeRules.class))) @Nullable
                    JsonNode body) {
        return describe(id, Direction.INGRESS, body);
    }

    @POST
    @Path("{id}/egress-rules/descriptions")
    @Operation(
            summary = "Describes egress rules anew, all of them or none",
            description = "By their ids, or by exactly what they say. One left without a description loses it.")
    public RuleList describeSeveralEgress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.DescribeRules.class))) @Nullable
                    JsonNode body) {
        return describe(id, Direction.EGRESS, body);
    }

    @POST
    @Path("{id}/rules/modifications")
    @Operation(summary = "Puts other rules in the place of some of either direction: all of them, or none")
    public RuleList modifySeveral(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.ModifyRules.class))) @Nullable
                    JsonNode body) {
        return modify(id, EnumSet.allOf(Direction.class), body);
    }

    @PUT
    @Path("{id}/egress-rules/{ruleId}")
    @Operation(
            summary = "Puts another egress rule in the place of one, which keeps its id and tags",
            description = "The kind of peer stays: an IPv4 block, an IPv6 block, a group or a prefix list.")
    public RuleView modifyEgress(
            @PathParam("id") String id,
            @PathParam("ruleId") String ruleId,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.ModifyRule.class))) @Nullable
                    JsonNode body) {
        return modify(id, Direction.EGRESS, ruleId, body);
    }

    @POST
    @Path("{id}/egress-rules/modifications")
    @Operation(summary = "Puts other egress rules in the place of some: all of them, or none")
    public RuleList modifySeveralEgress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.ModifyRules.class))) @Nullable
                    JsonNode body) {
        return modify(id, Set.of(Direction.EGRESS), body);
    }

    @PATCH
    @Path("{id}/egress-rules/{ruleId}")
    @Operation(summary = "Changes the description and the tags of an egress rule")
    public RuleView describeEgress(
            @PathParam("id") String id,
            @PathParam("ruleId") String ruleId,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.DescribeRule.class))) @Nullable
                    JsonNode body) {
        return describe(id, Direction.EGRESS, ruleId, body);
    }

    @POST
    @Path("{id}/egress-rules/revocations")
    @Operation(
            summary = "Takes egress rules away, all of them or none",
            description = "By their ids, or by exactly what they say. Answers the rules that went.")
    public RuleList revokeSeveralEgress(
            @PathParam("id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.RevokeRules.class))) @Nullable
                    JsonNode body) {
        return revoke(id, Direction.EGRESS, body);
    }

    private RuleView modify(String id, Direction direction, String ruleId, @Nullable JsonNode body) {
        Rule wanted = RuleReader.rule(JsonPlace.body(body, THE_MODIFIED_RULE), ruleId);
        return RuleView.of(rules.modify(caller.account(), caller.region(), id, Set.of(direction), List.of(wanted))
                .orThrow()
                .getFirst());
    }

    private RuleList modify(String id, Set<Direction> directions, @Nullable JsonNode body) {
        JsonPlace list = JsonPlace.body(body, MODIFY).required("rules");
        List<Rule> wanted = new ArrayList<>();
        for (JsonPlace rule : list.elements(limits.rulesInARequest())) {
            rule.object(MODIFIED_RULE);
            wanted.add(RuleReader.rule(rule, rule.required("ruleId").name()));
        }
        if (wanted.isEmpty()) {
            throw list.invalid("at least one rule is expected here");
        }
        return RuleList.of(rules.modify(caller.account(), caller.region(), id, directions, wanted)
                .orThrow());
    }

    private RuleView describe(String id, Direction direction, String ruleId, @Nullable JsonNode body) {
        return RuleView.of(
                rules.describe(caller.account(), caller.region(), id, direction, ruleId, RuleReader.words(body))
                        .orThrow());
    }

    private RuleList describe(String id, Direction direction, @Nullable JsonNode body) {
        JsonPlace list = JsonPlace.body(body, REVOKE).required("rules");
        List<Description> descriptions = new ArrayList<>();
        for (JsonPlace one : list.elements(limits.rulesInARequest())) {
            one.object(DESCRIBED_RULE);
            descriptions.add(new Description(RuleReader.spec(one), one.optionalText("description")));
        }
        if (descriptions.isEmpty()) {
            throw list.invalid("at least one rule is expected here");
        }
        return RuleList.of(rules.describe(caller.account(), caller.region(), id, direction, descriptions)
                .orThrow());
    }

    private RuleList revoke(String id, Direction direction, @Nullable JsonNode body) {
        JsonPlace list = JsonPlace.body(body, REVOKE).required("rules");
        List<RuleSpec> specs = new ArrayList<>();
        for (JsonPlace one : list.elements(limits.rulesInARequest())) {
            specs.add(RuleReader.spec(one.object(REVOKED_RULE)));
        }
        if (specs.isEmpty()) {
            throw list.invalid("at least one rule is expected here");
        }
        return RuleList.of(rules.revoke(caller.account(), caller.region(), id, direction, specs)
                .orThrow());
    }

    private RuleList authorize(String id, Direction direction, @Nullable JsonNode body) {
        JsonPlace json = JsonPlace.body(body, AUTHORIZE);
        JsonPlace list = json.required("rules");
        List<Rule> wanted = new ArrayList<>();
        for (JsonPlace rule : list.elements(limits.rulesInARequest())) {
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
