package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A group as callers see it. */
@Schema(name = "SecurityGroup")
public record GroupView(
        String groupId,
        String account,
        String region,
        String vpcId,
        String name,
        String description,
        long version,
        Instant createdAt,
        List<RuleView> ingress,
        List<RuleView> egress,
        Map<String, String> tags) {

    /** A page of groups; without a token it is the last. */
    @Schema(name = "SecurityGroupPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GroupPage(
            List<GroupView> securityGroups, @Nullable String nextToken) {}

    static GroupView of(SecurityGroup group) {
        return new GroupView(
                group.id(),
                group.account().value(),
                group.region().value(),
                group.vpcId(),
                group.name(),
                group.description(),
                group.version(),
                group.createdAt(),
                group.ingress().stream().map(RuleView::of).toList(),
                group.egress().stream().map(RuleView::of).toList(),
                group.tags());
    }
}
