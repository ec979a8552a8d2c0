package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.DhcpOptionSets;
import io.cumulet.instances.domain.network.DhcpOptions;
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

@Path("/v1/dhcp-options")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Network")
public class DhcpOptionsResource {

    private final DhcpOptionSets sets;
    private final Caller caller;

    public DhcpOptionsResource(DhcpOptionSets sets, Caller caller) {
        this.sets = sets;
        this.caller = caller;
    }

    @Schema(name = "CreateDhcpOptionsRequest")
    public record CreateRequest(
            @Schema(required = true, description = "Such as domain-name, domain-name-servers, ntp-servers") @Nullable
            List<DhcpOptions.Option> dhcpConfigurations,

            @Nullable Map<String, String> tags) {}

    @Schema(name = "DhcpConfiguration")
    public record ConfigurationView(String key, List<String> values) {}

    @Schema(name = "DhcpOptions")
    public record DhcpOptionsView(
            String dhcpOptionsId,
            String account,
            String region,
            List<ConfigurationView> dhcpConfigurations,
            Instant createdAt,
            Map<String, String> tags) {

        static DhcpOptionsView of(DhcpOptions options) {
            return new DhcpOptionsView(
                    options.id(),
                    options.account().value(),
                    options.region().value(),
                    options.values().entrySet().stream()
                            .map(option -> new ConfigurationView(option.getKey(), option.getValue()))
                            .toList(),
                    options.createdAt(),
                    options.tags());
        }
    }

    @Schema(name = "DhcpOptionsPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DhcpOptionsPage(
            List<DhcpOptionsView> dhcpOptions, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes a set of DHCP options", description = "PATCH /v1/vpcs/{id} gives it to a VPC.")
    public DhcpOptionsView create(@Nullable CreateRequest request) {
        CreateRequest asked = VpcsResource.bodyOf(request);
        return DhcpOptionsView.of(
                sets.create(caller.account(), caller.region(), asked.dhcpConfigurations(), asked.tags())
                        .orThrow());
    }

    @GET
    @AllowedQuery({"dhcpOptionsId", "tagKey", "tag:*", "maxResults", "nextToken"})
    @Operation(summary = "Lists your DHCP options in the region, ordered by id")
    public DhcpOptionsPage list(
            @QueryParam("dhcpOptionsId") List<String> ids,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        ids.forEach(this::get);
        List<DhcpOptions> found = new ListFilter<>(uri.getQueryParameters(), DhcpOptions::tags)
                .with("dhcpOptionsId", options -> List.of(options.id()))
                .page(sets.list(caller.account(), caller.region()), paging, DhcpOptions::id);
        return new DhcpOptionsPage(
                paging.page(found).stream().map(DhcpOptionsView::of).toList(),
                paging.nextToken(found, DhcpOptions::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one set of DHCP options")
    public DhcpOptionsView get(@PathParam("id") String id) {
        return DhcpOptionsView.of(
                sets.find(caller.account(), caller.region(), id).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes tags of DHCP options, of which nothing else changes")
    public DhcpOptionsView modify(@PathParam("id") String id, @Nullable TagPatch request) {
        return DhcpOptionsView.of(sets.tag(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).tags())
                .orThrow());
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes DHCP options that no VPC has")
    public void delete(@PathParam("id") String id) {
        sets.delete(caller.account(), caller.region(), id).orThrow();
    }
}
