package io.cumulet.instances.app;

import io.cumulet.instances.app.InterfaceReads.InterfaceFilter;
import io.cumulet.instances.app.SecurityGroups.Firewall;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.InternetGateway;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.RouteTable;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where routes lead to and from: what callers name, and what became of it. */
@ApplicationScoped
public class RouteTargets {

    /** More than all routes of an account can name in practice; a page of interfaces has an end. */
    private static final int MOST_INTERFACES = 100_000;

    private final InternetGatewayStore gateways;
    private final InterfaceReads interfaces;
    private final Instances instances;
    private final Firewall firewall;

    RouteTargets(InternetGatewayStore gateways, InterfaceReads interfaces, Instances instances, Firewall firewall) {
        this.gateways = gateways;
        this.interfaces = interfaces;
        this.instances = instances;
        this.firewall = firewall;
    }

    /** A route as a caller writes it, unchecked: one destination and one target. */
    public record Wish(
            @Nullable String destinationCidrBlock,
            @Nullable String destinationIpv6CidrBlock,
            @Nullable String destinationPrefixListId,
            @Nullable String gatewayId,
            @Nullable String egressOnlyInternetGatewayId,
            @Nullable String networkInterfaceId,
            @Nullable String instanceId) {}

    /**
     * A target as it is now.
     *
     * @param instanceId that an interface is attached to
     * @param active whether it still takes packets
     */
    public record Target(String id, @Nullable String instanceId, boolean active) {}

    static boolean isGateway(String id) {
        return ResourceKind.INTERNET_GATEWAY.isId(id) || ResourceKind.EGRESS_ONLY_INTERNET_GATEWAY.isId(id);
    }

    /** What the routes of some tables lead to. */
    record Known(Map<String, InternetGateway> gateways, Map<String, NetworkInterface> interfaces) {

        Map<String, Target> ofRoutes(RouteTable table) {
            Map<String, Target> byDestination = new LinkedHashMap<>();
            table.routes().forEach((destination, id) -> byDestination.put(destination, target(id, table.vpcId())));
            return byDestination;
        }

        private Target target(String id, String vpcId) {
            if (isGateway(id)) {
                InternetGateway gateway = gateways.get(id);
                return new Target(id, null, gateway != null && vpcId.equals(gateway.vpcId()));
            }
            NetworkInterface one = interfaces.get(id);
            NetworkInterface.Attachment attachment = one == null ? null : one.attachment();
            return new Target(id, attachment == null ? null : attachment.instanceId(), attachment != null);
        }
    }

    Known of(AccountId account, Region region, List<RouteTable> tables) {
        Map<String, InternetGateway> knownGateways = new HashMap<>();
        Transactions.read(() -> gateways.list(account, region))
                .forEach(gateway -> knownGateways.put(gateway.id(), gateway));
        List<String> interfaceIds = tables.stream()
                .flatMap(table -> table.routes().values().stream())
                .filter(id -> !isGateway(id))
                .distinct()
                .toList();
        Map<String, NetworkInterface> knownInterfaces = new HashMap<>();
        if (!interfaceIds.isEmpty()) {
            interfaces
                    .list(
                            new InterfaceFilter(
                                    account,
                                    region,
                                    Map.of(InterfaceReads.Field.NETWORK_INTERFACE_ID, interfaceIds),
                                    Map.of(),
                                    List.of()),
                            null,
                            MOST_INTERFACES)
                    .forEach(one -> knownInterfaces.put(one.id(), one));
        }
        return new Known(knownGateways, knownInterfaces);
    }

    /** The destination of a wish, as it is kept. */
    Outcome<String> destination(AccountId account, Region region, Wish wish) {
        List<String> given = Stream.of(
                        wish.destinationCidrBlock(), wish.destinationIpv6CidrBlock(), wish.destinationPrefixListId())
                .filter(Objects::nonNull)
                .toList();
        if (given.size() != 1) {
            return Outcome.refused(
                    given.isEmpty() ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "destinationCidrBlock",
                    "A route has one destination: destinationCidrBlock, destinationIpv6CidrBlock or "
                            + "destinationPrefixListId");
        }
        return written(given.getFirst()).flatMap(destination -> {
            boolean isPrefixList = ResourceKind.PREFIX_LIST.isId(destination);
            if (isPrefixList != (wish.destinationPrefixListId() != null)
                    || !isPrefixList && isIpv6(destination) != (wish.destinationIpv6CidrBlock() != null)) {
                return noBlock(destination);
            }
            return isPrefixList && !firewall.hasPrefixList(destination, account, region)
                    ? Outcome.refused(
                            ErrorCode.PREFIX_LIST_NOT_FOUND,
                            "destinationPrefixListId",
                            "The prefix list ID '" + destination + "' does not exist")
                    : Outcome.done(destination);
        });
    }

    /** A destination as it is kept: a block without host bits, or the id of a prefix list. */
    static Outcome<String> written(@Nullable String destination) {
        if (destination == null || destination.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "destination", "'destination' is required");
        }
        return ResourceKind.PREFIX_LIST.isId(destination)
                ? Outcome.done(destination)
                : Cidr.parse(destination)
                        .<Outcome<String>>map(block -> Outcome.done(block.toString()))
                        .orElseGet(() -> noBlock(destination));
    }

    private static boolean isIpv6(String block) {
        return Cidr.parse(block).map(Cidr::family).orElse(IpFamily.IPV4) == IpFamily.IPV6;
    }

    private static Outcome<String> noBlock(String destination) {
        return Outcome.refused(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "destinationCidrBlock",
                "Value (" + destination
                        + ") for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.");
    }

    /** The target of a wish for a table, which has to be in the table's VPC. */
    Outcome<String> target(RouteTable table, Wish wish) {
        List<String> given = Stream.of(
                        wish.gatewayId(),
                        wish.egressOnlyInternetGatewayId(),
                        wish.networkInterfaceId(),
                        wish.instanceId())
                .filter(Objects::nonNull)
                .toList();
        if (given.size() != 1) {
            return Outcome.refused(
                    given.isEmpty() ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "gatewayId",
                    "A route has one target: gatewayId, egressOnlyInternetGatewayId, networkInterfaceId or instanceId");
        }
        AccountId account = table.account();
        Region region = table.region();
        String id = given.getFirst();
        Outcome<String> vpcId;
        if (wish.networkInterfaceId() != null) {
            vpcId = interfaces
                    .find(id, account, region)
                    .<Outcome<String>>map(one -> Outcome.done(one.vpcId()))
                    .orElseGet(() -> Outcome.refused(ZoneInterfaces.notFound(id)));
        } else if (wish.instanceId() != null) {
            return instances
                    .find(id, account, region)
                    .flatMap(RouteTargets::onlyInterface)
                    .flatMap(one -> inVpc(table, one.id(), one.vpcId()));
        } else {
            vpcId = attachedVpc(account, region, id, wish.gatewayId() == null);
        }
        return vpcId.flatMap(vpc -> inVpc(table, id, vpc));
    }

    private static Outcome<String> inVpc(RouteTable table, String id, String vpcId) {
        return vpcId.equals(table.vpcId())
                ? Outcome.done(id)
                : Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "gatewayId",
                        "route table " + table.id() + " and " + id + " belong to different networks");
    }

    private static Outcome<NetworkInterface> onlyInterface(Instance instance) {
        return instance.interfaces().size() == 1
                ? Outcome.done(instance.interfaces().getFirst())
                : Outcome.refused(
                        ErrorCode.INVALID_INSTANCE_ID,
                        "instanceId",
                        "There are multiple interfaces attached to instance '" + instance.id()
                                + "'. Please specify an interface ID for the operation instead.");
    }

    /** The VPC that an internet gateway is attached to. */
    Outcome<String> attachedVpc(AccountId account, Region region, String gatewayId) {
        return attachedVpc(account, region, gatewayId, false);
    }

    private Outcome<String> attachedVpc(AccountId account, Region region, String gatewayId, boolean egressOnly) {
        return gateways.find(account, region, gatewayId)
                .filter(gateway -> gateway.egressOnly() == egressOnly)
                .<Outcome<String>>map(gateway -> gateway.vpcId() == null
                        ? Outcome.refused(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "gatewayId",
                                "The gateway " + gatewayId + " is attached to no network")
                        : Outcome.done(gateway.vpcId()))
                .orElseGet(() -> Outcome.refused(gatewayNotFound(gatewayId, egressOnly)));
    }

    private static Refusal gatewayNotFound(String id, boolean egressOnly) {
        if (egressOnly) {
            return Refusal.of(
                    ErrorCode.EGRESS_ONLY_INTERNET_GATEWAY_NOT_FOUND,
                    "egressOnlyInternetGatewayId",
                    "The eigw ID '" + id + "' does not exist");
        }
        return ResourceKind.INTERNET_GATEWAY.isId(id)
                ? Refusal.of(
                        ErrorCode.INTERNET_GATEWAY_NOT_FOUND,
                        "gatewayId",
                        "The internetGateway ID '" + id + "' does not exist")
                : Refusal.of(ErrorCode.GATEWAY_NOT_FOUND, "gatewayId", "The gateway ID '" + id + "' does not exist");
    }
}
