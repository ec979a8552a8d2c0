package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.Instances;
import io.cumulet.instances.app.Launched;
import io.cumulet.instances.app.Launches;
import io.cumulet.instances.app.PublicNames;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/instances")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Instances")
public class InstancesResource {

    private final Launches launches;
    private final Instances instances;
    private final PublicNames names;
    private final Caller caller;
    private final AuthMode auth;

    public InstancesResource(Launches launches, Instances instances, PublicNames names, Caller caller, AuthMode auth) {
        this.auth = auth;
        this.launches = launches;
        this.instances = instances;
        this.names = names;
        this.caller = caller;
    }

    /** The instances of one launch. */
    public record LaunchAnswer(String reservationId, List<InstanceView> instances) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record InstancePage(
            List<InstanceView> instances, @Nullable String nextToken) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record UserDataView(String instanceId, @Nullable String userData) {}

    /** Answered by the committer's thread once the launch is durable; no thread waits meanwhile. */
    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Launches instances",
            description =
                    "As many as fit between minCount and maxCount, or none. The answer comes when they are stored.")
    @APIResponse(responseCode = "201", description = "Launched; they are pending")
    @APIResponse(responseCode = "400", description = "The request can't be right in this form")
    @APIResponse(responseCode = "409", description = "The client token was used with another request")
    @APIResponse(responseCode = "412", description = "A dry run that found nothing to refuse (DryRunOperation)")
    @APIResponse(
            responseCode = "503",
            description =
                    "No room (InsufficientInstanceCapacity; where spot holds it, it is taken back, and the detail says "
                            + "when to try again), or try again (Unavailable)")
    public Uni<LaunchAnswer> launch(@Nullable LaunchRequest request) {
        if (request == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "A launch has a body").asException();
        }
        if (request.launchedBy() != null && !caller.isService() && auth.mode() == AuthConfig.Mode.JWT) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "launchedBy", "Only services of the suite may say it")
                    .asException();
        }
        if (Boolean.TRUE.equals(request.dryRun())) {
            return Uni.createFrom()
                    .completionStage(
                            launches.check(request.wish(), request.interfaces(), caller.account(), caller.region()))
                    .map(checked -> {
                        checked.orThrow();
                        throw Refusal.of(
                                        ErrorCode.DRY_RUN_OPERATION,
                                        "dryRun",
                                        "The instances would have been launched, as far as there is room")
                                .asException();
                    });
        }
        CompletionStage<LaunchAnswer> answer = launches.launch(
                        request.wish(), request.interfaces(), caller.account(), caller.region())
                .thenApply(outcome -> answer(outcome.orThrow()));
        return Uni.createFrom().completionStage(answer);
    }

    private static LaunchAnswer answer(Launched launched) {
        return new LaunchAnswer(
                launched.reservationId(),
                launched.instances().stream()
                        .map(instance -> InstanceView.of(instance, PublicNames.Named.NOT_YET))
                        .toList());
    }

    @GET
    @Operation(
            summary = "Lists instances, ordered by id",
            description =
                    "A parameter given several times asks for any of its values. Terminated instances are listed for an hour.")
    @AllowedQuery({
        "instanceId",
        "state",
        "instanceType",
        "availabilityZone",
        "imageId",
        "os",
        "reservationId",
        "subnetId",
        "vpcId",
        "privateIpAddress",
        "keyName",
        "spotRequestId",
        "market",
        "securityGroupId",
        "tagKey",
        "tag:*",
        "maxResults",
        "nextToken"
    })
    public InstancePage list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<Instance> found = instances.list(
                Filters.instances(uri.getQueryParameters(), caller.account(), caller.region()),
                paging.afterKey(),
                paging.sizeToAsk());
        List<Instance> page = paging.page(found);
        PublicNames.Named named = names.ofInstances(page);
        return new InstancePage(
                page.stream().map(instance -> InstanceView.of(instance, named)).toList(),
                paging.nextToken(found, Instance::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one instance")
    public InstanceView get(@PathParam("id") String id) {
        return view(instances.find(id, caller.account(), caller.region()));
    }

    @PATCH
    @Path("{id}")
    @Operation(
            summary = "Changes an instance",
            description =
                    "Type, user data, cpuOptions, ebsOptimized and enaSupport only while it is stopped; all else until it shuts"
                            + " down.")
    public InstanceView modify(@PathParam("id") String id, @Nullable ModifyRequest request) {
        if (request == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "A change has a body").asException();
        }
        return view(instances.modify(id, caller.account(), caller.region(), request.wish()));
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Terminates an instance")
    public InstanceView terminate(@PathParam("id") String id) {
        return view(instances.terminate(id, caller.account(), caller.region()));
    }

    @POST
    @Path("{id}/start")
    @Consumes(MediaType.WILDCARD)
    @Operation(
            summary = "Starts a stopped instance; there may be no room",
            description = "A spot instance that the market stopped is started again by the market alone: "
                    + "IncorrectSpotRequestState.")
    public InstanceView start(@PathParam("id") String id) {
        return view(instances.start(id, caller.account(), caller.region()));
    }

    @POST
    @Path("{id}/stop")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Stops a running instance; its capacity is given back")
    public InstanceView stop(@PathParam("id") String id) {
        return view(instances.stop(id, caller.account(), caller.region()));
    }

    @POST
    @Path("{id}/reboot")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Reboots a running instance")
    public InstanceView reboot(@PathParam("id") String id) {
        return view(instances.reboot(id, caller.account(), caller.region()));
    }

    @GET
    @Path("{id}/attributes/user-data")
    @Operation(summary = "The user data of an instance, base64; nowhere else can it be read")
    public UserDataView userData(@PathParam("id") String id) {
        return new UserDataView(
                id,
                instances
                        .userData(id, caller.account(), caller.region())
                        .orThrow()
                        .orElse(null));
    }

    private InstanceView view(Outcome<Instance> outcome) {
        Instance instance = outcome.orThrow();
        return InstanceView.of(instance, names.ofInstances(List.of(instance)));
    }
}
