package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cumulet.firewall.app.GroupStore.GroupRule;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A rule as callers see it. */
@Schema(name = "Rule")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuleView(
        String ruleId,
        String protocol,
        @Nullable Integer fromPort,
        @Nullable Integer toPort,
        @Nullable Integer icmpType,
        @Nullable Integer icmpCode,
        PeerView peer,
        @Nullable String description,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> tags) {

    /** Rules in the order they were added. */
    @Schema(name = "RuleList")
    public record RuleList(List<RuleView> rules) {
        static RuleList of(List<Rule> rules) {
            return new RuleList(rules.stream().map(RuleView::of).toList());
        }
    }

    /** The other side; one of the three. */
    @Schema(name = "Peer", description = "Exactly one of cidr, group and prefixList")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PeerView(
            @Schema(examples = "10.0.0.0/8") @Nullable String cidr,
            @Nullable String group,
            @Nullable String prefixList) {

        static PeerView of(Peer peer) {
            return switch (peer) {
                case Peer.OfBlock(var cidr) -> new PeerView(cidr.toString(), null, null);
                case Peer.OfGroup(String id) -> new PeerView(null, id, null);
                case Peer.OfPrefixList(String id) -> new PeerView(null, null, id);
            };
        }
    }

    static RuleView of(Rule rule) {
        Integer fromPort = null;
        Integer toPort = null;
        Integer icmpType = null;
        Integer icmpCode = null;
        switch (rule.traffic()) {
            case Traffic.Ports(var transport, int from, int to) -> {
                fromPort = from;
                toPort = to;
            }
            case Traffic.Icmp(var family, int type, int code) -> {
                icmpType = type;
                icmpCode = code;
            }
            case Traffic.All all -> {}
            case Traffic.Number number -> {}
        }
        return new RuleView(
                rule.id(),
                rule.traffic().protocol(),
                fromPort,
                toPort,
                icmpType,
                icmpCode,
                PeerView.of(rule.peer()),
                rule.description(),
                rule.tags());
    }

    /** A rule, and the group it is in. */
    @Schema(name = "SecurityGroupRule")
    public record GroupRuleView(
            String groupId, String direction, @JsonUnwrapped RuleView rule) {

        static GroupRuleView of(GroupRule found) {
            return new GroupRuleView(found.groupId(), found.direction().code(), RuleView.of(found.rule()));
        }
    }

    /** A page of rules; without a token it is the last. */
    @Schema(name = "SecurityGroupRulePage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GroupRulePage(
            List<GroupRuleView> securityGroupRules,
            @Nullable String nextToken) {}
}
