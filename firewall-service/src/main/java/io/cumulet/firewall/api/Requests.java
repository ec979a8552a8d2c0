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
            @Nullable String description,
            @Nullable Map<String, String> tags) {}

    @Schema(name = "ModifyRuleRequest", description = "What the rule says from now on; its tags stay")
    record ModifyRule(
            @Schema(required = true) String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode,

            @Schema(required = true, description = "Of the same kind as before")
            RuleView.PeerView peer,

            @Nullable String description) {}

    @Schema(name = "ModifyRulesRequest")
    record ModifyRules(
            @Schema(required = true, description = "All are changed, or none")
            List<ModifiedRule> rules) {}

    @Schema(name = "ModifiedRule")
    record ModifiedRule(
            @Schema(required = true) String ruleId,
            @Schema(required = true) String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode,
            @Schema(required = true) RuleView.PeerView peer,
            @Nullable String description) {}

    @Schema(name = "DescribeRuleRequest", description = "A field left out stays")
    record DescribeRule(
            @Schema(description = "null: it goes") @Nullable String description,

            @Schema(description = "A tag with null as value is removed") @Nullable
            Map<String, @Nullable String> tags) {}

    @Schema(name = "DescribeRulesRequest")
    record DescribeRules(
            @Schema(required = true, description = "All are described, or none")
            List<DescribedRule> rules) {}

    @Schema(name = "DescribedRule", description = "Either the ruleId alone, or all that the rule says")
    record DescribedRule(
            @Nullable String ruleId,
            @Nullable String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode,
            RuleView.@Nullable PeerView peer,

            @Schema(description = "null: it goes") @Nullable String description) {}

    @Schema(name = "RevokeRulesRequest")
    record RevokeRules(
            @Schema(required = true, description = "All go, or none")
            List<RevokedRule> rules) {}

    @Schema(name = "RevokedRule", description = "Either the ruleId alone, or all that the rule says")
    record RevokedRule(
            @Nullable String ruleId,
            @Nullable String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode,
            RuleView.@Nullable PeerView peer) {}

    @Schema(name = "TagRequest")
    record Tagging(
            @Schema(required = true, description = "A tag with null as value is removed")
            Map<String, @Nullable String> tags) {}

    @Schema(name = "CreatePrefixListRequest")
    record CreatePrefixList(
            @Schema(required = true, examples = "offices") String name,

            @Schema(
                    required = true,
                    enumeration = {"IPv4", "IPv6"})
            String addressFamily,

            @Schema(
                    required = true,
                    minimum = "1",
                    maximum = "1000",
                    description = "As many rules a rule counts that names the list")
            Integer maxEntries,

            @Nullable List<EntryForm> entries,
            @Nullable Map<String, String> tags,

            @Schema(description = "The same token and request give the same answer") @Nullable
            String clientToken) {}

    @Schema(name = "PrefixListEntry")
    record EntryForm(
            @Schema(required = true, examples = "10.0.0.0/8")
            String cidr,

            @Nullable String description) {}

    @Schema(name = "ModifyPrefixListRequest", description = "A field left out stays")
    record ModifyPrefixList(
            @Schema(description = "Required where entries change, unless anyVersion is said") @Nullable
            Long currentVersion,

            @Schema(
                    description =
                            "Whether entries change whatever the version is by then; not together with currentVersion")
            @Nullable
            Boolean anyVersion,

            @Schema(description = "An entry that is there already gets the description") @Nullable
            List<EntryForm> addEntries,

            @Schema(description = "Blocks of entries") @Nullable
            List<String> removeEntries,

            @Nullable String name,

            @Schema(description = "Not together with entries") @Nullable
            Integer maxEntries,

            @Schema(description = "A tag with null as value is removed") @Nullable
            Map<String, @Nullable String> tags) {}

    @Schema(name = "RestorePrefixListRequest")
    record RestorePrefixList(
            @Schema(required = true) Long previousVersion,

            @Schema(required = true, description = "The version it has now")
            Long currentVersion) {}

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
