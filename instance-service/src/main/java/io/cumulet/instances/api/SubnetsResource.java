package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.api.VpcsResource.BlockView;
import io.cumulet.instances.app.Subnets;
import io.cumulet.instances.app.Subnets.SubnetUse;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetSettings;
import io.cumulet.kernel.Cidr;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/subnets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Network")
public class SubnetsResource {

    private final Subnets subnets;
    private final Caller caller;

    public SubnetsResource(Subnets subnets, Caller caller) {
        this.subnets = subnets;
        this.caller = caller;
    }

    @Schema(name = "CreateSubnetRequest")
    public record CreateRequest(
            @Schema(required = true) @Nullable String vpcId,

            @Schema(
                    required = true,
                    description = "IPv4, from /16 to /28, of the VPC's blocks",
                    examples = "10.0.1.0/24")
            @Nullable
            String cidrBlock,

            @Schema(description = "The region's first zone if not said", examples = "us-east-1a") @Nullable
            String availabilityZone,

            @Schema(description = "A /64 of the VPC's IPv6 block") @Nullable
            String ipv6CidrBlock,

            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request gives the same answer") @Nullable
            String clientToken) {}

    @Schema(name = "CreateDefaultSubnetRequest")
    public record CreateDefaultRequest(
            @Schema(required = true, examples = "us-east-1a") @Nullable
            String availabilityZone) {}

    /** A field left out stays. A tag with null as value is removed. */
    @Schema(name = "ModifySubnetRequest")
    public record ModifyRequest(
            @Nullable Map<String, @Nullable String> tags,

            @Schema(description = "Whether every new interface gets an IPv6 address") @Nullable
            Boolean assignIpv6AddressOnCreation,

            @Schema(description = "Recorded") @Nullable Boolean mapPublicIpOnLaunch,

            @Schema(description = "Recorded") @Nullable Boolean enableDns64,

            @Schema(description = "Recorded: ip-name or resource-name") @Nullable
            String privateDnsHostnameTypeOnLaunch,

            @Schema(description = "Recorded") @Nullable Boolean enableResourceNameDnsARecordOnLaunch,

            @Schema(description = "Recorded") @Nullable Boolean enableResourceNameDnsAAAARecordOnLaunch) {}

    @Schema(name = "AssociateSubnetBlockRequest")
    public record AssociateRequest(
            @Schema(required = true, description = "A /64 of the VPC's IPv6 block") @Nullable
            String ipv6CidrBlock) {}

    /** @param availableIpAddressCount IPv4 addresses that interfaces could still get */
    @Schema(name = "Subnet")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SubnetView(
            String subnetId,
            String vpcId,
            String account,
            String availabilityZone,
            @Nullable String availabilityZoneId,
            long version,
            String state,
            String cidrBlock,
            int availableIpAddressCount,
            @Nullable String ipv6CidrBlock,
            List<BlockView> ipv6CidrBlockAssociations,
            boolean assignIpv6AddressOnCreation,
            boolean defaultForAz,
            boolean mapPublicIpOnLaunch,
            boolean enableDns64,
            PrivateDnsView privateDnsNameOptionsOnLaunch,
            Map<String, String> tags) {

        @Schema(name = "PrivateDnsNameOptionsOnLaunch")
        public record PrivateDnsView(
                String hostnameType, boolean enableResourceNameDnsARecord, boolean enableResourceNameDnsAAAARecord) {}

        static SubnetView of(SubnetUse use) {
            Subnet subnet = use.subnet();
            Cidr ipv6 = subnet.ipv6Cidr();
            SubnetSettings settings = subnet.settings();
            return new SubnetView(
                    subnet.id(),
                    subnet.vpcId(),
                    subnet.account().value(),
                    subnet.zone().value(),
                    Regions.find(subnet.zone().region())
                            .flatMap(region -> region.zone(subnet.zone()))
                            .map(RegionFacts.ZoneFacts::zoneId)
                            .orElse(null),
                    subnet.version(),
                    NetworkFilters.AVAILABLE,
                    subnet.cidr().toString(),
                    use.free(),
                    ipv6 == null ? null : ipv6.toString(),
                    ipv6 == null
                            ? List.of()
                            : List.of(new BlockView(Subnet.associationId(subnet.id(), ipv6), ipv6.toString())),
                    subnet.assignIpv6(),
                    subnet.isDefault(),
                    settings.mapPublicIp(),
                    settings.dns64(),
                    new PrivateDnsView(
                            settings.hostnameType(), settings.resourceNameARecord(), settings.resourceNameAaaaRecord()),
                    subnet.tags());
        }
    }

    @Schema(name = "SubnetPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SubnetPage(
            List<SubnetView> subnets, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes a subnet of a VPC, in one zone")
    public SubnetView create(@Nullable CreateRequest request) {
        CreateRequest asked = VpcsResource.bodyOf(request);
        return SubnetView.of(subnets.create(
                        caller.account(),
                        caller.region(),
                        new Subnets.SubnetWish(
                                asked.vpcId(),
                                asked.cidrBlock(),
                                asked.availabilityZone(),
                                asked.ipv6CidrBlock(),
                                asked.tags()),
                        asked.clientToken())
                .orThrow());
    }

    @POST
    @Path("default")
    @ResponseStatus(201)
    @Operation(summary = "Makes the default subnet of a zone anew, after it was deleted")
    public SubnetView createDefault(@Nullable CreateDefaultRequest request) {
        return SubnetView.of(subnets.createDefault(
                        caller.account(),
                        caller.region(),
                        VpcsResource.bodyOf(request).availabilityZone())
                .orThrow());
    }

    @GET
    @AllowedQuery({
        "subnetId",
        "vpcId",
        "availabilityZone",
        "cidrBlock",
        "ipv6CidrBlock",
        "defaultForAz",
        "state",
        "tagKey",
        "tag:*",
        "maxResults",
        "nextToken"
    })
    @Operation(
            summary = "Lists your subnets in the region, ordered by id",
            description =
                    "A parameter given several times asks for any of its values. From the beginning there is one in "
                            + "each zone, in your default VPC 172.31.0.0/16.")
    public SubnetPage list(
            @QueryParam("subnetId") List<String> subnetIds,
            @QueryParam("vpcId") List<String> vpcIds,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<SubnetUse> found = subnets.list(
                caller.account(),
                caller.region(),
                NetworkFilters.subnets(
                        uri.getQueryParameters(),
                        caller.region(),
                        id -> subnets.find(caller.account(), caller.region(), id)),
                paging.afterKey(),
                paging.sizeToAsk());
        return new SubnetPage(
                paging.page(found).stream().map(SubnetView::of).toList(),
                paging.nextToken(found, use -> use.subnet().id()));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one subnet")
    public SubnetView get(@PathParam("id") String id) {
        return SubnetView.of(subnets.find(caller.account(), caller.region(), id).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes tags and settings of a subnet")
    public SubnetView modify(@PathParam("id") String id, @Nullable ModifyRequest request) {
        ModifyRequest asked = VpcsResource.bodyOf(request);
        return SubnetView.of(subnets.modify(
                        caller.account(),
                        caller.region(),
                        id,
                        asked.tags(),
                        new SubnetSettings.Wish(
                                asked.mapPublicIpOnLaunch(),
                                asked.enableDns64(),
                                asked.privateDnsHostnameTypeOnLaunch(),
                                asked.enableResourceNameDnsARecordOnLaunch(),
                                asked.enableResourceNameDnsAAAARecordOnLaunch()),
                        asked.assignIpv6AddressOnCreation())
                .orThrow());
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes a subnet in which no interface has an address")
    public void delete(@PathParam("id") String id) {
        subnets.delete(caller.account(), caller.region(), id).orThrow();
    }

    @POST
    @Path("{id}/cidr-block-associations")
    @ResponseStatus(201)
    @Operation(summary = "Gives a subnet a /64 of its VPC's IPv6 block")
    public SubnetView associate(@PathParam("id") String id, @Nullable AssociateRequest request) {
        return SubnetView.of(subnets.associate(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).ipv6CidrBlock())
                .orThrow());
    }

    @DELETE
    @Path("{id}/cidr-block-associations/{cidrAssociationId}")
    @Operation(summary = "Takes its IPv6 block away from a subnet, if no interface has an address of it")
    public SubnetView disassociate(
            @PathParam("id") String id, @PathParam("cidrAssociationId") String cidrAssociationId) {
        return SubnetView.of(subnets.disassociate(caller.account(), caller.region(), id, cidrAssociationId)
                .orThrow());
    }
}
