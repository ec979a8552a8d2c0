package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.NetworkAcls;
import io.cumulet.instances.app.NetworkAcls.AclUse;
import io.cumulet.instances.app.NetworkAcls.AssociationMade;
import io.cumulet.instances.domain.network.AclEntry;
import io.cumulet.instances.domain.network.NetworkAcl;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Refusal;
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
public class NetworkAclsResource {

    private static final String ACLS = "network-acls";

    private final NetworkAcls acls;
    private final Caller caller;

    public NetworkAclsResource(NetworkAcls acls, Caller caller) {
        this.acls = acls;
        this.caller = caller;
    }

    @Schema(name = "CreateNetworkAclRequest")
    public record CreateRequest(
            @Schema(required = true) @Nullable String vpcId,
            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request gives the same answer") @Nullable
            String clientToken) {}

    @Schema(name = "ReplaceNetworkAclAssociationRequest")
    public record ReplaceRequest(
            @Schema(required = true, description = "Of the subnet's VPC") @Nullable
            String networkAclId) {}

    @Schema(name = "NetworkAclEntryRequest")
    public record EntryRequest(
            @Schema(required = true) @Nullable Boolean egress,

            @Schema(required = true, description = "From 1 to 32766; the lowest that matches counts") @Nullable
            Integer ruleNumber,

            @Schema(required = true, description = "An IANA number, or tcp, udp, icmp; -1 is every protocol") @Nullable
            String protocol,

            @Schema(required = true, description = "allow or deny") @Nullable
            String ruleAction,

            @Schema(description = "Or ipv6CidrBlock") @Nullable
            String cidrBlock,

            @Nullable String ipv6CidrBlock,

            @Schema(description = "Of TCP and UDP") AclEntry.@Nullable PortRange portRange,

            @Schema(description = "Of ICMP; -1 is any") AclEntry.@Nullable IcmpTypeCode icmpTypeCode) {

        AclEntry.Wish wish() {
            return new AclEntry.Wish(
                    egress, ruleNumber, protocol, ruleAction, cidrBlock, ipv6CidrBlock, portRange, icmpTypeCode);
        }
    }

    /** @param protocol an IANA number; -1 is every protocol */
    @Schema(name = "NetworkAclEntry")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EntryView(
            boolean egress,
            int ruleNumber,
            String protocol,
            String ruleAction,
            @Nullable String cidrBlock,
            @Nullable String ipv6CidrBlock,
            AclEntry.@Nullable PortRange portRange,
            AclEntry.@Nullable IcmpTypeCode icmpTypeCode) {

        static EntryView of(AclEntry entry) {
            boolean ipv4 = entry.block().family() == IpFamily.IPV4;
            return new EntryView(
                    entry.egress(),
                    entry.ruleNumber(),
                    Integer.toString(entry.protocol()),
                    entry.allow() ? "allow" : "deny",
                    ipv4 ? entry.block().toString() : null,
                    ipv4 ? null : entry.block().toString(),
                    entry.fromPort() == null ? null : new AclEntry.PortRange(entry.fromPort(), entry.toPort()),
                    entry.icmpType() == null ? null : new AclEntry.IcmpTypeCode(entry.icmpType(), entry.icmpCode()));
        }
    }

    /** @param isDefault whether it counts for the VPC's subnets that name no other */
    @Schema(name = "NetworkAcl")
    public record NetworkAclView(
            String networkAclId,
            String vpcId,
            String account,
            String region,
            boolean isDefault,
            List<EntryView> entries,
            List<AssociationMade> associations,
            Instant createdAt,
            Map<String, String> tags) {

        static NetworkAclView of(AclUse use) {
            NetworkAcl acl = use.acl();
            return new NetworkAclView(
                    acl.id(),
                    acl.vpcId(),
                    acl.account().value(),
                    acl.region().value(),
                    acl.isDefault(),
                    entries(use),
                    acl.subnetIds().stream()
                            .map(subnet -> new AssociationMade(acl.associationId(subnet), acl.id(), subnet))
                            .toList(),
                    acl.createdAt(),
                    acl.tags());
        }

        private static List<EntryView> entries(AclUse use) {
            List<EntryView> views = new ArrayList<>();
            for (boolean egress : List.of(true, false)) {
                use.acl().entries().stream()
                        .filter(entry -> entry.egress() == egress)
                        .forEach(entry -> views.add(EntryView.of(entry)));
                views.add(EntryView.of(AclEntry.nothingElse(egress, IpFamily.IPV4)));
                if (use.withIpv6()) {
                    views.add(EntryView.of(AclEntry.nothingElse(egress, IpFamily.IPV6)));
                }
            }
            return views;
        }
    }

    @Schema(name = "NetworkAclPage")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NetworkAclPage(
            List<NetworkAclView> networkAcls, @Nullable String nextToken) {}

    @POST
    @Path(ACLS)
    @ResponseStatus(201)
    @Operation(summary = "Makes a network ACL of a VPC, which lets nothing through")
    public NetworkAclView create(@Nullable CreateRequest request) {
        CreateRequest asked = VpcsResource.bodyOf(request);
        return NetworkAclView.of(
                acls.create(caller.account(), caller.region(), asked.vpcId(), asked.tags(), asked.clientToken())
                        .orThrow());
    }

    @GET
    @Path(ACLS)
    @AllowedQuery({"networkAclId", "vpcId", "isDefault", "subnetId", "tagKey", "tag:*", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists your network ACLs in the region, ordered by id",
            description = "Every VPC is made with one that lets everything through.")
    public NetworkAclPage list(
            @QueryParam("networkAclId") List<String> ids,
            @QueryParam("vpcId") List<String> vpcIds,
            @QueryParam("subnetId") List<String> subnetIds,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        ids.forEach(this::get);
        List<AclUse> found = new ListFilter<AclUse>(
                        uri.getQueryParameters(), use -> use.acl().tags())
                .with("networkAclId", use -> List.of(use.acl().id()))
                .with("vpcId", use -> List.of(use.acl().vpcId()))
                .with("subnetId", use -> use.acl().subnetIds())
                .withFlag("isDefault", use -> use.acl().isDefault())
                .page(
                        acls.list(caller.account(), caller.region()),
                        paging,
                        use -> use.acl().id());
        return new NetworkAclPage(
                paging.page(found).stream().map(NetworkAclView::of).toList(),
                paging.nextToken(found, use -> use.acl().id()));
    }

    @GET
    @Path(ACLS + "/{id}")
    @Operation(summary = "Tells of one network ACL")
    public NetworkAclView get(@PathParam("id") String id) {
        return NetworkAclView.of(
                acls.find(caller.account(), caller.region(), id).orThrow());
    }

    @PATCH
    @Path(ACLS + "/{id}")
    @Operation(summary = "Changes tags of a network ACL")
    public NetworkAclView modify(@PathParam("id") String id, @Nullable TagPatch request) {
        return NetworkAclView.of(acls.tag(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).tags())
                .orThrow());
    }

    @DELETE
    @Path(ACLS + "/{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes a network ACL of no subnet that isn't its VPC's default one")
    public void delete(@PathParam("id") String id) {
        acls.delete(caller.account(), caller.region(), id).orThrow();
    }

    @POST
    @Path(ACLS + "/{id}/entries")
    @ResponseStatus(201)
    @Operation(summary = "Adds an entry under a number that is free")
    public NetworkAclView addEntry(@PathParam("id") String id, @Nullable EntryRequest request) {
        return NetworkAclView.of(acls.addEntry(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).wish())
                .orThrow());
    }

    @PUT
    @Path(ACLS + "/{id}/entries")
    @Operation(summary = "Replaces the entry of a direction and number")
    public NetworkAclView replaceEntry(@PathParam("id") String id, @Nullable EntryRequest request) {
        return NetworkAclView.of(acls.replaceEntry(
                        caller.account(),
                        caller.region(),
                        id,
                        VpcsResource.bodyOf(request).wish())
                .orThrow());
    }

    @DELETE
    @Path(ACLS + "/{id}/entries")
    @AllowedQuery({"egress", "ruleNumber"})
    @Operation(summary = "Deletes the entry of a direction and number")
    public NetworkAclView deleteEntry(
            @PathParam("id") String id,
            @QueryParam("egress") @Nullable String egress,
            @QueryParam("ruleNumber") @Nullable String ruleNumber) {
        if (!"true".equals(egress) && !"false".equals(egress)) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "egress", "true or false, not '" + egress + "'")
                    .asException();
        }
        return NetworkAclView.of(
                acls.deleteEntry(caller.account(), caller.region(), id, "true".equals(egress), number(ruleNumber))
                        .orThrow());
    }

    private static int number(@Nullable String text) {
        try {
            return Integer.parseInt(String.valueOf(text));
        } catch (NumberFormatException e) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "ruleNumber", "A number, not '" + text + "'")
                    .asException();
        }
    }

    @PUT
    @Path("network-acl-associations/{id}")
    @Operation(summary = "Lets another network ACL count for a subnet; answers the association that is new")
    public AssociationMade replaceAssociation(@PathParam("id") String associationId, @Nullable ReplaceRequest request) {
        return acls.associate(
                        caller.account(),
                        caller.region(),
                        associationId,
                        VpcsResource.bodyOf(request).networkAclId())
                .orThrow();
    }
}
