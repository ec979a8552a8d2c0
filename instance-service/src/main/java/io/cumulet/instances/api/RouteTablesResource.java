package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.RouteTables;
import io.cumulet.instances.app.RouteTables.TableUse;
import io.cumulet.instances.app.RouteTargets;
import io.cumulet.instances.domain.network.RouteTable;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Network")
public class RouteTablesResource {

    private static final String TABLES = "route-tables";
    private static final String LOCAL = "local";

    private final RouteTables tables;
    private final Caller caller;

    public RouteTablesResource(RouteTables tables, Caller caller) {
        this.tables = tables;
        this.caller = caller;
    }

    @Schema(name = "CreateRouteTableRequest")
    public record CreateRequest(
            @Schema(required = true) @Nullable String vpcId,
            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request gives the same answer") @Nullable
            String clientToken) {}

    /** A subnet of its VPC, or a gateway that is attached to it. */
    @Schema(name = "AssociateRouteTableRequest")
    public record AssociateRequest(
            @Nullable String subnetId, @Nullable String gatewayId) {}

    @Schema(name = "ReplaceRouteTableAssociationRequest")
    public record ReplaceRequest(
            @Schema(required = true, description = "Of the same VPC") @Nullable
            String routeTableId) {}

    /** One destination, one target. */
    @Schema(name = "RouteRequest")
    public record RouteRequest(
            @Nullable String destinationCidrBlock,
            @Nullable String destinationIpv6CidrBlock,
            @Nullable String destinationPrefixListId,

            @Schema(description = "An internet gateway that is attached to the VPC") @Nullable
            String gatewayId,

            @Nullable String egressOnlyInternetGatewayId,
            @Nullable String networkInterfaceId,

            @Schema(description = "With one interface, which it stands for") @Nullable
            String instanceId) {

        RouteTargets.Wish wish() {
            return new RouteTargets.Wish(
                    destinationCidrBlock,
                    destinationIpv6CidrBlock,
                    destinationPrefixListId,
                    gatewayId,
                    egressOnlyInternetGatewayId,
                    networkInterfaceId,
                    instanceId);
        }
    }

    /** @param state blackhole if what it leads to is gone or detached */
    @Schema(name = "Route")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RouteView(
            @Nullable String destinationCidrBlock,
            @Nullable String destinationIpv6CidrBlock,
            @Nullable String destinationPrefixListId,
            @Nullable String gatewayId,
            @Nullable String egressOnlyInternetGatewayId,
            @Nullable String networkInterfaceId,
            @Nullable String instanceId,
            String origin,
            String state) {

        static RouteView local(Cidr block) {
            return of(block.toString(), new RouteTargets.Target(LOCAL, null, true), "CreateRouteTable");
        }

        static RouteView of(String destination, RouteTargets.Target target, String origin) {
            boolean isPrefixList = ResourceKind.PREFIX_LIST.isId(destination);
            boolean isIpv6 = Cidr.parse(destination)
                    .filter(block -> block.family() == IpFamily.IPV6)
                    .isPresent();
            String id = target.id();
            boolean isInterface = ResourceKind.NETWORK_INTERFACE.isId(id);
            boolean isEgressOnly = ResourceKind.EGRESS_ONLY_INTERNET_GATEWAY.isId(id);
            return new RouteView(
                    isPrefixList || isIpv6 ? null : destination,
                    isIpv6 ? destination : null,
                    isPrefixList ? destination : null,
                    isInterface || isEgressOnly ? null : id,
                    isEgressOnly ? id : null,
                    isInterface ? id : null,
                    target.instanceId(),
                    origin,
                    target.active() ? "active" : "blackhole");
        }
    }

    /** @param main whether it is that of the VPC's main table, and so of no certain subnet */
    @Schema(name = "RouteTableAssociation")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AssociationView(
            String routeTableAssociationId,
            String routeTableId,
            boolean main,
            @Nullable String subnetId,
            @Nullable String gatewayId) {

        static AssociationView of(RouteTable.Association association) {
            boolean isSubnet = ResourceKind.SUBNET.isId(association.what());
            return new AssociationView(
                    association.id(),
                    association.tableId(),
                    association.main(),
                    isSubnet ? association.what() : null,
                    isSubnet || association.main() ? null : association.what());
        }
    }

    @Schema(name = "RouteTable")
    public record RouteTableView(
            String routeTableId,
            String vpcId,
            String account,
            String region,
            List<RouteView> routes,
            List<AssociationView> associations,
            Instant createdAt,
            Map<String, String> tags) {

        static RouteTableView of(TableUse use) {
            RouteTable table = use.table();
            List<RouteView> routes = new ArrayList<>();
            use.vpc().blocks().forEach(block -> routes.add(RouteView.local(block)));
            use.targets()
                    .forEach((destination, target) -> routes.add(RouteView.of(destination, target, "CreateRoute")));
            return new RouteTableView(
                    table.id(),
                    table.vpcId(),
                    table.account().value(),
                    table.region().value(),
                    routes,
                    table.associations().stream().map(AssociationView::of).toList(),
                    table.createdAt(),
                    table.tags());
        }
    }

    @Schema(name = "RouteTablePage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RouteTablePage(
            List<RouteTableView> routeTables, @Nullable String nextToken) {}

    @POST
    @Path(TABLES)
    @ResponseStatus(201)
    @Operation(summary = "Makes a route table of a VPC, with its local routes")
    public RouteTableView create(@Nullable CreateRequest request) {
        CreateRequest asked = VpcsResource.bodyOf(request);
        return RouteTableView.of(
                tables.create(caller.account(), caller.region(), asked.vpcId(), asked.tags(), asked.clientToken())
                        .orThrow());
    }

    @GET
    @Path(TABLES)
    @AllowedQuery({"routeTableId", "vpcId", "subnetId", "main", "tagKey", "tag:*", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists your route tables in the region, ordered by id",
            description = "Every VPC is made with a main one, which counts for subnets without a table of their own.")
    public RouteTablePage list(
            @QueryParam("routeTableId") List<String> ids,
            @QueryParam("vpcId") List<String> vpcIds,
            @QueryParam("subnetId") List<String> subnetIds,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        ids.forEach(this::get);
        List<TableUse> found = new ListFilter<TableUse>(
                        uri.getQueryParameters(), use -> use.table().tags())
                .with("routeTableId", use -> List.of(use.table().id()))
                .with("vpcId", use -> List.of(use.table().vpcId()))
                .with("subnetId", use -> use.table().subnetIds())
                .withFlag("main", use -> use.table().isMain())
                .page(
                        tables.list(caller.account(), caller.region()),
                        paging,
                        use -> use.table().id());
        return new RouteTablePage(
                paging.page(found).stream().map(RouteTableView::of).toList(),
                paging.nextToken(found, use -> use.table().id()));
    }

    @GET
    @Path(TABLES + "/{id}")
    @Operation(summary = "Tells of one route table")
    public RouteTableView get(@PathParam("id") String id) {
        return RouteTableView.of(
                tables.find(caller.account(), caller.region(), id).orThrow());
    }

    @PATCH
    @Path(TABLES + "/{id}")
    @Operation(summary = "Changes tags of a route table")
    public RouteTableView modify(@PathParam("id") String id, @Nullable TagPatch request) {
        return RouteTableView.of(tables.tag(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).tags())
                .orThrow());
    }

    @DELETE
    @Path(TABLES + "/{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes a route table that nothing is associated with")
    public void delete(@PathParam("id") String id) {
        tables.delete(caller.account(), caller.region(), id).orThrow();
    }

    @POST
    @Path(TABLES + "/{id}/routes")
    @ResponseStatus(201)
    @Operation(summary = "Adds a route: one destination, one target")
    public RouteTableView addRoute(@PathParam("id") String id, @Nullable RouteRequest request) {
        return RouteTableView.of(tables.addRoute(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).wish())
                .orThrow());
    }

    @PUT
    @Path(TABLES + "/{id}/routes")
    @Operation(summary = "Gives another target to a destination that the table has")
    public RouteTableView replaceRoute(@PathParam("id") String id, @Nullable RouteRequest request) {
        return RouteTableView.of(tables.replaceRoute(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).wish())
                .orThrow());
    }

    @DELETE
    @Path(TABLES + "/{id}/routes")
    @AllowedQuery("destination")
    @Operation(summary = "Deletes the route to a block or prefix list")
    public RouteTableView deleteRoute(
            @PathParam("id") String id, @QueryParam("destination") @Nullable String destination) {
        return RouteTableView.of(tables.deleteRoute(caller.account(), caller.region(), id, destination)
                .orThrow());
    }

    @POST
    @Path(TABLES + "/{id}/associations")
    @ResponseStatus(201)
    @Operation(summary = "Lets a route table count for a subnet, or for what comes in through a gateway")
    public AssociationView associate(@PathParam("id") String id, @Nullable AssociateRequest request) {
        AssociateRequest asked = VpcsResource.bodyOf(request);
        return AssociationView.of(
                tables.associate(caller.account(), caller.region(), id, asked.subnetId(), asked.gatewayId())
                        .orThrow());
    }

    @PUT
    @Path("route-table-associations/{id}")
    @Operation(
            summary = "Lets another route table count; answers the association that is new",
            description = "For the association of a main table: makes the other one the main table.")
    public AssociationView replaceAssociation(@PathParam("id") String associationId, @Nullable ReplaceRequest request) {
        return AssociationView.of(tables.replace(
                        caller.account(),
                        caller.region(),
                        associationId,
                        VpcsResource.bodyOf(request).routeTableId())
                .orThrow());
    }

    @DELETE
    @Path("route-table-associations/{id}")
    @ResponseStatus(204)
    @Operation(summary = "Takes a subnet or gateway from its route table")
    public void disassociate(@PathParam("id") String associationId) {
        tables.disassociate(caller.account(), caller.region(), associationId).orThrow();
    }
}
