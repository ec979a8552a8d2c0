package io.cumulet.instances.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.app.Announcement.Change;
import io.cumulet.instances.app.SecurityGroups.Firewall;
import io.cumulet.instances.app.SecurityGroups.GroupCopies;
import io.cumulet.instances.config.VpcConfig;
import io.cumulet.instances.domain.network.Blocks;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.instances.domain.network.VpcSettings;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.trace.TraceContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Accounts' VPCs. Locks are taken in the order that {@link NetworkStore} says. Calls block.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/configure-your-vpc.html">VPC basics</a>
 */
@ApplicationScoped
public class Vpcs {

    private static final String CREATE = "CreateVpc";
    private static final String NONE = "-";

    private final NetworkStore store;
    private final DefaultNetworks defaults;
    private final VpcParts parts;
    private final DhcpOptionSets dhcpOptions;
    private final Ipv6Pool ipv6Pool;
    private final Firewall firewall;
    private final GroupCopies groups;
    private final Announcer announcer;
    private final ClientTokens tokens;
    private final VpcConfig limits;
    private final InstantSource clock;

    public Vpcs(
            NetworkStore store,
            DefaultNetworks defaults,
            VpcParts parts,
            DhcpOptionSets dhcpOptions,
            Ipv6Pool ipv6Pool,
            Firewall firewall,
            GroupCopies groups,
            Announcer announcer,
            ClientTokens tokens,
            VpcConfig limits,
            InstantSource clock) {
        this.store = store;
        this.defaults = defaults;
        this.parts = parts;
        this.dhcpOptions = dhcpOptions;
        this.ipv6Pool = ipv6Pool;
        this.firewall = firewall;
        this.groups = groups;
        this.announcer = announcer;
        this.tokens = tokens;
        this.limits = limits;
        this.clock = clock;
    }

    /** A VPC that is wanted, unchecked. */
    public record VpcWish(
            @Nullable String cidrBlock,
            @Nullable Boolean amazonProvidedIpv6CidrBlock,
            @Nullable String instanceTenancy,
            @Nullable Map<String, String> tags) {}

    /**
     * Makes a VPC.
     *
     * @param clientToken the same token and wish give the same answer, whatever became of the VPC since
     */
    public Outcome<Vpc> create(AccountId account, Region region, VpcWish wish, @Nullable String clientToken) {
        defaults.ensure(account, region);
        return plan(account, region, wish)
                .flatMap(plan ->
                        Transactions.decide(() -> switch (tokens.claim(account, region, CREATE, clientToken, wish)) {
                            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
                            case Claim.Repeat(String result) -> Outcome.done(plan.vpc(Made.parse(result)));
                            case Claim.Fresh() -> createFresh(plan, clientToken);
                        }));
    }

    /** A wish whose form is right. */
    private record Plan(
            AccountId account,
            Region region,
            Cidr cidr,
            boolean withIpv6,
            String instanceTenancy,
            Map<String, String> tags) {

        Vpc vpc(Made made) {
            return new Vpc(
                    made.id(),
                    account,
                    region,
                    List.of(cidr),
                    made.ipv6(),
                    false,
                    VpcSettings.of(instanceTenancy, made.dhcpOptionsId()),
                    tags,
                    1,
                    made.at());
        }
    }

    private static Outcome<Plan> plan(AccountId account, Region region, VpcWish wish) {
        return Blocks.ipv4OfVpc("cidrBlock", wish.cidrBlock())
                .flatMap(cidr -> VpcSettings.tenancy(wish.instanceTenancy())
                        .flatMap(tenancy -> Tags.of(wish.tags())
                                .map(tags -> new Plan(
                                        account,
                                        region,
                                        cidr,
                                        Boolean.TRUE.equals(wish.amazonProvidedIpv6CidrBlock()),
                                        tenancy,
                                        tags))));
    }

    private Outcome<Vpc> createFresh(Plan plan, @Nullable String clientToken) {
        AccountId account = plan.account();
        Region region = plan.region();
        store.lockDefaultVpc(account, region);
        Optional<Refusal> tooMany = tooMany(account, region);
        if (tooMany.isPresent()) {
            return Outcome.refused(tooMany.get());
        }
        String options = parts.dhcpOptions(account, region).orElse(null);
        Outcome<Optional<Cidr>> ipv6 =
                plan.withIpv6() ? ipv6Pool.free().map(Optional::of) : Outcome.done(Optional.<Cidr>empty());
        return ipv6.map(block -> {
            Made made = new Made(ResourceKind.VPC.newId(), clock.instant(), block.orElse(null), options);
            Vpc vpc = plan.vpc(made);
            store.keep(vpc);
            parts.make(vpc, made.at());
            announce(Change.CREATED, vpc, made.at());
            tokens.complete(account, region, CREATE, clientToken, made.toString());
            return vpc;
        });
    }

    /** While the default VPC's row is locked. */
    private Optional<Refusal> tooMany(AccountId account, Region region) {
        int most = limits.vpcsPerRegion();
        return store.vpcs(account, region).size() >= most
                ? Optional.of(Refusal.of(
                        ErrorCode.VPC_LIMIT_EXCEEDED, "An account has at most " + most + " VPCs in a region"))
                : Optional.empty();
    }

    /** What a new VPC has besides what was wished: enough to tell again how it was made. */
    private record Made(
            String id,
            Instant at,
            @Nullable Cidr ipv6,
            @Nullable String dhcpOptionsId) {

        static Made parse(String text) {
            String[] parts = text.split(" ");
            return new Made(
                    parts[0],
                    Instant.parse(parts[1]),
                    Cidr.parse(parts[2]).orElse(null),
                    parts.length > 3 && !parts[3].equals(NONE) ? parts[3] : null);
        }

        @Override
        public String toString() {
            return id + " " + at + " " + (ipv6 == null ? NONE : ipv6.toString()) + " "
                    + (dhcpOptionsId == null ? NONE : dhcpOptionsId);
        }
    }

    /** Makes the default VPC and its subnets anew, after it was deleted. */
    public Outcome<Vpc> createDefault(AccountId account, Region region) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> {
            NetworkStore.DefaultVpc before = store.lockDefaultVpc(account, region);
            if (!before.deleted()) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.DEFAULT_VPC_ALREADY_EXISTS,
                        "A Default VPC already exists for this account in this region."));
            }
            Optional<Refusal> tooMany = tooMany(account, region);
            if (tooMany.isPresent()) {
                return Outcome.refused(tooMany.get());
            }
            Instant now = clock.instant();
            Vpc made = Vpc.defaultOf(account, region, before.vpc().version() + 1, now);
            Vpc vpc = parts.dhcpOptions(account, region).isPresent() ? made : made.withoutDhcpOptions();
            store.keep(vpc);
            parts.make(vpc, now);
            announce(Change.CREATED, vpc, now);
            List<AvailabilityZone> zones = Regions.find(region).map(RegionFacts::zones).orElse(List.of()).stream()
                    .map(RegionFacts.ZoneFacts::zone)
                    .toList();
            Map<String, Long> versions = store.lastVersions(zones.stream()
                    .map(zone -> DefaultNetwork.subnetId(account, zone))
                    .toList());
            List<Announced> announced = new ArrayList<>();
            for (int i = 0; i < zones.size(); i++) {
                AvailabilityZone zone = zones.get(i);
                long version = versions.getOrDefault(DefaultNetwork.subnetId(account, zone), 0L) + 1;
                Subnet subnet = Subnet.defaultOf(account, zone, Subnet.defaultCidr(i), version, now);
                store.keep(subnet);
                announced.add(
                        new Announced(new Announcement.OfSubnet(Change.CREATED, subnet, now), TraceContext.current()));
            }
            announcer.announce(announced);
            return Outcome.done(vpc);
        });
    }

    public Outcome<Vpc> find(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return found(Transactions.read(() -> store.vpc(account, region, id)), id);
    }

    /** A page, in the order of ids. An account has so few that they are looked through here. */
    public List<Vpc> list(
            AccountId account, Region region, Predicate<Vpc> wanted, @Nullable String afterId, int limit) {
        defaults.ensure(account, region);
        return Transactions.read(() -> store.vpcs(account, region)).stream()
                .filter(vpc -> afterId == null || vpc.id().compareTo(afterId) > 0)
                .filter(wanted)
                .limit(limit)
                .toList();
    }

    /**
     * Changes tags and settings; null leaves either as it is.
     *
     * @param patch tags to set or, with null as value, to remove
     */
    public Outcome<Vpc> modify(
            AccountId account,
            Region region,
            String id,
            @Nullable Map<String, @Nullable String> patch,
            VpcSettings.Wish wish) {
        return change(
                account,
                region,
                id,
                vpc -> settings(vpc, wish)
                        .flatMap(
                                settings -> Tags.patched(vpc.tags(), patch).map(tags -> vpc.modified(settings, tags))));
    }

    private Outcome<VpcSettings> settings(Vpc vpc, VpcSettings.Wish wish) {
        return vpc.settings().changed(wish).flatMap(after -> {
            String options = wish.dhcpOptionsId();
            if (options == null) {
                return Outcome.done(after);
            }
            return options.equals(DhcpOptionSets.NONE)
                    ? Outcome.done(after.withDhcpOptions(null))
                    : dhcpOptions
                            .locked(vpc.account(), vpc.region(), options)
                            .map(set -> after.withDhcpOptions(set.id()));
        });
    }

    /** Gives a VPC another block: a secondary one of IPv4, or one of IPv6 from the pool. */
    public Outcome<Vpc> associate(
            AccountId account,
            Region region,
            String id,
            @Nullable String cidrBlock,
            @Nullable Boolean amazonProvidedIpv6CidrBlock) {
        boolean ipv6 = Boolean.TRUE.equals(amazonProvidedIpv6CidrBlock);
        if (ipv6 && cidrBlock != null) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "amazonProvidedIpv6CidrBlock",
                    "One block is associated at a time");
        }
        if (ipv6) {
            return change(account, region, id, vpc -> {
                Optional<Refusal> refusal = vpc.cannotTakeIpv6();
                return refusal.isPresent()
                        ? Outcome.refused(refusal.get())
                        : ipv6Pool.free().map(vpc::withIpv6);
            });
        }
        return Blocks.ipv4OfVpc("cidrBlock", cidrBlock)
                .flatMap(block -> change(account, region, id, vpc -> vpc.with(block, limits.ipv4BlocksPerVpc())));
    }

    /** Takes a block away from a VPC, if no subnet has addresses of it. */
    public Outcome<Vpc> disassociate(AccountId account, Region region, String id, String associationId) {
        return change(
                account,
                region,
                id,
                vpc -> vpc.associated(associationId)
                        .map(block -> vpc.without(block, store.subnetsOf(id)))
                        .orElseGet(() -> Outcome.refused(
                                ErrorCode.VPC_CIDR_ASSOCIATION_NOT_FOUND,
                                "cidrAssociationId",
                                "The VPC " + id + " has no block with the association '" + associationId + "'")));
    }

    private Outcome<Vpc> change(AccountId account, Region region, String id, Function<Vpc, Outcome<Vpc>> decision) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> found(store.lockVpc(account, region, id), id)
                .flatMap(before -> decision.apply(before).map(after -> {
                    if (after.version() != before.version()) {
                        store.keep(after);
                        announce(Change.CHANGED, after, clock.instant());
                    }
                    return after;
                })));
    }

    /**
     * Deletes a VPC that has neither subnets, and so no interfaces, nor groups, tables and ACLs but those it was made with, nor
     * gateways. Answers it as it last was.
     *
     * <p>The firewall is asked before what our copy says, since a group made a moment ago may not be in our copy yet. One that is made while this
     * goes on the firewall deletes when it hears of the VPC's end.
     */
    public Outcome<Vpc> delete(AccountId account, Region region, String id) {
        Outcome<Vpc> withoutSubnets = find(account, region, id)
                .flatMap(vpc -> Transactions.read(() -> ofSubnets(vpc))
                        .<Outcome<Vpc>>map(Outcome::refused)
                        .orElseGet(() -> Outcome.done(vpc)));
        if (withoutSubnets instanceof Outcome.Refused<Vpc>) {
            return withoutSubnets;
        }
        Optional<String> told = firewall.ownGroupIn(id, account, region);
        return Transactions.decide(() -> found(store.lockVpc(account, region, id), id)
                .flatMap(vpc -> {
                    Optional<Refusal> inUse = inUse(vpc, told);
                    if (inUse.isPresent()) {
                        return Outcome.refused(inUse.get());
                    }
                    Vpc last = vpc.last();
                    Instant now = clock.instant();
                    parts.remove(vpc);
                    store.remove(last, now);
                    announce(Change.DELETED, last, now);
                    return Outcome.done(last);
                }));
    }

    private Optional<Refusal> inUse(Vpc vpc, Optional<String> ownGroup) {
        return ofSubnets(vpc)
                .or(() -> parts.ofOwner(vpc).map(part -> inUse(vpc, part)))
                .or(() -> ownGroup.or(() -> groups.ownGroupIn(vpc.id(), vpc.account(), vpc.region()))
                        .map(group -> inUse(vpc, "security group " + group)));
    }

    private Optional<Refusal> ofSubnets(Vpc vpc) {
        return store.subnetsOf(vpc.id()).stream().findFirst().map(subnet -> inUse(vpc, "subnet " + subnet.id()));
    }

    private static Refusal inUse(Vpc vpc, String by) {
        return Refusal.of(
                ErrorCode.DEPENDENCY_VIOLATION,
                "The vpc '" + vpc.id() + "' has dependencies and cannot be deleted: the " + by);
    }

    private void announce(Change change, Vpc vpc, Instant at) {
        announcer.announce(List.of(new Announced(new Announcement.OfVpc(change, vpc, at), TraceContext.current())));
    }

    static Outcome<Vpc> found(Optional<Vpc> vpc, String id) {
        return vpc.<Outcome<Vpc>>map(Outcome::done)
                .orElseGet(() ->
                        Outcome.refused(ErrorCode.VPC_NOT_FOUND, "vpcId", "The vpc ID '" + id + "' does not exist"));
    }
}
