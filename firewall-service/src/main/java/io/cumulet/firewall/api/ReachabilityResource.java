package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.app.Reach;
import io.cumulet.firewall.app.Reach.Answer;
import io.cumulet.firewall.app.Reach.EndWish;
import io.cumulet.firewall.app.Reach.Question;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.reachability.Explanation.GroupStep;
import io.cumulet.firewall.domain.reachability.Explanation.RuleStep;
import io.cumulet.firewall.domain.reachability.Explanation.Step;
import io.cumulet.firewall.domain.reachability.Probe;
import io.cumulet.firewall.domain.reachability.Reachability.End;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/reachability")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Reachability")
public class ReachabilityResource {

    private static final Set<String> QUESTION = Set.of(
            "source", "destination", "protocol", "destinationPort", "icmpType", "icmpCode", "addressFamily", "vpcId");
    private static final Set<String> END = Set.of("instanceId", "networkInterfaceId", "address");

    private final Reach reach;
    private final Caller caller;

    public ReachabilityResource(Reach reach, Caller caller) {
        this.reach = reach;
        this.caller = caller;
    }

    /** Whether one reaches another, and why. */
    @Schema(name = "ReachabilityAnswer")
    public record AnswerView(
            boolean reachable,

            @Schema(
                    description = "What who tries it sees",
                    examples = "times out: no rule of sg-0123456789abcdef0 allows tcp/443 from 10.0.0.5")
            String summary,

            EndView source,
            EndView destination,

            @Schema(description = "In the order a packet takes them; the first that doesn't pass decides")
            List<StepView> steps) {

        static AnswerView of(Answer answer, IpFamily family) {
            return new AnswerView(
                    answer.explanation().reachable(),
                    answer.explanation().summary(),
                    EndView.of(answer.source(), family),
                    EndView.of(answer.destination(), family),
                    answer.explanation().steps().stream().map(StepView::of).toList());
        }
    }

    /** One end as it was found; without an instance it is an address outside. */
    @Schema(name = "ReachabilityEnd")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EndView(
            @Nullable String address,
            @Nullable String instanceId,
            @Nullable String networkInterfaceId,
            @Nullable String vpcId,
            @Nullable List<String> securityGroupIds) {

        static EndView of(End end, IpFamily family) {
            String address = end.addressOf(family).map(IpAddress::toString).orElse(null);
            Member member = end.member();
            return member == null
                    ? new EndView(address, null, null, null, null)
                    : new EndView(
                            address, member.instanceId(), member.interfaceId(), member.vpcId(), member.groupIds());
        }
    }

    @Schema(name = "ReachabilityStep")
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record StepView(
            @Schema(
                    description = "network, addresses, source-state, source-egress, destination-ingress or"
                            + " destination-state")
            String step,

            boolean passes,
            String detail,
            List<GroupStepView> groups) {

        static StepView of(Step step) {
            return new StepView(
                    step.place().code(),
                    step.passes(),
                    step.detail(),
                    step.groups().stream().map(GroupStepView::of).toList());
        }
    }

    @Schema(name = "ReachabilityGroup")
    public record GroupStepView(String groupId, String groupName, boolean allows, List<RuleStepView> rules) {

        static GroupStepView of(GroupStep step) {
            return new GroupStepView(
                    step.groupId(),
                    step.groupName(),
                    step.allows(),
                    step.rules().stream().map(RuleStepView::of).toList());
        }
    }

    @Schema(name = "ReachabilityRule")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RuleStepView(
            String ruleId, boolean allows, @Nullable String why) {

        static RuleStepView of(RuleStep step) {
            return new RuleStepView(step.rule().id(), step.allows(), step.why());
        }
    }

    @POST
    @Operation(
            summary = "Explains step by step whether one reaches another, and what who tries it sees",
            description = "Each end is an instance or an address. icmp without a type is what ping sends. The address"
                    + " family is IPv4 unless an address, icmpv6 or addressFamily says otherwise.")
    public AnswerView explain(
            @RequestBody(content = @Content(schema = @Schema(implementation = ReachabilityForm.class))) @Nullable
                    JsonNode body) {
        JsonPlace json = JsonPlace.body(body, QUESTION);
        EndWish source = end(json.required("source"));
        EndWish destination = end(json.required("destination"));
        Probe probe = ProbeReader.read(json, "destinationPort");
        IpAddress from = source.address();
        IpAddress to = destination.address();
        if (from != null && to != null && from.family() != to.family()) {
            throw json.required("destination").required("address").invalid("both addresses are of one family");
        }
        IpAddress either = from == null ? to : from;
        IpFamily family =
                ProbeReader.family(json.optionalText("addressFamily"), probe, either == null ? null : either.family());
        return AnswerView.of(
                reach.explain(
                                caller.account(),
                                caller.region(),
                                new Question(source, destination, probe, family, json.optionalText("vpcId")))
                        .orThrow(),
                family);
    }

    private static EndWish end(JsonPlace json) {
        json.object(END);
        if (!json.has("instanceId") && !json.has("address")) {
            throw json.refused(ErrorCode.MISSING_PARAMETER, "An end is an instanceId or an address");
        }
        if (json.has("networkInterfaceId") && !json.has("instanceId")) {
            throw json.required("networkInterfaceId")
                    .refused(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            "An interface is chosen among those of an instanceId");
        }
        IpAddress address = json.optional("address")
                .map(place -> IpAddress.parse(place.text())
                        .orElseThrow(() ->
                                place.invalid("an IPv4 or IPv6 address is expected here; not '" + place.text() + "'")))
                .orElse(null);
        return new EndWish(
                json.path(), json.optionalText("instanceId"), json.optionalText("networkInterfaceId"), address);
    }

    /** The form of the request, for the OpenAPI document alone. */
    @Schema(name = "ReachabilityRequest")
    record ReachabilityForm(
            @Schema(required = true) EndForm source,
            @Schema(required = true) EndForm destination,

            @Schema(required = true, description = "tcp, udp, icmp, icmpv6, or a number as a string")
            String protocol,

            @Schema(description = "tcp and udp only") @Nullable
            Integer destinationPort,

            @Schema(description = "icmp and icmpv6 only; an echo request if not said") @Nullable
            Integer icmpType,

            @Nullable Integer icmpCode,

            @Schema(description = "ipv4 or ipv6") @Nullable String addressFamily,

            @Schema(description = "For two addresses that several VPCs have") @Nullable
            String vpcId) {}

    @Schema(name = "ReachabilityEndForm", description = "An instance, an address, or an instance's address")
    record EndForm(
            @Nullable String instanceId,

            @Schema(description = "Of the instance; its primary one if not said") @Nullable
            String networkInterfaceId,

            @Nullable String address) {}
}
