package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.firewall.app.GroupAdvisor;
import io.cumulet.firewall.app.GroupAdvisor.FindingFilter;
import io.cumulet.firewall.domain.advice.Finding;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/security-groups/advice")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Advice")
public class AdviceResource {

    private final GroupAdvisor advisor;
    private final Caller caller;

    public AdviceResource(GroupAdvisor advisor, Caller caller) {
        this.advisor = advisor;
        this.caller = caller;
    }

    /** A page of findings; without a token it is the last. */
    @Schema(name = "FindingPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FindingPage(
            List<FindingView> findings, @Nullable String nextToken) {}

    /**
     * A finding.
     *
     * @param direction none if the whole group is meant
     * @param ruleIds the rules at fault; together, if several
     * @param shadowedBy for a shadowed rule
     * @param exposedInterfaces for what is open to the world
     */
    @Schema(name = "Finding")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FindingView(
            String kind,
            String severity,
            String groupId,
            String groupName,
            @Nullable String direction,
            List<String> ruleIds,
            @Nullable List<String> shadowedBy,
            @Nullable Integer exposedInterfaces,
            String advice) {

        static FindingView of(Finding finding) {
            Direction direction = finding.direction();
            return new FindingView(
                    finding.kind().code(),
                    finding.severity().code(),
                    finding.groupId(),
                    finding.groupName(),
                    direction == null ? null : direction.code(),
                    finding.ruleIds(),
                    finding.kind() == Finding.Kind.SHADOWED_RULE ? finding.byRuleIds() : null,
                    switch (finding.kind()) {
                        case EVERY_PORT_OPEN_TO_WORLD, SSH_OPEN_TO_WORLD, RDP_OPEN_TO_WORLD -> finding.members();
                        case SHADOWED_RULE, RULE_MATCHES_NOTHING, UNUSED_GROUP, UNUSED_DEFAULT_GROUP -> null;
                    },
                    finding.advice());
        }
    }

    @GET
    @AllowedQuery({"kind", "groupId", "maxResults", "nextToken"})
    @Operation(
            summary = "Tells what is wrong with groups, or not needed, and what to do about it",
            description = "A filter given twice means either. Kinds: every-port-open-to-world, ssh-open-to-world,"
                    + " rdp-open-to-world, shadowed-rule, rule-matches-nothing, unused-group, unused-default-group."
                    + " In the order of the groups' ids.")
    public FindingPage list(
            @QueryParam("kind") List<String> kinds,
            @QueryParam("groupId") List<String> groupIds,
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
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        Set<Finding.Kind> wanted = EnumSet.noneOf(Finding.Kind.class);
        kinds.forEach(kind -> wanted.add(kind(kind)));
        List<Finding> found = advisor.findings(
                caller.account(),
                caller.region(),
                new FindingFilter(wanted, Set.copyOf(groupIds)),
                paging.afterKey(),
                paging.sizeToAsk());
        return new FindingPage(
                paging.page(found).stream().map(FindingView::of).toList(), paging.nextToken(found, Finding::key));
    }

    private static Finding.Kind kind(String code) {
        return Finding.Kind.ofCode(code)
                .orElseThrow(() -> Refusal.of(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "kind",
                                "There is no kind '" + code + "'; there are "
                                        + Stream.of(Finding.Kind.values())
                                                .map(Finding.Kind::code)
                                                .collect(Collectors.joining(", ")))
                        .asException());
    }
}
