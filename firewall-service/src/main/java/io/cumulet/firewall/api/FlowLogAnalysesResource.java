package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.firewall.app.FlowLogs;
import io.cumulet.firewall.domain.flowlogs.FlowAnalysis;
import io.cumulet.firewall.domain.flowlogs.FlowReport;
import io.cumulet.firewall.domain.flowlogs.FlowReport.Changed;
import io.cumulet.firewall.domain.flowlogs.RuleUse;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/flow-log-analyses")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Advice")
public class FlowLogAnalysesResource {

    private static final String GZIP = "application/gzip";

    private final FlowLogs flowLogs;
    private final Caller caller;

    public FlowLogAnalysesResource(FlowLogs flowLogs, Caller caller) {
        this.flowLogs = flowLogs;
        this.caller = caller;
    }

    /** What a flow log says about the rules as they are now. */
    @Schema(name = "FlowLogAnalysis")
    public record AnalysisView(
            FlowCounts flows,

            @Schema(description = "The rules of groups that interfaces of the log have, with how much used them")
            List<RuleUseView> rules,

            @Schema(description = "Those of them that no flow used: candidates to revoke, if the log is long enough")
            List<String> unusedRuleIds,

            @Schema(description = "What the rules decide otherwise than the log says, the first 1,000 kinds of it")
            List<ChangedView> changedFlows,

            @Schema(description = "Interfaces that aren't the account's or are gone, the first 100")
            List<String> unknownInterfaceIds,

            @Schema(description = "Groups that no interface of the log has: it says nothing of their rules")
            List<String> groupIdsNotInLog) {

        static AnalysisView of(FlowReport report, long withoutData) {
            return new AnalysisView(
                    new FlowCounts(
                            report.records(),
                            withoutData,
                            report.acceptedAsNow(),
                            report.rejectedAsNow(),
                            report.replies(),
                            report.nowBlocked(),
                            report.nowAllowed(),
                            report.undecided(),
                            report.unclear(),
                            report.unknown()),
                    report.rules().stream().map(RuleUseView::of).toList(),
                    report.rules().stream()
                            .filter(RuleUse::isUnused)
                            .map(use -> use.rule().id())
                            .toList(),
                    report.changed().stream().map(ChangedView::of).toList(),
                    List.copyOf(new TreeSet<>(report.unknownInterfaces())),
                    report.groupsNotSeen());
        }
    }

    /**
     * Flow records by what became of them; the last eight add up to the first.
     *
     * @param withoutData lines that say NODATA or SKIPDATA; not among the records
     */
    @Schema(name = "FlowCounts")
    public record FlowCounts(
            long records,
            long withoutData,

            @Schema(description = "Accepted, and a rule allows them")
            long accepted,

            @Schema(description = "Rejected, and no rule allows them")
            long rejected,

            @Schema(description = "Accepted as replies, whatever the rules say")
            long replies,

            @Schema(description = "Accepted by the log; no rule allows them now")
            long nowBlocked,

            @Schema(description = "Rejected by the log; a rule allows them now")
            long nowAllowed,

            @Schema(description = "ICMP whose type decides, which a flow log doesn't have")
            long undecided,

            @Schema(description = "Neither from nor to an address of their interface")
            long unclear,

            @Schema(description = "Of interfaces that the account doesn't have")
            long unknownInterface) {}

    /**
     * How much a rule was used.
     *
     * @param flows flow records of requests that it allows
     * @param soleFlows those of them that no other rule allows: without it they would be blocked
     * @param possibleFlows ICMP that it may have allowed, a flow log doesn't say the type
     */
    @Schema(name = "RuleUse")
    public record RuleUseView(
            String groupId,
            String direction,
            RuleView rule,
            long flows,
            long bytes,
            long soleFlows,
            long possibleFlows) {

        static RuleUseView of(RuleUse use) {
            return new RuleUseView(
                    use.groupId(),
                    use.direction().code(),
                    RuleView.of(use.rule()),
                    use.flows(),
                    use.bytes(),
                    use.soleFlows(),
                    use.possibleFlows());
        }
    }

    /**
     * Flows that the rules now decide otherwise.
     *
     * @param protocol IANA's number
     * @param logAction ACCEPT or REJECT
     * @param allowedBy the rule that allows it now; none if none does
     */
    @Schema(name = "ChangedFlow")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ChangedView(
            String networkInterfaceId,
            String direction,
            String peerAddress,
            int protocol,
            @Nullable Integer destinationPort,
            String logAction,
            @Nullable String allowedBy,
            long flows,
            long bytes) {

        static ChangedView of(Changed changed) {
            return new ChangedView(
                    changed.interfaceId(),
                    changed.direction().code(),
                    changed.peer().toString(),
                    changed.protocol(),
                    changed.destinationPort(),
                    changed.logAccepted() ? "ACCEPT" : "REJECT",
                    changed.ruleId(),
                    changed.flows(),
                    changed.bytes());
        }
    }

    @POST
    @Consumes({MediaType.TEXT_PLAIN, GZIP, MediaType.APPLICATION_OCTET_STREAM})
    @Operation(
            summary = "Tells which rules a VPC flow log used, and what they would decide otherwise now",
            description = "The log as text, compressed with gzip or not: the default format of version 2, or any format"
                    + " after a line with the names of its fields. At most 1 GiB, uncompressed. Nothing is stored."
                    + " Replies are recognised and used no rule.")
    public AnalysisView analyse(
            @RequestBody(
                            content = {
                                @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(type = SchemaType.STRING)),
                                @Content(
                                        mediaType = GZIP,
                                        schema = @Schema(type = SchemaType.STRING, format = "binary"))
                            })
                    InputStream body) {
        FlowAnalysis analysis = flowLogs.begin(caller.account(), caller.region());
        long withoutData = FlowLogReader.read(body, analysis::add);
        return AnalysisView.of(analysis.finish(), withoutData);
    }
}
