package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.AclEntry;
import io.cumulet.instances.domain.network.NetworkAcl;
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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Accounts' network ACLs. Locks are taken in the order that {@link NetworkStore} says. Calls block. */
@ApplicationScoped
public class NetworkAcls {

    private static final String CREATE = "CreateNetworkAcl";

    private final NetworkAclStore store;
    private final NetworkStore networks;
    private final DefaultNetworks defaults;
    private final ClientTokens tokens;
    private final InstantSource clock;

    public NetworkAcls(
            NetworkAclStore store,
            NetworkStore networks,
            DefaultNetworks defaults,
            ClientTokens tokens,
            InstantSource clock) {
        this.store = store;
        this.networks = networks;
        this.defaults = defaults;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** @param withIpv6 whether its VPC has an IPv6 block, which has a last rule of its own */
    public record AclUse(NetworkAcl acl, boolean withIpv6) {}

    public Outcome<AclUse> create(
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
                .flatMap(tags -> Transactions.decide(
                        () -> switch (tokens.claim(account, region, CREATE, clientToken, List.of(vpcId, tags))) {
                            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
                            case Claim.Repeat(String id) -> found(store.find(account, region, id), id);
                            case Claim.Fresh() -> createFresh(account, region, vpcId, tags, clientToken);
                        }))
                .map(this::used);
    }

    private Outcome<NetworkAcl> createFresh(
            AccountId account, Region region, String vpcId, Map<String, String> tags, @Nullable String clientToken) {
        return Vpcs.found(networks.lockVpc(account, region, vpcId), vpcId).flatMap(vpc -> {
            if (store.ofVpc(vpcId).size() >= NetworkAcl.MOST_PER_VPC) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.NETWORK_ACL_LIMIT_EXCEEDED,
                        "A VPC has at most " + NetworkAcl.MOST_PER_VPC + " network ACLs"));
            }
            NetworkAcl made = NetworkAcl.of(vpc, tags, clock.instant());
            store.insert(made);
            tokens.complete(account, region, CREATE, clientToken, made.id());
            return Outcome.done(made);
        });
    }

    public Outcome<AclUse> find(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return found(Transactions.read(() -> store.find(account, region, id)), id)
                .map(this::used);
    }

    /** All, in the order of ids. */
    public List<AclUse> list(AccountId account, Region region) {
        defaults.ensure(account, region);
        return Transactions.read(() -> {
            Set<String> withIpv6 = networks.vpcs(account, region).stream()
                    .filter(vpc -> vpc.ipv6Cidr() != null)
                    .map(vpc -> vpc.id())
                    .collect(Collectors.toSet());
            return store.list(account, region).stream()
                    .map(acl -> new AclUse(acl, withIpv6.contains(acl.vpcId())))
                    .toList();
        });
    }

    private AclUse used(NetworkAcl acl) {
        return Transactions.read(() -> new AclUse(
                acl,
                networks.vpc(acl.account(), acl.region(), acl.vpcId())
                        .filter(vpc -> vpc.ipv6Cidr() != null)
                        .isPresent()));
    }

    /** @param patch tags to set or, with null as value, to remove */
    public Outcome<AclUse> tag(
            AccountId account, Region region, String id, @Nullable Map<String, @Nullable String> patch) {
        return change(
                account,
                region,
                id,
                acl -> Tags.patched(acl.tags(), patch).map(tags -> {
                    store.tag(id, tags);
                    return tags;
                }));
    }

    public Outcome<AclUse> addEntry(AccountId account, Region region, String id, AclEntry.Wish wish) {
        return AclEntry.checked(wish)
                .flatMap(entry -> change(
                        account,
                        region,
                        id,
                        acl -> acl.adding(entry).map(added -> {
                            store.insertEntry(id, added);
                            return added;
                        })));
    }

    public Outcome<AclUse> replaceEntry(AccountId account, Region region, String id, AclEntry.Wish wish) {
        return AclEntry.checked(wish)
                .flatMap(entry -> change(
                        account,
                        region,
                        id,
                        acl -> acl.existing(entry.egress(), entry.ruleNumber()).map(before -> {
                            store.deleteEntry(id, before.egress(), before.ruleNumber());
                            store.insertEntry(id, entry);
                            return entry;
                        })));
    }

    public Outcome<AclUse> deleteEntry(AccountId account, Region region, String id, boolean egress, int ruleNumber) {
        return change(
                account,
                region,
                id,
                acl -> acl.existing(egress, ruleNumber).map(before -> {
                    store.deleteEntry(id, egress, ruleNumber);
                    return before;
                }));
    }

    /**
     * Lets another ACL of the same VPC count for a subnet.
     *
     * @param associationId the subnet's with the ACL that counts now
     */
    public Outcome<AssociationMade> associate(
            AccountId account, Region region, String associationId, @Nullable String aclId) {
        if (aclId == null || aclId.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "networkAclId", "'networkAclId' is required");
        }
        defaults.ensure(account, region);
        return Transactions.decide(() -> subnetOf(account, region, associationId)
                .flatMap(subnetId -> Subnets.found(networks.lockSubnet(account, region, subnetId), subnetId))
                .flatMap(subnet -> Vpcs.found(networks.lockVpc(account, region, subnet.vpcId()), subnet.vpcId())
                        .flatMap(vpc -> subnetOf(account, region, associationId))
                        .flatMap(still -> found(store.find(account, region, aclId), aclId))
                        .flatMap(acl -> {
                            if (!acl.vpcId().equals(subnet.vpcId())) {
                                return Outcome.refused(
                                        ErrorCode.INVALID_PARAMETER_VALUE,
                                        "networkAclId",
                                        "Network ACL " + aclId + " and subnet " + subnet.id()
                                                + " belong to different networks");
                            }
                            store.ofSubnet(subnet.id(), acl.isDefault() ? null : aclId);
                            return Outcome.done(
                                    new AssociationMade(acl.associationId(subnet.id()), aclId, subnet.id()));
                        })));
    }

    public record AssociationMade(String networkAclAssociationId, String networkAclId, String subnetId) {}

    private Outcome<String> subnetOf(AccountId account, Region region, String associationId) {
        return store.list(account, region).stream()
                .flatMap(acl -> acl.subnetIds().stream()
                        .filter(subnet -> acl.associationId(subnet).equals(associationId)))
                .findFirst()
                .<Outcome<String>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.ASSOCIATION_NOT_FOUND,
                        "associationId",
                        "The association ID '" + associationId + "' does not exist"));
    }

    /** Deletes an ACL that counts for no subnet and isn't its VPC's default one. */
    public Outcome<AclUse> delete(AccountId account, Region region, String id) {
        return locked(account, region, id, acl -> {
                    if (acl.isDefault()) {
                        return Outcome.refused(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "networkAclId",
                                "cannot delete default network ACL " + id);
                    }
                    if (!acl.subnetIds().isEmpty()) {
                        return Outcome.refused(
                                ErrorCode.DEPENDENCY_VIOLATION,
                                "networkAclId",
                                "The networkAcl '" + id + "' has dependencies and cannot be deleted: the subnet "
                                        + acl.subnetIds().getFirst());
                    }
                    store.delete(id);
                    return Outcome.done(acl);
                })
                .map(acl -> new AclUse(acl, false));
    }

    private Outcome<AclUse> change(
            AccountId account, Region region, String id, Function<NetworkAcl, ? extends Outcome<?>> work) {
        return locked(account, region, id, acl -> switch (work.apply(acl)) {
                    case Outcome.Refused<?>(Refusal refusal) -> Outcome.<NetworkAcl>refused(refusal);
                    case Outcome.Done<?> done -> found(store.find(account, region, id), id);
                })
                .map(this::used);
    }

    /** An ACL while nobody else changes anything of its VPC. */
    private Outcome<NetworkAcl> locked(
            AccountId account, Region region, String id, Function<NetworkAcl, Outcome<NetworkAcl>> work) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> found(store.find(account, region, id), id)
                .flatMap(seen -> Vpcs.found(networks.lockVpc(account, region, seen.vpcId()), seen.vpcId()))
                .flatMap(vpc -> found(store.find(account, region, id), id))
                .flatMap(work));
    }

    private static Outcome<NetworkAcl> found(Optional<NetworkAcl> acl, String id) {
        return acl.<Outcome<NetworkAcl>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.NETWORK_ACL_NOT_FOUND,
                        "networkAclId",
                        "The networkAcl ID '" + id + "' does not exist"));
    }
}
