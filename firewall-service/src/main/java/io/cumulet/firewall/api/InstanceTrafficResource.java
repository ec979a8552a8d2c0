package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.firewall.api.RuleView.PeerView;
import io.cumulet.firewall.app.Reach;
import io.cumulet.firewall.app.Reach.InterfaceRules;
import io.cumulet.firewall.app.Reach.Reached;
import io.cumulet.firewall.app.Reach.Reaching;
import io.cumulet.firewall.domain.reachability.EffectiveRules.Effective;
import io.cumulet.firewall.domain.reachability.EffectiveRules.Said;
import io.cumulet.firewall.domain.reachability.Probe;
import io.cumulet.firewall.domain.reachability.Sources.Reacher;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the firewall knows of an instance; the instance itself is the instance service's. */
@Path("/v1/instances/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Reachability")
public class InstanceTrafficResource {

    private final Reach reach;
    private final Caller caller;

    public InstanceTrafficResource(Reach reach, Caller caller) {
        this.reach = reach;
        this.caller = caller;
    }

    @Schema(name = "EffectiveRules")
    public record EffectiveRulesView(String instanceId, List<InterfaceRulesView> networkInterfaces) {}

    /** What an interface's groups let through together; what several rules say is there once. */
    @Schema(name = "InterfaceRules")
    public record InterfaceRulesView(
            String networkInterfaceId,
            String vpcId,
            List<String> addresses,
            List<String> securityGroupIds,
            List<EffectiveView> ingress,
            List<EffectiveView> egress) {

        static InterfaceRulesView of(InterfaceRules rules) {
            return new InterfaceRulesView(
                    rules.member().interfaceId(),
                    rules.member().vpcId(),
                    rules.member().addresses().stream().map(IpAddress::toString).toList(),
                    rules.member().groupIds(),
                    rules.ingress().stream().map(EffectiveView::of).toList(),
                    rules.egress().stream().map(EffectiveView::of).toList());
        }
    }

    /** One thing that is let through, and every rule that says it. */
    @Schema(name = "EffectiveRule")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EffectiveView(
            String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode,
            PeerView peer,
            List<SaidView> rules) {

        static EffectiveView of(Effective effective) {
            RuleView form = RuleView.of(new Rule("", effective.traffic(), effective.peer(), null));
            return new EffectiveView(
                    form.protocol(),
                    form.fromPort(),
                    form.toPort(),
                    form.icmpType(),
                    form.icmpCode(),
                    form.peer(),
                    effective.saidBy().stream().map(SaidView::of).toList());
        }
    }

    @Schema(name = "RuleOfGroup")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SaidView(
            String groupId, String ruleId, @Nullable String description) {

        static SaidView of(Said said) {
            return new SaidView(said.groupId(), said.rule().id(), said.rule().description());
        }
    }

    @GET
    @Path("effective-rules")
    @Operation(summary = "Tells what all groups of each interface of an instance let in and out together")
    public EffectiveRulesView effectiveRules(@PathParam("id") String id) {
        return new EffectiveRulesView(
                id,
                reach.effectiveRules(caller.account(), caller.region(), id).orThrow().stream()
                        .map(InterfaceRulesView::of)
                        .toList());
    }

    @Schema(name = "ReachableFrom")
    public record ReachableFrom(String instanceId, List<ReachedView> networkInterfaces) {}

    @Schema(name = "ReachedInterface")
    public record ReachedView(
            String networkInterfaceId, String vpcId, String address, boolean running, List<SourceView> sources) {

        static ReachedView of(Reached reached) {
            return new ReachedView(
                    reached.member().interfaceId(),
                    reached.member().vpcId(),
                    reached.address().toString(),
                    reached.member().runs(),
                    reached.sources().stream().map(SourceView::of).toList());
        }
    }

    /**
     * Somebody who is let in.
     *
     * @param cidrs what the peer stands for; not for a group
     * @param members for a group: its members' addresses, of the first 1,000 members, and 5,000 addresses in an answer
     * @param memberCount for a group: how many interfaces are in it
     */
    @Schema(name = "ReachingSource")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SourceView(
            PeerView peer,
            List<SaidView> rules,
            @Nullable List<String> cidrs,
            @Nullable List<ReacherView> members,
            @Nullable Integer memberCount) {

        static SourceView of(Reaching reaching) {
            boolean isGroup = reaching.source().peer() instanceof Peer.OfGroup;
            return new SourceView(
                    PeerView.of(reaching.source().peer()),
                    reaching.source().saidBy().stream().map(SaidView::of).toList(),
                    isGroup
                            ? null
                            : reaching.source().blocks().stream()
                                    .map(Cidr::toString)
                                    .toList(),
                    isGroup ? reaching.reachers().stream().map(ReacherView::of).toList() : null,
                    isGroup ? reaching.members() : null);
        }
    }

    /**
     * A member's address.
     *
     * @param reaches whether its own groups let it out to there, and it runs
     * @param egressRuleId the rule that lets it out; none if none does
     */
    @Schema(name = "ReachingMember")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReacherView(
            String instanceId,
            String networkInterfaceId,
            String address,
            boolean running,
            boolean reaches,
            @Nullable String egressRuleId) {

        static ReacherView of(Reacher reacher) {
            Rule egress = reacher.egressRule();
            boolean running = reacher.member().runs();
            return new ReacherView(
                    reacher.member().instanceId(),
                    reacher.member().interfaceId(),
                    reacher.address().toString(),
                    running,
                    running && egress != null,
                    egress == null ? null : egress.id());
        }
    }

    @GET
    @Path("reachable-from")
    @AllowedQuery({"protocol", "port", "icmpType", "icmpCode", "networkInterfaceId", "addressFamily"})
    @Operation(
            summary = "Tells who is let in to an instance on a port",
            description =
                    "Blocks, prefix lists with their blocks, and groups with their members: of each whether its own"
                            + " groups let it out to there. icmp without a type is what ping sends.")
    public ReachableFrom reachableFrom(
            @PathParam("id") String id,
            @QueryParam("protocol") @Nullable String protocol,
            @QueryParam("port") @Nullable String port,
            @QueryParam("icmpType") @Nullable String icmpType,
            @QueryParam("icmpCode") @Nullable String icmpCode,
            @QueryParam("networkInterfaceId") @Nullable String interfaceId,
            @QueryParam("addressFamily") @Nullable String addressFamily) {
        Map<String, String> query = new HashMap<>();
        given(query, "protocol", protocol);
        given(query, "port", port);
        given(query, "icmpType", icmpType);
        given(query, "icmpCode", icmpCode);
        Probe probe = ProbeReader.read(query, "port");
        return new ReachableFrom(
                id,
                reach
                        .reachableFrom(
                                caller.account(),
                                caller.region(),
                                id,
                                interfaceId,
                                probe,
                                ProbeReader.family(addressFamily, probe, null))
                        .orThrow()
                        .stream()
                        .map(ReachedView::of)
                        .toList());
    }

    private static void given(Map<String, String> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, value);
        }
    }
}
