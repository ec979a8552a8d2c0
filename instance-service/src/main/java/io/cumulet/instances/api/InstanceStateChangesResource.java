package io.cumulet.instances.api;

import io.cumulet.instances.app.Instances;
import io.cumulet.instances.app.StateChange;
import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One command to several instances. */
@Path("/v1/instance-state-changes")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Instances")
public class InstanceStateChangesResource {

    private final Instances instances;
    private final Caller caller;

    public InstanceStateChangesResource(Instances instances, Caller caller) {
        this.instances = instances;
        this.caller = caller;
    }

    public record StateChangeRequest(
            @Schema(required = true, description = "1 to 1,000, each once") @Nullable
            List<String> instanceIds,

            @Schema(
                    required = true,
                    enumeration = {"start", "stop", "reboot", "terminate", "monitor", "unmonitor"})
            @Nullable
            String action,

            @Schema(description = "With stop: keeps what is in memory, where hibernationOptions say that it may")
            @Nullable
            Boolean hibernate,

            @Schema(description = "Changes nothing: DryRunOperation (412) if it would be done, else its refusal")
            @Nullable
            Boolean dryRun) {}

    public record StateChangeView(String instanceId, String previousState, String currentState) {

        static StateChangeView of(StateChange change) {
            return new StateChangeView(
                    change.after().id(),
                    change.before().code(),
                    change.after().state().code());
        }
    }

    public record StateChangeList(List<StateChangeView> stateChanges) {}

    @POST
    @Operation(
            summary = "Gives one command to several instances",
            description =
                    "If one may not have it, none has it: of one zone in one transaction, of several zones one after the"
                            + " other, once nothing speaks against any. A start takes room for all of a type at once.")
    @APIResponse(responseCode = "200", description = "The states before and after, in the order of the request")
    @APIResponse(responseCode = "404", description = "One isn't there; none was changed")
    public StateChangeList change(@Nullable StateChangeRequest request) {
        if (request == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "A change has a body").asException();
        }
        List<String> ids = request.instanceIds() == null ? List.of() : request.instanceIds();
        return new StateChangeList(instances
                .orderAll(
                        ids, caller.account(), caller.region(), command(request), Boolean.TRUE.equals(request.dryRun()))
                .orThrow()
                .stream()
                .map(StateChangeView::of)
                .toList());
    }

    private static Command command(StateChangeRequest request) {
        String action = request.action();
        if (action == null) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, "action", "'action' is required")
                    .asException();
        }
        boolean hibernates = Boolean.TRUE.equals(request.hibernate());
        if (hibernates && !action.equals("stop")) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_COMBINATION, "hibernate", "It is a way to stop")
                    .asException();
        }
        return switch (action) {
            case "start" -> new Command.Start(null);
            case "stop" -> new Command.Stop(hibernates);
            case "reboot" -> new Command.Reboot();
            case "terminate" -> new Command.Terminate();
            case "monitor" -> Command.Modify.of(InstanceOptions.monitored(true));
            case "unmonitor" -> Command.Modify.of(InstanceOptions.monitored(false));
            default ->
                throw Refusal.of(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "action",
                                "One of start, stop, reboot, terminate, monitor, unmonitor; not '" + action + "'")
                        .asException();
        };
    }
}
