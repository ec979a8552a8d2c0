package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where packets of a VPC's subnets are to go. Immutable. The local routes aren't kept: they follow from the VPC's blocks.
 *
 * @param isMain whether it counts for subnets without a table of their own
 * @param routes targets by destination: a block, or the id of a prefix list
 * @param subnetIds the subnets that are associated with it by name
 * @param gatewayIds the gateways that are associated with it
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html">Route tables</a>
 */
public record RouteTable(
        String id,
        AccountId account,
        Region region,
        String vpcId,
        boolean isMain,
        SortedMap<String, String> routes,
        List<String> subnetIds,
        List<String> gatewayIds,
        Map<String, String> tags,
        Instant createdAt) {

    /** @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html">VPC quotas</a> */
    public static final int MOST_PER_VPC = 200;

    private static final int MOST_ROUTES = 500;

    /** What a table is associated with: a subnet, a gateway, or as main table the VPC. */
    public record Association(String id, String tableId, String what, boolean main) {}

    public RouteTable {
        subnetIds = List.copyOf(subnetIds);
        gatewayIds = List.copyOf(gatewayIds);
        tags = Map.copyOf(tags);
    }

    /** A new table without routes of its own. */
    public static RouteTable of(Vpc vpc, boolean isMain, Map<String, String> tags, Instant now) {
        return new RouteTable(
                ResourceKind.ROUTE_TABLE.newId(),
                vpc.account(),
                vpc.region(),
                vpc.id(),
                isMain,
                new TreeMap<>(),
                List.of(),
                List.of(),
                tags,
                now);
    }

    /** The main one first, then subnets, then gateways. */
    public List<Association> associations() {
        List<Association> all = new ArrayList<>();
        if (isMain) {
            all.add(association(vpcId, true));
        }
        subnetIds.forEach(subnet -> all.add(association(subnet, false)));
        gatewayIds.forEach(gateway -> all.add(association(gateway, false)));
        return all;
    }

    /** The id follows from the table and from what is associated with it. */
    public Association association(String what, boolean main) {
        return new Association(ResourceKind.ROUTE_TABLE_ASSOCIATION.derivedId(id, what), id, what, main);
    }

    public RouteTable tagged(Map<String, String> newTags) {
        return new RouteTable(id, account, region, vpcId, isMain, routes, subnetIds, gatewayIds, newTags, createdAt);
    }

    private RouteTable routed(SortedMap<String, String> newRoutes) {
        return new RouteTable(id, account, region, vpcId, isMain, newRoutes, subnetIds, gatewayIds, tags, createdAt);
    }

    /** With one more route. */
    public Outcome<RouteTable> with(String destination, String target, Vpc vpc) {
        if (routes.containsKey(destination) || isLocal(destination, vpc)) {
            return Outcome.refused(
                    ErrorCode.ROUTE_ALREADY_EXISTS,
                    "destination",
                    "The route identified by " + destination + " already exists.");
        }
        if (routes.size() >= MOST_ROUTES) {
            return Outcome.refused(
                    ErrorCode.ROUTE_LIMIT_EXCEEDED,
                    "destination",
                    "A route table has at most " + MOST_ROUTES + " routes");
        }
        return Outcome.done(put(destination, target));
    }

    /** With another target for a destination it has. */
    public Outcome<RouteTable> replacing(String destination, String target, Vpc vpc) {
        return own(destination, "replace", vpc).map(before -> put(destination, target));
    }

    public Outcome<RouteTable> without(String destination, Vpc vpc) {
        return own(destination, "remove", vpc).map(before -> {
            SortedMap<String, String> fewer = new TreeMap<>(routes);
            fewer.remove(destination);
            return routed(fewer);
        });
    }

    private Outcome<String> own(String destination, String what, Vpc vpc) {
        if (isLocal(destination, vpc)) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "destination",
                    "cannot " + what + " local route " + destination + " in route table " + id);
        }
        return Optional.ofNullable(routes.get(destination))
                .<Outcome<String>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.ROUTE_NOT_FOUND,
                        "destination",
                        "no route with destination " + destination + " in route table " + id));
    }

    private RouteTable put(String destination, String target) {
        SortedMap<String, String> more = new TreeMap<>(routes);
        more.put(destination, target);
        return routed(more);
    }

    private static boolean isLocal(String destination, Vpc vpc) {
        return vpc.blocks().stream().map(Cidr::toString).anyMatch(destination::equals);
    }
}
