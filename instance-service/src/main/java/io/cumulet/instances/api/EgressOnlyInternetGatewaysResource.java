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

@Path("/v1/egress-only-internet-gateways")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Network")
public class EgressOnlyInternetGatewaysResource {

    private final InternetGateways gateways;
    private final Caller caller;

    public EgressOnlyInternetGatewaysResource(InternetGateways gateways, Caller caller) {
        this.gateways = gateways;
        this.caller = caller;
    }

    @Schema(name = "CreateEgressOnlyInternetGatewayRequest")
    public record CreateRequest(
            @Schema(required = true) @Nullable String vpcId,
            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request gives the same answer") @Nullable
            String clientToken) {}

    @Schema(name = "EgressOnlyInternetGateway")
    public record GatewayView(
            String egressOnlyInternetGatewayId,
            String account,
            String region,
            List<InternetGatewaysResource.AttachmentView> attachments,
            Instant createdAt,
            Map<String, String> tags) {

        static GatewayView of(InternetGateway gateway) {
            return new GatewayView(
                    gateway.id(),
                    gateway.account().value(),
                    gateway.region().value(),
                    List.of(new InternetGatewaysResource.AttachmentView(String.valueOf(gateway.vpcId()), "attached")),
                    gateway.createdAt(),
                    gateway.tags());
        }
    }

    @Schema(name = "EgressOnlyInternetGatewayPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GatewayPage(
            List<GatewayView> egressOnlyInternetGateways,
            @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes an egress-only internet gateway for IPv6 of a VPC")
    public GatewayView create(@Nullable CreateRequest request) {
        CreateRequest asked = VpcsResource.bodyOf(request);
        return GatewayView.of(gateways.createEgressOnly(
                        caller.account(), caller.region(), asked.vpcId(), asked.tags(), asked.clientToken())
                .orThrow());
    }

    @GET
    @AllowedQuery({"egressOnlyInternetGatewayId", "tagKey", "tag:*", "maxResults", "nextToken"})
    @Operation(summary = "Lists your egress-only internet gateways in the region, ordered by id")
    public GatewayPage list(
            @QueryParam("egressOnlyInternetGatewayId") List<String> ids,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        ids.forEach(this::get);
        List<InternetGateway> found = new ListFilter<>(uri.getQueryParameters(), InternetGateway::tags)
                .with("egressOnlyInternetGatewayId", gateway -> List.of(gateway.id()))
                .page(gateways.list(caller.account(), caller.region(), true), paging, InternetGateway::id);
        return new GatewayPage(
                paging.page(found).stream().map(GatewayView::of).toList(),
                paging.nextToken(found, InternetGateway::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one egress-only internet gateway")
    public GatewayView get(@PathParam("id") String id) {
        return GatewayView.of(
                gateways.find(caller.account(), caller.region(), id, true).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes tags of an egress-only internet gateway")
    public GatewayView modify(@PathParam("id") String id, @Nullable TagPatch request) {
        return GatewayView.of(gateways.tag(
                        caller.account(),
                        caller.region(),
                        id,
                        true,
                        VpcsResource.bodyOf(request).tags())
                .orThrow());
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes an egress-only internet gateway; routes to it lead nowhere from then on")
    public void delete(@PathParam("id") String id) {
        gateways.delete(caller.account(), caller.region(), id, true).orThrow();
    }
}
