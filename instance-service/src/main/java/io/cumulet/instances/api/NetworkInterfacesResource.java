package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.instances.app.InterfaceReads.Field;
import io.cumulet.instances.app.InterfaceReads.InterfaceFilter;
import io.cumulet.instances.app.NetworkInterfaces;
import io.cumulet.instances.app.PublicNames;
import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.InterfaceWish;
import io.cumulet.instances.domain.network.NetworkInterface;
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

@Path("/v1/network-interfaces")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Network interfaces")
public class NetworkInterfacesResource {

    private static final Map<String, Field> FIELDS = Map.ofEntries(
            Map.entry("networkInterfaceId", Field.NETWORK_INTERFACE_ID),
            Map.entry("subnetId", Field.SUBNET_ID),
            Map.entry("vpcId", Field.VPC_ID),
            Map.entry("availabilityZone", Field.AVAILABILITY_ZONE),
            Map.entry("securityGroupId", Field.SECURITY_GROUP_ID),
            Map.entry("instanceId", Field.INSTANCE_ID),
            Map.entry("privateIpAddress", Field.PRIVATE_IP_ADDRESS),
            Map.entry("ipv6Address", Field.IPV6_ADDRESS),
            Map.entry("publicIpAddress", Field.PUBLIC_IP_ADDRESS),
            Map.entry("status", Field.STATUS),
            Map.entry("attachmentId", Field.ATTACHMENT_ID));

    private static final Set<String> STATUSES = Set.of(NetworkInterfaceView.AVAILABLE, NetworkInterfaceView.IN_USE);

    private static final Set<Field> ADDRESSES =
            Set.of(Field.PRIVATE_IP_ADDRESS, Field.IPV6_ADDRESS, Field.PUBLIC_IP_ADDRESS);

    private final NetworkInterfaces interfaces;
    private final PublicNames names;
    private final Caller caller;

    public NetworkInterfacesResource(NetworkInterfaces interfaces, PublicNames names, Caller caller) {
        this.interfaces = interfaces;
        this.names = names;
        this.caller = caller;
    }

    public record CreateInterfaceRequest(
            @Schema(required = true) @Nullable String subnetId,
            @Nullable String description,

            @Schema(description = "The primary address; any free one if none is named") @Nullable
            String privateIpAddress,

            @Schema(description = "All addresses, the primary first; instead of privateIpAddress") @Nullable
            List<String> privateIpAddresses,

            @Schema(description = "So many free addresses besides the primary") @Nullable
            Integer secondaryPrivateIpAddressCount,

            @Schema(description = "Of the subnet's IPv6 block") @Nullable
            List<String> ipv6Addresses,

            @Schema(description = "So many IPv6 addresses, instead of named ones; as the subnet has it if not said")
            @Nullable
            Integer ipv6AddressCount,

            @Schema(description = "At most 5, of the subnet's VPC; its default group if none is named") @Nullable
            List<String> securityGroupIds,

            @Nullable Map<String, String> tags,

            @Schema(description = "The same token with the same request answers the same interface") @Nullable
            String clientToken) {}

    /** What to change; a field left out stays. A tag with null as value is removed. */
    public record ModifyInterfaceRequest(
            @Nullable String description,
            @Nullable List<String> securityGroupIds,
            @Nullable Boolean sourceDestCheck,

            @Schema(description = "Only of one that is attached") @Nullable
            Boolean deleteOnTermination,

            @Nullable Map<String, @Nullable String> tags) {}

    public record AttachRequest(
            @Schema(required = true) @Nullable String instanceId,

            @Schema(required = true, description = "Not taken yet; 0 is the primary interface") @Nullable
            Integer deviceIndex,

            @Schema(description = "false if not said: then it outlives the instance") @Nullable
            Boolean deleteOnTermination) {}

    /** Addresses that are named, or so many that are free. */
    public record AssignPrivateRequest(
            @Nullable List<String> privateIpAddresses,
            @Nullable Integer secondaryPrivateIpAddressCount,

            @Schema(description = "Whether a named one may be taken from another interface, where it isn't primary")
            @Nullable
            Boolean allowReassignment) {}

    /** Addresses that are named, or so many that nobody has. */
    public record AssignIpv6Request(
            @Nullable List<String> ipv6Addresses, @Nullable Integer ipv6AddressCount) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NetworkInterfacePage(
            List<NetworkInterfaceView> networkInterfaces,
            @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Makes a network interface in a subnet, attached to nothing")
    public NetworkInterfaceView create(@Nullable CreateInterfaceRequest request) {
        CreateInterfaceRequest body = required(request);
        return view(interfaces.create(
                new InterfaceWish(
                        body.subnetId(),
                        body.description(),
                        body.privateIpAddress(),
                        body.privateIpAddresses(),
                        body.secondaryPrivateIpAddressCount(),
                        body.ipv6Addresses(),
                        body.ipv6AddressCount(),
                        body.securityGroupIds(),
                        body.tags(),
                        body.clientToken()),
                caller.account(),
                caller.region()));
    }

    @GET
    @Operation(
            summary = "Lists network interfaces, ordered by id",
            description =
                    "The primary ones of instances too. A parameter given several times asks for any of its values.")
    @AllowedQuery({
        "networkInterfaceId",
        "subnetId",
        "vpcId",
        "availabilityZone",
        "securityGroupId",
        "attachmentId",
        "instanceId",
        "privateIpAddress",
        "ipv6Address",
        "publicIpAddress",
        "status",
        "tagKey",
        "tag:*",
        "maxResults",
        "nextToken"
    })
    public NetworkInterfacePage list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        FieldFilter<Field> filter =
                FieldFilter.of(uri.getQueryParameters(), Field.class, FIELDS).withAddresses(FIELDS, ADDRESSES);
        for (String zone : filter.fields().getOrDefault(Field.AVAILABILITY_ZONE, List.of())) {
            if (!Filters.isZone(zone, caller.region())) {
                throw Refusal.of(
                                ErrorCode.INVALID_AVAILABILITY_ZONE,
                                "availabilityZone",
                                "The zone '" + zone + "' does not exist in " + caller.region())
                        .asException();
            }
        }
        for (String status : filter.fields().getOrDefault(Field.STATUS, List.of())) {
            if (!STATUSES.contains(status)) {
                throw Refusal.of(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "status",
                                "available or in-use; not '" + status + "'")
                        .asException();
            }
        }
        List<NetworkInterface> found = interfaces.list(
                new InterfaceFilter(
                        caller.account(), caller.region(), filter.fields(), filter.tags(), filter.tagKeys()),
                paging.afterKey(),
                paging.sizeToAsk());
        List<NetworkInterface> page = paging.page(found);
        PublicNames.Named named = names.ofInterfaces(page);
        return new NetworkInterfacePage(
                page.stream().map(one -> NetworkInterfaceView.of(one, named)).toList(),
                paging.nextToken(found, NetworkInterface::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one network interface")
    public NetworkInterfaceView get(@PathParam("id") String id) {
        return view(interfaces.find(id, caller.account(), caller.region()));
    }

    @PATCH
    @Path("{id}")
    @Operation(
            summary = "Changes a network interface",
            description = "One that is attached changes only while its instance runs or is stopped.")
    public NetworkInterfaceView modify(@PathParam("id") String id, @Nullable ModifyInterfaceRequest request) {
        ModifyInterfaceRequest body = required(request);
        return view(interfaces.modify(
                id,
                caller.account(),
                caller.region(),
                new InterfaceCommand.Modify(
                        body.description(),
                        body.securityGroupIds(),
                        body.sourceDestCheck(),
                        body.deleteOnTermination(),
                        body.tags())));
    }

    @DELETE
    @Path("{id}")
    @ResponseStatus(204)
    @Operation(summary = "Deletes a network interface that is attached to nothing; its addresses are given back")
    public void delete(@PathParam("id") String id) {
        interfaces.delete(id, caller.account(), caller.region()).orThrow();
    }

    @POST
    @Path("{id}/attachment")
    @Operation(
            summary = "Attaches it to an instance of its zone that runs or is stopped",
            description =
                    "How many interfaces an instance can have, and how many addresses each, follows from its type.")
    public NetworkInterfaceView attach(@PathParam("id") String id, @Nullable AttachRequest request) {
        AttachRequest body = required(request);
        return view(interfaces.attach(
                id,
                caller.account(),
                caller.region(),
                body.instanceId(),
                body.deviceIndex(),
                body.deleteOnTermination()));
    }

    @DELETE
    @Path("{id}/attachment")
    @AllowedQuery("force")
    @Operation(
            summary = "Detaches it from its instance; the primary interface stays",
            description = "With force=true also while the instance is on its way from one state to another.")
    public NetworkInterfaceView detach(@PathParam("id") String id, @QueryParam("force") @Nullable String force) {
        boolean forced = switch (force == null ? "false" : force) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "force", "true or false; not '" + force + "'")
                        .asException();
        };
        return view(interfaces.detach(id, caller.account(), caller.region(), forced));
    }

    @POST
    @Path("{id}/private-addresses")
    @Operation(
            summary = "Gives it secondary private addresses",
            description = "An elastic address moves with the private address that it is associated with.")
    public NetworkInterfaceView assignPrivate(@PathParam("id") String id, @Nullable AssignPrivateRequest request) {
        AssignPrivateRequest body = required(request);
        return view(interfaces.assignPrivate(
                id,
                caller.account(),
                caller.region(),
                body.privateIpAddresses(),
                body.secondaryPrivateIpAddressCount(),
                body.allowReassignment()));
    }

    @DELETE
    @Path("{id}/private-addresses")
    @AllowedQuery("privateIpAddress")
    @Operation(
            summary = "Takes secondary private addresses from it",
            description = "An elastic address that is associated with one of them is disassociated.")
    public NetworkInterfaceView unassignPrivate(
            @PathParam("id") String id, @QueryParam("privateIpAddress") List<String> addresses) {
        return view(interfaces.unassignPrivate(id, caller.account(), caller.region(), addresses));
    }

    @POST
    @Path("{id}/ipv6-addresses")
    @Operation(summary = "Gives it IPv6 addresses of its subnet's block")
    public NetworkInterfaceView assignIpv6(@PathParam("id") String id, @Nullable AssignIpv6Request request) {
        AssignIpv6Request body = required(request);
        return view(interfaces.assignIpv6(
                id, caller.account(), caller.region(), body.ipv6Addresses(), body.ipv6AddressCount()));
    }

    @DELETE
    @Path("{id}/ipv6-addresses")
    @AllowedQuery("ipv6Address")
    @Operation(summary = "Takes IPv6 addresses from it")
    public NetworkInterfaceView unassignIpv6(
            @PathParam("id") String id, @QueryParam("ipv6Address") List<String> addresses) {
        return view(interfaces.unassignIpv6(id, caller.account(), caller.region(), addresses));
    }

    private static <T> T required(@Nullable T body) {
        if (body == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "This call has a body")
                    .asException();
        }
        return body;
    }

    private NetworkInterfaceView view(Outcome<NetworkInterface> outcome) {
        NetworkInterface one = outcome.orThrow();
        return NetworkInterfaceView.of(one, names.ofInterfaces(List.of(one)));
    }
}
