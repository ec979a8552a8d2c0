package io.cumulet.firewall.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.api.RuleView.GroupRulePage;
import io.cumulet.firewall.api.RuleView.GroupRuleView;
import io.cumulet.firewall.app.GroupRules;
import io.cumulet.firewall.app.GroupStore.GroupRule;
import io.cumulet.firewall.app.GroupStore.RuleFilter;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/security-group-rules")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Security groups")
public class GroupRulesResource {

    private final GroupRules rules;
    private final Caller caller;

    public GroupRulesResource(GroupRules rules, Caller caller) {
        this.rules = rules;
        this.caller = caller;
    }

    @GET
    @Path("{ruleId}")
    @Operation(summary = "Tells of one rule")
    public GroupRuleView get(@PathParam("ruleId") String ruleId) {
        return GroupRuleView.of(
                rules.find(caller.account(), caller.region(), ruleId).orThrow());
    }

    @PATCH
    @Path("{ruleId}")
    @Operation(summary = "Changes the description and the tags of a rule")
    public GroupRuleView describe(
            @PathParam("ruleId") String ruleId,
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.DescribeRule.class))) @Nullable
                    JsonNode body) {
        return GroupRuleView.of(rules.describe(caller.account(), caller.region(), ruleId, RuleReader.words(body))
                .orThrow());
    }

    @GET
    @AllowedQuery({"groupId", "ruleId", "tag:*", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists rules of all groups, in the order of their ids",
            description = "A filter given twice means either. Besides those listed, tag:KEY=VALUE filters by a tag.")
    public GroupRulePage list(
            @QueryParam("groupId") List<String> groupIds,
            @QueryParam("ruleId") List<String> ruleIds,
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
        List<GroupRule> found = rules.list(
                caller.account(),
                caller.region(),
                new RuleFilter(groupIds, ruleIds, TagFilters.of(uri)),
                paging.afterKey(),
                paging.sizeToAsk());
        return new GroupRulePage(
                paging.page(found).stream().map(GroupRuleView::of).toList(),
                paging.nextToken(found, one -> one.rule().id()));
    }
}
