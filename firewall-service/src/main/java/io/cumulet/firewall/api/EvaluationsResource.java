package io.cumulet.firewall.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.firewall.api.EvaluationReader.Evaluation;
import io.cumulet.firewall.app.Evaluations;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.evaluation.World;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

@Path("/v1/evaluations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Evaluations")
public class EvaluationsResource {

    private final Evaluations evaluations;
    private final Caller caller;

    public EvaluationsResource(Evaluations evaluations, Caller caller) {
        this.evaluations = evaluations;
        this.caller = caller;
    }

    /** Verdicts, one for each packet, in order. */
    @Schema(name = "EvaluationAnswer")
    public record Answer(List<VerdictView> verdicts) {}

    /**
     * A verdict.
     *
     * @param blockedBy {@code egress} or {@code ingress}
     * @param egressRule a rule that allows it out; none if the source isn't an instance
     * @param ingressRule a rule that allows it in; none if the destination isn't an instance
     */
    @Schema(name = "Verdict")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VerdictView(
            boolean allowed,
            @Nullable String blockedBy,
            @Nullable String egressRule,
            @Nullable String ingressRule) {

        static VerdictView of(Verdict verdict) {
            return switch (verdict) {
                case Verdict.Allowed(var egressRule, var ingressRule) ->
                    new VerdictView(true, null, egressRule, ingressRule);
                case Verdict.Blocked(var by) -> new VerdictView(false, by.code(), null, null);
            };
        }
    }

    @POST
    @Operation(
            summary = "May these packets pass, and by which rules?",
            description = "Among the groups and instances of the request, which are stored nowhere; or, if it brings"
                    + " packets alone, among the account's own instances: those of the VPC that is named, where two VPCs"
                    + " have the same addresses.")
    public Answer evaluate(
            @RequestBody(content = @Content(schema = @Schema(implementation = Requests.Evaluation.class))) @Nullable
                    JsonNode body) {
        Evaluation evaluation = EvaluationReader.read(body);
        World world = evaluation.world();
        List<Verdict> verdicts = world == null
                ? evaluations
                        .judge(caller.account(), caller.region(), evaluation.vpcId(), evaluation.packets())
                        .orThrow()
                : evaluations.judge(world, evaluation.packets());
        return new Answer(verdicts.stream().map(VerdictView::of).toList());
    }
}
