package io.cumulet.instances.api;

import io.cumulet.instances.app.SecurityGroups;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.api.AuthConfig.Mode;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What the firewall asks, on behalf of an account, before it deletes a group. */
@Path("/v1/retired-security-groups")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operations")
public class RetiredGroupsResource {

    private final SecurityGroups groups;
    private final AuthMode mode;
    private final Caller caller;

    public RetiredGroupsResource(SecurityGroups groups, AuthMode mode, Caller caller) {
        this.groups = groups;
        this.mode = mode;
        this.caller = caller;
    }

    @Schema(name = "RetireSecurityGroupRequest")
    public record RetireRequest(
            @Schema(description = "The group's VPC; nothing depends on it") @Nullable
            String vpcId,

            @Schema(required = true, description = "The group's version, as the firewall has it now") @Nullable
            Long version) {}

    @PUT
    @Path("{groupId}")
    @ResponseStatus(204)
    @Operation(
            summary = "Refuses new attachments of a security group from now on, if nothing has it",
            description =
                    "For the firewall, which is about to delete it. DependencyViolation if an interface has it; then "
                            + "nothing is changed. An event of the group with a higher version, other than its deletion, allows "
                            + "attachments again.")
    public void retire(@PathParam("groupId") String groupId, @Nullable RetireRequest request) {
        // In local mode a service says only for whom it calls, as everybody may.
        if (mode.mode() == Mode.JWT && !caller.isService() && !caller.isOperator()) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "Authorization", "This call is for services of the suite")
                    .asException();
        }
        RetireRequest asked = VpcsResource.bodyOf(request);
        if (!ResourceKind.SECURITY_GROUP.isId(groupId)) {
            throw Refusal.of(
                            ErrorCode.GROUP_NOT_FOUND, "groupId", "The security group '" + groupId + "' does not exist")
                    .asException();
        }
        groups.retire(groupId, caller.account(), caller.region(), version(asked.version()))
                .orThrow();
    }

    private static long version(@Nullable Long version) {
        if (version == null) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, "version", "'version' is required")
                    .asException();
        }
        if (version < 1) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "version", "Versions begin with 1, not " + version)
                    .asException();
        }
        return version;
    }
}
