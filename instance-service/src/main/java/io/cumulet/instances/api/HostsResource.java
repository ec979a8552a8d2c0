package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.app.Fleet;
import io.cumulet.instances.app.Fleet.HostUse;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.OperatorOnly;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/hosts")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@OperatorOnly
@Tag(name = "Hosts (operator)")
public class HostsResource {

    private final Fleet fleet;
    private final Caller caller;

    public HostsResource(Fleet fleet, Caller caller) {
        this.fleet = fleet;
        this.caller = caller;
    }

    /** Dimensions that aren't said are those of the family's largest type. */
    public record AddHostsRequest(
            @Schema(required = true, examples = "us-east-1a") @Nullable
            String availabilityZone,

            @Schema(required = true, examples = "m4") @Nullable
            String family,

            @Schema(description = "How many such hosts; 1 if not said") @Nullable
            Integer count,

            @Nullable Integer sockets,
            @Nullable Integer cores,
            @Nullable Integer vcpus,
            @Nullable Long memoryMib,
            @Nullable Long localStorageGb,
            @Nullable Integer gpus,
            @Nullable String clientToken) {}

    public record CapacityView(int vcpus, long memoryMib, long localStorageGb, int gpus) {
        static CapacityView of(Capacity capacity) {
            return new CapacityView(capacity.vcpus(), capacity.memoryMib(), capacity.localStorageGb(), capacity.gpus());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HostView(
            String hostId,
            String availabilityZone,
            String family,
            String state,
            int sockets,
            int cores,
            CapacityView capacity,
            @Nullable CapacityView used) {

        static HostView of(Host host, @Nullable Capacity used) {
            return new HostView(
                    host.id(),
                    host.zone().value(),
                    host.family(),
                    host.state().code(),
                    host.sockets(),
                    host.cores(),
                    CapacityView.of(host.capacity()),
                    used == null ? null : CapacityView.of(used));
        }
    }

    public record HostList(List<HostView> hosts) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HostPage(List<HostView> hosts, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Adds hosts to a zone")
    public HostList add(@Nullable AddHostsRequest request) {
        if (request == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "A host has a body").asException();
        }
        List<Host> added = fleet.add(
                        new Fleet.HostWish(
                                request.availabilityZone(),
                                request.family(),
                                request.count(),
                                request.sockets(),
                                request.cores(),
                                request.vcpus(),
                                request.memoryMib(),
                                request.localStorageGb(),
                                request.gpus(),
                                request.clientToken()),
                        caller.region())
                .orThrow();
        return new HostList(
                added.stream().map(host -> HostView.of(host, Capacity.NONE)).toList());
    }

    @GET
    @AllowedQuery({"availabilityZone", "family", "state", "maxResults", "nextToken"})
    @Operation(summary = "Lists the hosts of the region with what they have and what is used")
    public HostPage list(
            @QueryParam("availabilityZone") @Nullable String zone,
            @QueryParam("family") @Nullable String family,
            @QueryParam("state") @Nullable String state,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        if (zone != null && !Filters.isZone(zone, caller.region())) {
            throw Refusal.of(
                            ErrorCode.INVALID_AVAILABILITY_ZONE,
                            "availabilityZone",
                            "The zone '" + zone + "' does not exist in " + caller.region())
                    .asException();
        }
        if (family != null && InstanceTypes.ofFamily(family).isEmpty()) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE, "family", "There is no instance family '" + family + "'")
                    .asException();
        }
        if (state != null && Host.State.ofCode(state).isEmpty()) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "state", "There is no state '" + state + "'")
                    .asException();
        }
        Paging paging = Paging.of(maxResults, nextToken);
        List<HostUse> found = fleet.list(caller.region(), zone, family, state, paging.afterKey(), paging.sizeToAsk());
        return new HostPage(
                paging.page(found).stream()
                        .map(use -> HostView.of(use.host(), use.used()))
                        .toList(),
                paging.nextToken(found, use -> use.host().id()));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one host")
    public HostView get(@PathParam("id") String id) {
        HostUse use = fleet.find(id, caller.region()).orThrow();
        return HostView.of(use.host(), use.used());
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Removes an empty host; drains one in use, which goes with its last instance")
    public HostView remove(@PathParam("id") String id) {
        return HostView.of(fleet.remove(id, caller.region()).orThrow(), null);
    }
}
