package io.cumulet.firewall.api;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The forms of requests, for the OpenAPI document alone: {@link JsonPlace} reads them, strictly. */
final class Requests {

    private Requests() {}

    @Schema(name = "CreateSecurityGroupRequest")
    record CreateGroup(
            @Schema(required = true, examples = "web") String name,

            @Schema(required = true, examples = "web servers")
            String description,

            @Schema(description = "The default VPC if not said") @Nullable
            String vpcId,

            @Nullable Map<String, String> tags,

            @Schema(description = "The same token and request give the same answer") @Nullable
            String clientToken) {}

    @Schema(name = "AuthorizeRulesRequest")
    record Authorize(
            @Schema(required = true, description = "All are added, or none")
            List<RuleForm> rules,

            @Nullable String clientToken) {}

    @Schema(name = "RuleForm")
    record RuleForm(
            @Schema(
                    required = true,
                    examples = "tcp",
                    description = "tcp, udp, icmp, icmpv6, all, or a number as a string")
            String protocol,

            @Schema(description = "tcp and udp only: first port") @Nullable
            Integer fromPort,

            @Schema(description = "tcp and udp only: last port") @Nullable
            Integer toPort,

            @Schema(description = "icmp and icmpv6 only; -1 is any") @Nullable
            Integer icmpType,

            @Schema(description = "icmp and icmpv6 only; -1 is any") @Nullable
            Integer icmpCode,

            @Schema(required = true) RuleView.PeerView peer,
            @Nullable String description) {}

    @Schema(
            name = "EvaluationRequest",
            description = "Without groups, instances and prefixLists: about the account's own stored instances")
    record Evaluation(
            @Nullable List<GroupForm> groups,
            @Nullable List<InstanceForm> instances,
            @Nullable List<PrefixListForm> prefixLists,

            @Schema(description = "Of stored instances: which VPC, where two have the same addresses") @Nullable
            String vpcId,

            @Schema(required = true) List<PacketForm> packets) {}

    @Schema(name = "EvaluationGroup")
    record GroupForm(
            @Schema(required = true) String id,
            @Schema(required = true) List<EvaluationRule> ingress,
            @Schema(required = true) List<EvaluationRule> egress) {}

    @Schema(name = "EvaluationRule")
    record EvaluationRule(
            @Schema(required = true) String id,
            @Schema(required = true) String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode,
            @Schema(required = true) RuleView.PeerView peer) {}

    @Schema(name = "EvaluationInstance")
    record InstanceForm(
            @Schema(required = true) String id,
            @Schema(required = true) List<String> addresses,
            @Schema(required = true) List<String> groups) {}

    @Schema(name = "EvaluationPrefixList")
    record PrefixListForm(
            @Schema(required = true) String id,
            @Schema(required = true) List<String> cidrs) {}

    @Schema(name = "Packet", description = "The first packet of a new flow")
    record PacketForm(
            @Schema(required = true) String source,
            @Schema(required = true) String destination,

            @Schema(required = true, description = "tcp, udp, icmp, icmpv6, or a number as a string")
            String protocol,

            @Schema(description = "tcp and udp only") @Nullable
            Integer destinationPort,

            @Schema(description = "icmp and icmpv6 only") @Nullable
            Integer icmpType,

            @Schema(description = "icmp and icmpv6 only") @Nullable
            Integer icmpCode) {}
}
