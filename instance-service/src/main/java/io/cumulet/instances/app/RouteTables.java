package io.cumulet.instances.app;

import io.cumulet.instances.app.RouteTargets.Target;
import io.cumulet.instances.domain.network.RouteTable;
import io.cumulet.instances.domain.network.RouteTable.Association;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts' route tables. Locks are taken in the order that {@link NetworkStore} says. Calls block. */
@ApplicationScoped
public class RouteTables {

    private static final String CREATE = "CreateRouteTable";

    private final RouteTableStore store;
    private final NetworkStore networks;
    private final RouteTargets targets;
    private final DefaultNetworks defaults;
    private final ClientTokens tokens;
    private final InstantSource clock;

    public RouteTables(
            RouteTableStore store,
            NetworkStore networks,
            RouteTargets targets,
            DefaultNetworks defaults,
            ClientTokens tokens,
            InstantSource clock) {
        this.store = store;
        this.networks = networks;
        this.targets = targets;
        this.defaults = defaults;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * @param vpc whose blocks are the local routes
     * @param targets of its other routes by destination
     */
    public record TableUse(RouteTable table, Vpc vpc, Map<String, Target> targets) {}

    public Outcome<TableUse> create(
            AccountId account,
            Region region,
            @Nullable String vpcId,
            @Nullable Map<String, String> wishedTags,
            @Nullable String clientToken) {
        if (vpcId == null || vpcId.isEmpty()) {
            return missing("vpcId");
        }
        defaults.ensure(account, region);
        return Tags.of(wishedTags)
                .flatMap(tags -> Transactions.decide(
                        () -> switch (tokens.claim(account, region, CREATE, clientToken, List.of(vpcId, tags))) {
                            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
                            case Claim.Repeat(String id) -> found(store.find(account, region, id), id);
                            case Claim.Fresh() -> createFresh(account, region, vpcId, tags, clientToken);
                        }))
                .flatMap(this::used);
    }

    private Outcome<RouteTable> createFresh(
            AccountId account, Region region, String vpcId, Map<String, String> tags, @Nullable String clientToken) {
        return Vpcs.found(networks.lockVpc(account, region, vpcId), vpcId).flatMap(vpc -> {
            if (store.ofVpc(vpcId).size() >= RouteTable.MOST_PER_VPC) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.ROUTE_TABLE_LIMIT_EXCEEDED,
                        "A VPC has at most " + RouteTable.MOST_PER_VPC + " route tables"));
            }
            RouteTable made = RouteTable.of(vpc, false, tags, clock.instant());
            store.insert(made);
            tokens.complete(account, region, CREATE, clientToken, made.id());
            return Outcome.done(made);
        });
    }

    public Outcome<TableUse> find(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return found(Transactions.read(() -> store.find(account, region, id)), id)
                .flatMap(this::used);
    }

    /** All, in the order of ids. */
    public List<TableUse> list(AccountId account, Region region) {
        defaults.ensure(account, region);
        return used(account, region, Transactions.read(() -> store.list(account, region)));
    }

    private Outcome<TableUse> used(RouteTable table) {
        return used(table.account(), table.region(), List.of(table)).stream()
                .findFirst()
                .<Outcome<TableUse>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(notFound(table.id())));
    }

    /** Those whose VPC is gone meanwhile are gone too. */
    private List<TableUse> used(AccountId account, Region region, List<RouteTable> tables) {
        RouteTargets.Known known = targets.of(account, region, tables);
        List<Vpc> vpcs = Transactions.read(() -> networks.vpcs(account, region));
        return tables.stream()
                .flatMap(table -> vpcs.stream()
                        .filter(vpc -> vpc.id().equals(table.vpcId()))
                        .map(vpc -> new TableUse(table, vpc, known.ofRoutes(table))))
                .toList();
    }

    /** @param patch tags to set or, with null as value, to remove */
    public Outcome<TableUse> tag(
            AccountId account, Region region, String id, @Nullable Map<String, @Nullable String> patch) {
        return change(
                account,
                region,
                id,
                (table, vpc) -> Tags.patched(table.tags(), patch).map(table::tagged));
    }

    public Outcome<TableUse> addRoute(AccountId account, Region region, String id, RouteTargets.Wish wish) {
        return targets.destination(account, region, wish)
                .flatMap(destination -> change(
                        account,
                        region,
                        id,
                        (table, vpc) ->
                                targets.target(table, wish).flatMap(target -> table.with(destination, target, vpc))));
    }

    public Outcome<TableUse> replaceRoute(AccountId account, Region region, String id, RouteTargets.Wish wish) {
        return targets.destination(account, region, wish)
                .flatMap(destination -> change(
                        account,
                        region,
                        id,
                        (table, vpc) -> targets.target(table, wish)
                                .flatMap(target -> table.replacing(destination, target, vpc))));
    }

    public Outcome<TableUse> deleteRoute(AccountId account, Region region, String id, @Nullable String destination) {
        return RouteTargets.written(destination)
                .flatMap(written -> change(account, region, id, (table, vpc) -> table.without(written, vpc)));
    }

    private interface Change {
        Outcome<RouteTable> of(RouteTable table, Vpc vpc);
    }

    private Outcome<TableUse> change(AccountId account, Region region, String id, Change change) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> locked(account, region, id, change).map(after -> {
                    store.update(after);
                    return after;
                }))
                .flatMap(this::used);
    }

    /** A table while nobody else changes anything of its VPC. */
    private Outcome<RouteTable> locked(AccountId account, Region region, String id, Change change) {
        return found(store.find(account, region, id), id)
                .flatMap(seen -> Vpcs.found(networks.lockVpc(account, region, seen.vpcId()), seen.vpcId()))
                .flatMap(vpc -> found(store.find(account, region, id), id).flatMap(table -> change.of(table, vpc)));
    }

    /** Deletes a table that nothing is associated with. */
    public Outcome<RouteTable> delete(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> locked(account, region, id, (table, vpc) -> {
            if (!table.associations().isEmpty()) {
                return Outcome.refused(
                        ErrorCode.DEPENDENCY_VIOLATION,
                        "routeTableId",
                        "The routeTable '" + id + "' has dependencies and cannot be deleted: the association with "
                                + table.associations().getFirst().what());
            }
            store.delete(id);
            return Outcome.done(table);
        }));
    }

    /** Lets a table count for a subnet, or for what comes in through a gateway, that has no table of its own. */
    public Outcome<Association> associate(
            AccountId account, Region region, String id, @Nullable String subnetId, @Nullable String gatewayId) {
        if ((subnetId == null) == (gatewayId == null)) {
            return Outcome.refused(
                    subnetId == null ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "subnetId",
                    "Name a subnet or a gateway, one of both");
        }
        defaults.ensure(account, region);
        String what = subnetId == null ? String.valueOf(gatewayId) : subnetId;
        return Transactions.decide(() -> vpcOf(account, region, subnetId, gatewayId)
                .flatMap(vpcId -> locked(
                        account,
                        region,
                        id,
                        (table, vpc) ->
                                table.vpcId().equals(vpcId) ? Outcome.done(table) : differentNetworks(id, what)))
                .flatMap(table -> {
                    Optional<Association> there = associations(account, region).stream()
                            .filter(association -> association.what().equals(what))
                            .findFirst();
                    if (there.isPresent() && there.get().tableId().equals(id)) {
                        return Outcome.done(there.get());
                    }
                    if (there.isPresent()) {
                        return Outcome.refused(
                                ErrorCode.ALREADY_ASSOCIATED,
                                subnetId == null ? "gatewayId" : "subnetId",
                                "the specified association for route table " + id
                                        + " conflicts with an existing association: "
                                        + there.get().id());
                    }
                    return Outcome.done(keep(table.association(what, false), table));
                }));
    }

    /** The VPC of a subnet, which is locked, or of a gateway. */
    private Outcome<String> vpcOf(
            AccountId account, Region region, @Nullable String subnetId, @Nullable String gatewayId) {
        return subnetId != null
                ? Subnets.found(networks.lockSubnet(account, region, subnetId), subnetId)
                        .map(subnet -> subnet.vpcId())
                : targets.attachedVpc(account, region, String.valueOf(gatewayId));
    }

    private static <T> Outcome<T> differentNetworks(String id, String what) {
        return Outcome.refused(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "routeTableId",
                "route table " + id + " and " + what + " belong to different networks");
    }

    private Association keep(Association association, RouteTable table) {
        if (association.main()) {
            store.makeMain(table);
        } else if (RouteTargets.isGateway(association.what())) {
            store.ofGateway(association.what(), table.id());
        } else {
            store.ofSubnet(association.what(), table.id());
        }
        return association;
    }

    /** Takes a subnet or gateway from its table; the main table's association stays. */
    public Outcome<Association> disassociate(AccountId account, Region region, String associationId) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> lockedAssociation(account, region, associationId)
                .flatMap(association -> {
                    if (association.main()) {
                        return Outcome.refused(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "associationId",
                                "cannot disassociate the main route table association " + associationId);
                    }
                    if (RouteTargets.isGateway(association.what())) {
                        store.ofGateway(association.what(), null);
                    } else {
                        store.ofSubnet(association.what(), null);
                    }
                    return Outcome.done(association);
                }));
    }

    /** Lets another table of the same VPC count instead; for the main one's association: makes it the main one. */
    public Outcome<Association> replace(
            AccountId account, Region region, String associationId, @Nullable String tableId) {
        if (tableId == null || tableId.isEmpty()) {
            return missing("routeTableId");
        }
        defaults.ensure(account, region);
        return Transactions.decide(() -> lockedAssociation(account, region, associationId)
                .flatMap(association -> found(store.find(account, region, tableId), tableId)
                        .flatMap(table -> found(
                                        store.find(account, region, association.tableId()), association.tableId())
                                .flatMap(before -> before.vpcId().equals(table.vpcId())
                                        ? Outcome.done(
                                                keep(table.association(association.what(), association.main()), table))
                                        : differentNetworks(tableId, before.vpcId())))));
    }

    /** An association while nobody else changes anything of its VPC. */
    private Outcome<Association> lockedAssociation(AccountId account, Region region, String associationId) {
        return association(account, region, associationId)
                .flatMap(seen -> seen.main() || RouteTargets.isGateway(seen.what())
                        ? Outcome.done(seen)
                        : Subnets.found(networks.lockSubnet(account, region, seen.what()), seen.what())
                                .map(subnet -> seen))
                .flatMap(seen -> locked(account, region, seen.tableId(), (table, vpc) -> Outcome.done(table)))
                .flatMap(table -> association(account, region, associationId));
    }

    private List<Association> associations(AccountId account, Region region) {
        return store.list(account, region).stream()
                .flatMap(table -> table.associations().stream())
                .toList();
    }

    private Outcome<Association> association(AccountId account, Region region, String associationId) {
        return associations(account, region).stream()
                .filter(association -> association.id().equals(associationId))
                .findFirst()
                .<Outcome<Association>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.ASSOCIATION_NOT_FOUND,
                        "associationId",
                        "The association ID '" + associationId + "' does not exist"));
    }

    private static <T> Outcome<T> missing(String field) {
        return Outcome.refused(ErrorCode.MISSING_PARAMETER, field, "'" + field + "' is required");
    }

    private static Outcome<RouteTable> found(Optional<RouteTable> table, String id) {
        return table.<Outcome<RouteTable>>map(Outcome::done).orElseGet(() -> Outcome.refused(notFound(id)));
    }

    private static Refusal notFound(String id) {
        return Refusal.of(
                ErrorCode.ROUTE_TABLE_NOT_FOUND, "routeTableId", "The routeTable ID '" + id + "' does not exist");
    }
}
