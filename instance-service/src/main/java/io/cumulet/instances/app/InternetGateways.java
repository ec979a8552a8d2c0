package io.cumulet.instances.app;

import io.cumulet.instances.config.VpcConfig;
import io.cumulet.instances.domain.network.InternetGateway;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts' internet gateways of both kinds. Calls block. */
@ApplicationScoped
public class InternetGateways {

    private static final String CREATE_EGRESS_ONLY = "CreateEgressOnlyInternetGateway";

    private final InternetGatewayStore store;
    private final NetworkStore networks;
    private final DefaultNetworks defaults;
    private final ClientTokens tokens;
    private final VpcConfig limits;
    private final InstantSource clock;

    public InternetGateways(
            InternetGatewayStore store,
            NetworkStore networks,
            DefaultNetworks defaults,
            ClientTokens tokens,
            VpcConfig limits,
            InstantSource clock) {
        this.store = store;
        this.networks = networks;
        this.defaults = defaults;
        this.tokens = tokens;
        this.limits = limits;
        this.clock = clock;
    }

    /** Makes an internet gateway, attached to nothing. */
    public Outcome<InternetGateway> create(AccountId account, Region region, @Nullable Map<String, String> wishedTags) {
        defaults.ensure(account, region);
        return Tags.of(wishedTags).flatMap(tags -> Transactions.decide(() -> insert(account, region, null, tags)));
    }

    /** Makes an egress-only one for a VPC. */
    public Outcome<InternetGateway> createEgressOnly(
            AccountId account,
            Region region,
            @Nullable String vpcId,
            @Nullable Map<String, String> wishedTags,
            @Nullable String clientToken) {
        if (vpcId == null || vpcId.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "vpcId", "'vpcId' is required");
        }
        defaults.ensure(account, region);
        return Tags.of(wishedTags)
                .flatMap(tags -> Transactions.decide(() -> switch (tokens.claim(
                        account, region, CREATE_EGRESS_ONLY, clientToken, List.of(vpcId, tags))) {
                    case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
                    case Claim.Repeat(String id) -> found(store.find(account, region, id), id, true);
                    case Claim.Fresh() ->
                        Vpcs.found(networks.lockVpc(account, region, vpcId), vpcId)
                                .flatMap(vpc -> insert(account, region, vpcId, tags))
                                .map(made -> {
                                    tokens.complete(account, region, CREATE_EGRESS_ONLY, clientToken, made.id());
                                    return made;
                                });
                }));
    }

    /** @param vpcId null for one that isn't egress-only */
    private Outcome<InternetGateway> insert(
            AccountId account, Region region, @Nullable String vpcId, Map<String, String> tags) {
        boolean egressOnly = vpcId != null;
        int most = limits.vpcsPerRegion();
        if (store.list(account, region).stream()
                        .filter(gateway -> gateway.egressOnly() == egressOnly)
                        .count()
                >= most) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.INTERNET_GATEWAY_LIMIT_EXCEEDED,
                    "The maximum number of internet gateways of this kind has been reached: as many as VPCs, " + most));
        }
        ResourceKind kind = egressOnly ? ResourceKind.EGRESS_ONLY_INTERNET_GATEWAY : ResourceKind.INTERNET_GATEWAY;
        InternetGateway made =
                new InternetGateway(kind.newId(), account, region, egressOnly, vpcId, tags, clock.instant());
        store.insert(made);
        return Outcome.done(made);
    }

    public Outcome<InternetGateway> find(AccountId account, Region region, String id, boolean egressOnly) {
        defaults.ensure(account, region);
        return found(Transactions.read(() -> store.find(account, region, id)), id, egressOnly);
    }

    /** All of one kind, in the order of ids. */
    public List<InternetGateway> list(AccountId account, Region region, boolean egressOnly) {
        defaults.ensure(account, region);
        return Transactions.read(() -> store.list(account, region)).stream()
                .filter(gateway -> gateway.egressOnly() == egressOnly)
                .toList();
    }

    /** @param patch tags to set or, with null as value, to remove */
    public Outcome<InternetGateway> tag(
            AccountId account,
            Region region,
            String id,
            boolean egressOnly,
            @Nullable Map<String, @Nullable String> patch) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> found(store.lock(account, region, id), id, egressOnly)
                .flatMap(before -> Tags.patched(before.tags(), patch).map(before::tagged))
                .map(this::kept));
    }

    private InternetGateway kept(InternetGateway after) {
        store.update(after);
        return after;
    }

    /** Attaches a gateway that is attached to nothing to a VPC that has none. */
    public Outcome<InternetGateway> attach(AccountId account, Region region, String id, @Nullable String vpcId) {
        if (vpcId == null || vpcId.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "vpcId", "'vpcId' is required");
        }
        defaults.ensure(account, region);
        return Transactions.decide(() -> found(store.find(account, region, id), id, false)
                .flatMap(seen -> Vpcs.found(networks.lockVpc(account, region, vpcId), vpcId))
                .flatMap(vpc -> found(store.lock(account, region, id), id, false))
                .flatMap(gateway -> {
                    if (gateway.vpcId() != null) {
                        return Outcome.refused(
                                ErrorCode.ALREADY_ASSOCIATED,
                                "internetGatewayId",
                                "resource " + id + " is already attached to network " + gateway.vpcId());
                    }
                    if (store.ofVpc(vpcId).stream().anyMatch(other -> !other.egressOnly())) {
                        return Outcome.refused(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "vpcId",
                                "Network " + vpcId + " already has an internet gateway attached");
                    }
                    return Outcome.done(kept(gateway.attachedTo(vpcId)));
                }));
    }

    /** Detaches a gateway from its VPC, unless addresses of the VPC's interfaces are public. */
    public Outcome<InternetGateway> detach(AccountId account, Region region, String id, @Nullable String vpcId) {
        if (vpcId == null || vpcId.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "vpcId", "'vpcId' is required");
        }
        defaults.ensure(account, region);
        return Transactions.decide(() -> found(store.find(account, region, id), id, false)
                .flatMap(seen -> attachedTo(vpcId, seen))
                .flatMap(seen -> Vpcs.found(networks.lockVpc(account, region, vpcId), vpcId))
                .flatMap(vpc -> found(store.lock(account, region, id), id, false))
                .flatMap(gateway -> attachedTo(vpcId, gateway))
                .flatMap(gateway -> {
                    if (store.hasPublicAddresses(account, region, vpcId)) {
                        return Outcome.refused(
                                ErrorCode.DEPENDENCY_VIOLATION,
                                "vpcId",
                                "Network " + vpcId + " has some mapped public address(es). Please unmap those public "
                                        + "address(es) before detaching the gateway.");
                    }
                    return Outcome.done(kept(gateway.attachedTo(null)));
                }));
    }

    private static Outcome<InternetGateway> attachedTo(String vpcId, InternetGateway gateway) {
        return vpcId.equals(gateway.vpcId())
                ? Outcome.done(gateway)
                : Outcome.refused(
                        ErrorCode.GATEWAY_NOT_ATTACHED,
                        "vpcId",
                        "resource " + gateway.id() + " is not attached to network " + vpcId);
    }

    /** Deletes a gateway; one that isn't egress-only has to be detached before. Routes to it lead nowhere from then on. */
    public Outcome<InternetGateway> delete(AccountId account, Region region, String id, boolean egressOnly) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> found(store.lock(account, region, id), id, egressOnly)
                .flatMap(gateway -> {
                    if (!egressOnly && gateway.vpcId() != null) {
                        return Outcome.refused(
                                ErrorCode.DEPENDENCY_VIOLATION,
                                "internetGatewayId",
                                "The internetGateway '" + id + "' has dependencies and cannot be deleted: the VPC "
                                        + gateway.vpcId());
                    }
                    store.delete(id);
                    return Outcome.done(gateway);
                }));
    }

    private static Outcome<InternetGateway> found(Optional<InternetGateway> gateway, String id, boolean egressOnly) {
        return gateway.filter(one -> one.egressOnly() == egressOnly)
                .<Outcome<InternetGateway>>map(Outcome::done)
                .orElseGet(() -> egressOnly
                        ? Outcome.refused(
                                ErrorCode.EGRESS_ONLY_INTERNET_GATEWAY_NOT_FOUND,
                                "egressOnlyInternetGatewayId",
                                "The eigw ID '" + id + "' does not exist")
                        : Outcome.refused(
                                ErrorCode.INTERNET_GATEWAY_NOT_FOUND,
                                "internetGatewayId",
                                "The internetGateway ID '" + id + "' does not exist"));
    }
}
