package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.DhcpOptionSets;
import io.cumulet.instances.app.Vpcs;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.instances.domain.network.VpcSettings;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/vpcs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Network")
public class VpcsResource {

    private final Vpcs vpcs;
    private final Caller caller;

    public VpcsResource(Vpcs vpcs, Caller caller) {
        this.vpcs = vpcs;
        this.caller = caller;
    }

    @Schema(name = "CreateVpcRequest")
    public record CreateRequest(
            @Schema(required = true, description = "IPv4, from /16 to /28", examples = "10.0.0.0/16") @Nullable
            String cidrBlock,

            @Schema(description = "Whether it also gets a /56 of IPv6, of the operator's pool") @Nullable
            Boolean amazonProvidedIpv6CidrBlock,

            @Schema(description = "default or dedicated; recorded") @Nullable
            String instanceTenancy,

            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request gives the same answer") @Nullable
            String clientToken) {}

    /** A field left out stays. A tag with null as value is removed. */
    @Schema(name = "ModifyVpcRequest")
    public record ModifyRequest(
            @Nullable Map<String, @Nullable String> tags,

            @Schema(description = "Only default, of one that is dedicated") @Nullable
            String instanceTenancy,

            @Nullable Boolean enableDnsSupport,
            @Nullable Boolean enableDnsHostnames,
            @Nullable Boolean enableNetworkAddressUsageMetrics,

            @Schema(description = "Or default, for none") @Nullable
            String dhcpOptionsId) {}

    @Schema(name = "AssociateVpcBlockRequest")
    public record AssociateRequest(
            @Schema(
                    description = "A secondary block of IPv4, from /16 to /28; none may overlap",
                    examples = "10.1.0.0/16")
            @Nullable
            String cidrBlock,

            @Schema(description = "Instead: a /56 of IPv6, of the operator's pool") @Nullable
            Boolean amazonProvidedIpv6CidrBlock) {}

    /** A block with the id that it is taken away by. */
    @Schema(name = "BlockAssociation")
    public record BlockView(String associationId, String cidrBlock) {}

    /** @param cidrBlock the primary one, the first of {@code cidrBlocks} */
    @Schema(name = "Vpc")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VpcView(
            String vpcId,
            String account,
            String region,
            long version,
            String state,
            String cidrBlock,
            List<String> cidrBlocks,
            @Nullable String ipv6CidrBlock,
            List<BlockView> cidrBlockAssociations,
            boolean isDefault,
            String instanceTenancy,
            boolean enableDnsSupport,
            boolean enableDnsHostnames,
            boolean enableNetworkAddressUsageMetrics,
            String dhcpOptionsId,
            Instant createdAt,
            Map<String, String> tags) {

        static VpcView of(Vpc vpc) {
            Cidr ipv6 = vpc.ipv6Cidr();
            VpcSettings settings = vpc.settings();
            String dhcpOptionsId = settings.dhcpOptionsId();
            return new VpcView(
                    vpc.id(),
                    vpc.account().value(),
                    vpc.region().value(),
                    vpc.version(),
                    NetworkFilters.AVAILABLE,
                    vpc.cidrs().getFirst().toString(),
                    vpc.cidrs().stream().map(Cidr::toString).toList(),
                    ipv6 == null ? null : ipv6.toString(),
                    vpc.blocks().stream()
                            .map(block -> new BlockView(vpc.associationId(block), block.toString()))
                            .toList(),
                    vpc.isDefault(),
                    settings.instanceTenancy(),
                    settings.enableDnsSupport(),
                    settings.enableDnsHostnames(),
                    settings.enableNetworkAddressUsageMetrics(),
                    dhcpOptionsId == null ? DhcpOptionSets.NONE : dhcpOptionsId,
                    vpc.createdAt(),
                    vpc.tags());
        }
    }

    @Schema(name = "VpcPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VpcPage(List<VpcView> vpcs, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes a VPC")
    public VpcView create(@Nullable CreateRequest request) {
        CreateRequest asked = bodyOf(request);
        return VpcView.of(vpcs.create(
                        caller.account(),
                        caller.region(),
                        new Vpcs.VpcWish(
                                asked.cidrBlock(),
                                asked.amazonProvidedIpv6CidrBlock(),
                                asked.instanceTenancy(),
                                asked.tags()),
                        asked.clientToken())
                .orThrow());
    }

    @POST
    @Path("default")
    @Consumes(MediaType.WILDCARD)
    @ResponseStatus(201)
    @Operation(
            summary = "Makes the default VPC anew, with its subnets, after it was deleted",
            description = "Every account has one from the beginning: 172.31.0.0/16.")
    public VpcView createDefault() {
        return VpcView.of(vpcs.createDefault(caller.account(), caller.region()).orThrow());
    }

    @GET
    @AllowedQuery({
        "vpcId",
        "cidrBlock",
        "ipv6CidrBlock",
        "isDefault",
        "state",
        "tagKey",
        "tag:*",
        "maxResults",
        "nextToken"
    })
    @Operation(
            summary = "Lists your VPCs in the region, ordered by id",
            description = "A parameter given several times asks for any of its values.")
    public VpcPage list(
            @QueryParam("vpcId") List<String> vpcIds,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<Vpc> found = vpcs.list(
                caller.account(),
                caller.region(),
                NetworkFilters.vpcs(uri.getQueryParameters(), id -> vpcs.find(caller.account(), caller.region(), id)),
                paging.afterKey(),
                paging.sizeToAsk());
        return new VpcPage(paging.page(found).stream().map(VpcView::of).toList(), paging.nextToken(found, Vpc::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one VPC")
    public VpcView get(@PathParam("id") String id) {
        return VpcView.of(vpcs.find(caller.account(), caller.region(), id).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes tags and settings of a VPC")
    public VpcView modify(@PathParam("id") String id, @Nullable ModifyRequest request) {
        ModifyRequest asked = bodyOf(request);
        return VpcView.of(vpcs.modify(
                        caller.account(),
                        caller.region(),
                        id,
                        asked.tags(),
                        new VpcSettings.Wish(
                                asked.instanceTenancy(),
                                asked.enableDnsSupport(),
                                asked.enableDnsHostnames(),
                                asked.enableNetworkAddressUsageMetrics(),
                                asked.dhcpOptionsId()))
                .orThrow());
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(
            summary = "Deletes a VPC without subnets, gateways, and groups, route tables and ACLs of its owner's",
            description = "The default VPC too; POST /v1/vpcs/default makes it anew.")
    public void delete(@PathParam("id") String id) {
        vpcs.delete(caller.account(), caller.region(), id).orThrow();
    }

    @POST
    @Path("{id}/cidr-block-associations")
    @ResponseStatus(201)
    @Operation(summary = "Gives a VPC a secondary IPv4 block, or an IPv6 block")
    public VpcView associate(@PathParam("id") String id, @Nullable AssociateRequest request) {
        AssociateRequest asked = bodyOf(request);
        return VpcView.of(vpcs.associate(
                        caller.account(), caller.region(), id, asked.cidrBlock(), asked.amazonProvidedIpv6CidrBlock())
                .orThrow());
    }

    @DELETE
    @Path("{id}/cidr-block-associations/{cidrAssociationId}")
    @Operation(summary = "Takes a block away from a VPC, unless it is the primary one or a subnet is in it")
    public VpcView disassociate(@PathParam("id") String id, @PathParam("cidrAssociationId") String cidrAssociationId) {
        return VpcView.of(vpcs.disassociate(caller.account(), caller.region(), id, cidrAssociationId)
                .orThrow());
    }

    static <T> T bodyOf(@Nullable T request) {
        if (request == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "body", "This call has a body")
                    .asException();
        }
        return request;
    }
}
