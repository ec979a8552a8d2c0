package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.ElasticAddressStore.AddressFilter;
import io.cumulet.instances.app.ElasticAddressStore.Field;
import io.cumulet.instances.app.ElasticAddresses;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
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
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/addresses")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Elastic addresses")
public class AddressesResource {

    private static final Map<String, Field> FIELDS = Map.of(
            "allocationId", Field.ALLOCATION_ID,
            "associationId", Field.ASSOCIATION_ID,
            "publicIp", Field.PUBLIC_IP,
            "networkInterfaceId", Field.NETWORK_INTERFACE_ID,
            "instanceId", Field.INSTANCE_ID,
            "privateIpAddress", Field.PRIVATE_IP_ADDRESS);

    private static final Set<Field> ADDRESSES = Set.of(Field.PUBLIC_IP, Field.PRIVATE_IP_ADDRESS);

    private final ElasticAddresses addresses;
    private final Caller caller;

    public AddressesResource(ElasticAddresses addresses, Caller caller) {
        this.addresses = addresses;
        this.caller = caller;
    }

    public record AllocateRequest(
            @Schema(description = "A certain address of the pool; any free one if none is named") @Nullable
            String publicIp,

            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request answers the same address") @Nullable
            String clientToken) {}

    /** A tag with null as value is removed. */
    public record TagRequest(@Nullable Map<String, @Nullable String> tags) {}

    public record AssociateRequest(
            @Schema(description = "With its interface, if it has only one; or name the interface") @Nullable
            String instanceId,

            @Nullable String networkInterfaceId,

            @Schema(description = "The primary one if none is named") @Nullable
            String privateIpAddress,

            @Schema(
                    description =
                            "Whether the address may be taken from where it is, and another from where it goes; true if not said")
            @Nullable
            Boolean allowReassociation) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AddressPage(
            List<AddressView> addresses, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Allocates an elastic address from the pool",
            description = "It stays the account's until it is released, associated or not.")
    public AddressView allocate(@Nullable AllocateRequest request) {
        AllocateRequest body = request == null ? new AllocateRequest(null, null, null) : request;
        return view(addresses.allocate(
                new ElasticAddresses.Allocation(body.publicIp(), body.tags(), body.clientToken()),
                caller.account(),
                caller.region()));
    }

    @GET
    @Operation(
            summary = "Lists elastic addresses, ordered by allocation id",
            description = "A parameter given several times asks for any of its values.")
    @AllowedQuery({
        "allocationId",
        "associationId",
        "publicIp",
        "networkInterfaceId",
        "instanceId",
        "privateIpAddress",
        "tagKey",
        "tag:*",
        "maxResults",
        "nextToken"
    })
    public AddressPage list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        FieldFilter<Field> filter =
                FieldFilter.of(uri.getQueryParameters(), Field.class, FIELDS).withAddresses(FIELDS, ADDRESSES);
        List<ElasticAddress> found = addresses.list(
                new AddressFilter(caller.account(), caller.region(), filter.fields(), filter.tags(), filter.tagKeys()),
                paging.afterKey(),
                paging.sizeToAsk());
        return new AddressPage(
                paging.page(found).stream().map(AddressView::of).toList(), paging.nextToken(found, ElasticAddress::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one elastic address")
    public AddressView get(@PathParam("id") String id) {
        return view(addresses.find(id, caller.account(), caller.region()));
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes the tags of an elastic address")
    public AddressView tag(@PathParam("id") String id, @Nullable TagRequest request) {
        return view(addresses.tag(
                id, caller.account(), caller.region(), required(request).tags()));
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Gives an elastic address that is associated with nothing back to the pool")
    public void release(@PathParam("id") String id) {
        addresses.release(id, caller.account(), caller.region()).orThrow();
    }

    @POST
    @Path("{id}/association")
    @Operation(
            summary = "Associates an elastic address with a private address of an interface",
            description = "It stays there while the instance stops and starts, and ends with the interface.")
    public AddressView associate(@PathParam("id") String id, @Nullable AssociateRequest request) {
        AssociateRequest body = required(request);
        return view(addresses.associate(
                id,
                caller.account(),
                caller.region(),
                new ElasticAddresses.AssociationWish(
                        body.instanceId(),
                        body.networkInterfaceId(),
                        body.privateIpAddress(),
                        body.allowReassociation())));
    }

    @DELETE
    @Path("{id}/association")
    @Operation(summary = "Disassociates an elastic address; it stays the account's")
    public AddressView disassociate(@PathParam("id") String id) {
        return view(addresses.disassociate(id, caller.account(), caller.region()));
    }

    private static <T> T required(@Nullable T body) {
        if (body == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "This call has a body")
                    .asException();
        }
        return body;
    }

    private static AddressView view(Outcome<ElasticAddress> outcome) {
        return AddressView.of(outcome.orThrow());
    }
}
