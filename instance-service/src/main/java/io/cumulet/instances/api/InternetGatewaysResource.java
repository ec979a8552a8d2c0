package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.InternetGateways;
import io.cumulet.instances.domain.network.InternetGateway;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/internet-gateways")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Network")
public class InternetGatewaysResource {

    private final InternetGateways gateways;
    private final Caller caller;

    public InternetGatewaysResource(InternetGateways gateways, Caller caller) {
        this.gateways = gateways;
        this.caller = caller;
    }

    @Schema(name = "CreateInternetGatewayRequest")
    public record CreateRequest(@Nullable Map<String, String> tags) {}

    @Schema(name = "AttachInternetGatewayRequest")
    public record AttachRequest(
            @Schema(required = true) @Nullable String vpcId) {}

    /** The VPC that a gateway is attached to. */
    @Schema(name = "InternetGatewayAttachment")
    public record AttachmentView(String vpcId, String state) {}

    @Schema(name = "InternetGateway")
    public record InternetGatewayView(
            String internetGatewayId,
            String account,
            String region,
            List<AttachmentView> attachments,
            Instant createdAt,
            Map<String, String> tags) {

        static InternetGatewayView of(InternetGateway gateway) {
            return new InternetGatewayView(
                    gateway.id(),
                    gateway.account().value(),
                    gateway.region().value(),
                    gateway.vpcId() == null
                            ? List.of()
                            : List.of(new AttachmentView(gateway.vpcId(), NetworkFilters.AVAILABLE)),
                    gateway.createdAt(),
                    gateway.tags());
        }
    }

    @Schema(name = "InternetGatewayPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record InternetGatewayPage(
            List<InternetGatewayView> internetGateways,
            @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes an internet gateway, attached to nothing")
    public InternetGatewayView create(@Nullable CreateRequest request) {
        return InternetGatewayView.of(
                gateways.create(caller.account(), caller.region(), request == null ? null : request.tags())
                        .orThrow());
    }

    @GET
    @AllowedQuery({"internetGatewayId", "vpcId", "tagKey", "tag:*", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists your internet gateways in the region, ordered by id",
            description = "From the beginning there is one, attached to your default VPC.")
    public InternetGatewayPage list(
            @QueryParam("internetGatewayId") List<String> ids,
            @QueryParam("vpcId") List<String> vpcIds,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        ids.forEach(this::get);
        List<InternetGateway> found = new ListFilter<>(uri.getQueryParameters(), InternetGateway::tags)
                .with("internetGatewayId", gateway -> List.of(gateway.id()))
                .with("vpcId", gateway -> gateway.vpcId() == null ? List.of() : List.of(gateway.vpcId()))
                .page(gateways.list(caller.account(), caller.region(), false), paging, InternetGateway::id);
        return new InternetGatewayPage(
                paging.page(found).stream().map(InternetGatewayView::of).toList(),
                paging.nextToken(found, InternetGateway::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one internet gateway")
    public InternetGatewayView get(@PathParam("id") String id) {
        return InternetGatewayView.of(
                gateways.find(caller.account(), caller.region(), id, false).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes tags of an internet gateway")
    public InternetGatewayView modify(@PathParam("id") String id, @Nullable TagPatch request) {
        return InternetGatewayView.of(gateways.tag(
                        caller.account(),
                        caller.region(),
                        id,
                        false,
                        VpcsResource.bodyOf(request).tags())
                .orThrow());
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes an internet gateway that is attached to nothing")
    public void delete(@PathParam("id") String id) {
        gateways.delete(caller.account(), caller.region(), id, false).orThrow();
    }

    @POST
    @Path("{id}/attachment")
    @Operation(summary = "Attaches an internet gateway to a VPC that has none")
    public InternetGatewayView attach(@PathParam("id") String id, @Nullable AttachRequest request) {
        return InternetGatewayView.of(gateways.attach(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).vpcId())
                .orThrow());
    }

    @DELETE
    @Path("{id}/attachment")
    @AllowedQuery("vpcId")
    @Operation(summary = "Detaches an internet gateway from a VPC without public addresses")
    public InternetGatewayView detach(@PathParam("id") String id, @QueryParam("vpcId") @Nullable String vpcId) {
        return InternetGatewayView.of(
                gateways.detach(caller.account(), caller.region(), id, vpcId).orThrow());
    }
}
