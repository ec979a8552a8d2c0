package io.cumulet.instances.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.app.Announcement.Change;
import io.cumulet.instances.config.VpcConfig;
import io.cumulet.instances.domain.network.Blocks;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetSettings;
import io.cumulet.instances.domain.network.Vpc;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Accounts' subnets. Locks are taken in the order that {@link NetworkStore} says. Calls block.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html">Subnets for your VPC</a>
 */
@ApplicationScoped
public class Subnets {

    private static final String CREATE = "CreateSubnet";

    private final NetworkStore store;
    private final DefaultNetworks defaults;
    private final InstanceReads reads;
    private final Announcer announcer;
    private final ClientTokens tokens;
    private final VpcConfig limits;
    private final InstantSource clock;

    public Subnets(
            NetworkStore store,
            DefaultNetworks defaults,
            InstanceReads reads,
            Announcer announcer,
            ClientTokens tokens,
            VpcConfig limits,
            InstantSource clock) {
        this.store = store;
        this.defaults = defaults;
        this.reads = reads;
        this.announcer = announcer;
        this.tokens = tokens;
        this.limits = limits;
        this.clock = clock;
    }

    /** @param free IPv4 addresses that interfaces could still get */
    public record SubnetUse(Subnet subnet, int free) {}

    /** A subnet that is wanted, unchecked. */
    public record SubnetWish(
            @Nullable String vpcId,
            @Nullable String cidrBlock,
            @Nullable String availabilityZone,
            @Nullable String ipv6CidrBlock,
            @Nullable Map<String, String> tags) {}

    /** A wish whose form is right. */
    private record Plan(
            AccountId account,
            Region region,
            String vpcId,
            Cidr cidr,
            AvailabilityZone zone,
            @Nullable Cidr ipv6,
            Map<String, String> tags) {

        Subnet subnet(Made made) {
            return new Subnet(
                    made.id(),
                    account,
                    zone,
                    vpcId,
                    cidr,
                    ipv6,
                    false,
                    false,
                    SubnetSettings.OF_NEW,
                    tags,
                    1,
                    made.at());
        }
    }

    /** What a new subnet has besides what was wished: enough to tell again how it was made. */
    private record Made(String id, Instant at) {

        static Made parse(String text) {
            int space = text.indexOf(' ');
            return new Made(text.substring(0, space), Instant.parse(text.substring(space + 1)));
        }

        @Override
        public String toString() {
            return id + " " + at;
        }
    }

    /**
     * Makes a subnet; in the region's first zone if none is named.
     *
     * @param clientToken the same token and wish give the same answer, whatever became of the subnet since
     */
    public Outcome<SubnetUse> create(AccountId account, Region region, SubnetWish wish, @Nullable String clientToken) {
        defaults.ensure(account, region);
        return plan(account, region, wish)
                .flatMap(plan ->
                        Transactions.decide(() -> switch (tokens.claim(account, region, CREATE, clientToken, wish)) {
                            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
                            case Claim.Repeat(String result) -> Outcome.done(plan.subnet(Made.parse(result)));
                            case Claim.Fresh() -> createFresh(plan, clientToken);
                        }))
                .map(subnet -> new SubnetUse(subnet, subnet.usable()));
    }

    private static Outcome<Plan> plan(AccountId account, Region region, SubnetWish wish) {
        String vpcId = wish.vpcId();
        if (vpcId == null || vpcId.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "vpcId", "'vpcId' is required");
        }
        Outcome<Optional<Cidr>> ipv6 = wish.ipv6CidrBlock() == null
                ? Outcome.done(Optional.<Cidr>empty())
                : Blocks.ipv6OfSubnet("ipv6CidrBlock", wish.ipv6CidrBlock()).map(Optional::of);
        return Blocks.ipv4("cidrBlock", wish.cidrBlock(), ErrorCode.INVALID_SUBNET_RANGE)
                .flatMap(cidr -> ipv6.flatMap(block -> zone(region, wish.availabilityZone())
                        .flatMap(zone -> Tags.of(wish.tags())
                                .map(tags -> new Plan(account, region, vpcId, cidr, zone, block.orElse(null), tags)))));
    }

    private Outcome<Subnet> createFresh(Plan plan, @Nullable String clientToken) {
        return Vpcs.found(store.lockVpc(plan.account(), plan.region(), plan.vpcId()), plan.vpcId())
                .flatMap(vpc -> {
                    Optional<Refusal> refusal =
                            vpc.cannotHold(plan.cidr(), plan.ipv6(), store.subnetsOf(vpc.id()), limits.subnetsPerVpc());
                    if (refusal.isPresent()) {
                        return Outcome.refused(refusal.get());
                    }
                    Made made = new Made(ResourceKind.SUBNET.newId(), clock.instant());
                    Subnet subnet = plan.subnet(made);
                    keepNew(subnet);
                    tokens.complete(plan.account(), plan.region(), CREATE, clientToken, made.toString());
                    return Outcome.done(subnet);
                });
    }

    /** Makes the default subnet of a zone anew, after it was deleted. */
    public Outcome<SubnetUse> createDefault(AccountId account, Region region, @Nullable String availabilityZone) {
        if (availabilityZone == null || availabilityZone.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "availabilityZone", "'availabilityZone' is required");
        }
        defaults.ensure(account, region);
        return zone(region, availabilityZone)
                .flatMap(zone -> Transactions.decide(() -> makeDefault(account, region, zone)))
                .map(subnet -> new SubnetUse(subnet, subnet.usable()));
    }

    private Outcome<Subnet> makeDefault(AccountId account, Region region, AvailabilityZone zone) {
        NetworkStore.DefaultVpc vpc = store.lockDefaultVpc(account, region);
        if (vpc.deleted()) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.DEFAULT_VPC_DOES_NOT_EXIST, "No default VPC exists for this account in this region."));
        }
        String id = DefaultNetwork.subnetId(account, zone);
        List<Subnet> others = store.subnetsOf(vpc.vpc().id());
        if (others.stream().anyMatch(other -> other.id().equals(id))) {
            return Outcome.refused(
                    ErrorCode.DEFAULT_SUBNET_ALREADY_EXISTS,
                    "availabilityZone",
                    "'" + id + "' is already the default subnet in " + zone + ".");
        }
        int zoneIndex = zones(region).indexOf(zone);
        return Subnet.freeDefaultCidr(zoneIndex, others)
                .<Outcome<Subnet>>map(cidr -> {
                    long version = store.lastVersions(List.of(id)).getOrDefault(id, 0L) + 1;
                    Subnet subnet = Subnet.defaultOf(account, zone, cidr, version, clock.instant());
                    keepNew(subnet);
                    return Outcome.done(subnet);
                })
                .orElseGet(() -> Outcome.refused(Refusal.of(
                        ErrorCode.SUBNET_CONFLICT, "The default VPC has no room for another default subnet")));
    }

    private void keepNew(Subnet subnet) {
        store.keep(subnet);
        announce(Change.CREATED, subnet, subnet.createdAt());
    }

    public Outcome<SubnetUse> find(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return found(Transactions.read(() -> store.subnet(account, region, id)), id)
                .map(subnet -> used(List.of(subnet)).getFirst());
    }

    /** A page, in the order of ids. An account has so few that they are looked through here. */
    public List<SubnetUse> list(
            AccountId account, Region region, Predicate<Subnet> wanted, @Nullable String afterId, int limit) {
        defaults.ensure(account, region);
        return used(Transactions.read(() -> store.subnets(account, region)).stream()
                .filter(subnet -> afterId == null || subnet.id().compareTo(afterId) > 0)
                .filter(wanted)
                .limit(limit)
                .toList());
    }

    private List<SubnetUse> used(List<Subnet> subnets) {
        Map<String, Integer> taken =
                reads.takenAddresses(subnets.stream().map(Subnet::id).toList());
        return subnets.stream()
                .map(subnet -> new SubnetUse(subnet, subnet.usable() - taken.getOrDefault(subnet.id(), 0)))
                .toList();
    }

    /**
     * Changes tags, settings, or whether new interfaces get an IPv6 address; null leaves either as it is.
     *
     * @param tags what to set or, with null as value, to remove
     */
    public Outcome<SubnetUse> modify(
            AccountId account,
            Region region,
            String id,
            @Nullable Map<String, @Nullable String> tags,
            SubnetSettings.Wish settings,
            @Nullable Boolean assignIpv6) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> found(store.subnet(account, region, id), id)
                        .flatMap(seen -> modified(seen, tags, settings, assignIpv6)
                                .flatMap(wanted -> {
                                    if (wanted.version() == seen.version()) {
                                        return Outcome.done(seen);
                                    }
                                    if (wanted.givesTheSameAs(seen)) {
                                        // Of tags and other settings the zone's committer knows nothing.
                                        return found(store.lockSubnet(account, region, id), id)
                                                .flatMap(before -> modified(
                                                                before, tags, settings.withoutMapPublicIp(), null)
                                                        .map(after -> kept(before, after)));
                                    }
                                    return locked(account, region, id)
                                            .flatMap(before -> modified(before, tags, settings, assignIpv6)
                                                    .map(after -> kept(before, after)));
                                })))
                .map(subnet -> used(List.of(subnet)).getFirst());
    }

    private static Outcome<Subnet> modified(
            Subnet subnet,
            @Nullable Map<String, @Nullable String> patch,
            SubnetSettings.Wish wish,
            @Nullable Boolean assignIpv6) {
        return Tags.patched(subnet.tags(), patch)
                .flatMap(tags -> subnet.settings()
                        .changed(wish)
                        .flatMap(settings -> subnet.modified(
                                tags, settings, assignIpv6 == null ? subnet.assignIpv6() : assignIpv6)));
    }

    /** Gives a subnet a /64 of its VPC's IPv6 block. */
    public Outcome<SubnetUse> associate(AccountId account, Region region, String id, @Nullable String ipv6CidrBlock) {
        return Blocks.ipv6OfSubnet("ipv6CidrBlock", ipv6CidrBlock)
                .flatMap(block -> change(account, region, id, subnet -> {
                    Vpc vpc = store.lockVpc(account, region, subnet.vpcId())
                            .orElseThrow(() -> new IllegalStateException("Subnet " + id + " has no VPC"));
                    return subnet.withIpv6(block, vpc, store.subnetsOf(vpc.id()));
                }));
    }

    /** Takes a subnet's IPv6 block away, if no interface has an address of it. */
    public Outcome<SubnetUse> disassociate(AccountId account, Region region, String id, String associationId) {
        return change(account, region, id, subnet -> {
            Cidr block = subnet.ipv6Cidr();
            if (block == null || !Subnet.associationId(id, block).equals(associationId)) {
                return Outcome.refused(
                        ErrorCode.SUBNET_CIDR_ASSOCIATION_NOT_FOUND,
                        "cidrAssociationId",
                        "The subnet " + id + " has no block with the association '" + associationId + "'");
            }
            return store.hasIpv6Addresses(id)
                    ? Outcome.refused(
                            ErrorCode.DEPENDENCY_VIOLATION,
                            "cidrAssociationId",
                            "Network interfaces have addresses of the block " + block)
                    : Outcome.done(subnet.withoutIpv6());
        });
    }

    private Outcome<SubnetUse> change(
            AccountId account, Region region, String id, Function<Subnet, Outcome<Subnet>> decision) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> locked(account, region, id)
                        .flatMap(before -> decision.apply(before).map(after -> kept(before, after))))
                .map(subnet -> used(List.of(subnet)).getFirst());
    }

    private Subnet kept(Subnet before, Subnet after) {
        if (after.version() != before.version()) {
            store.keep(after);
            announce(Change.CHANGED, after, clock.instant());
        }
        return after;
    }

    /** Deletes a subnet in which no interface has an address. Answers it as it last was. */
    public Outcome<Subnet> delete(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> locked(account, region, id).flatMap(subnet -> {
            if (store.hasAddresses(id)) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.DEPENDENCY_VIOLATION,
                        "The subnet '" + id + "' has dependencies and cannot be deleted."));
            }
            Subnet last = subnet.last();
            Instant now = clock.instant();
            store.remove(last, now);
            announce(Change.DELETED, last, now);
            return Outcome.done(last);
        }));
    }

    /** A subnet while nothing of its zone happens. Its zone never changes, so it can be looked up before that is locked. */
    private Outcome<Subnet> locked(AccountId account, Region region, String id) {
        return found(store.subnet(account, region, id), id).flatMap(seen -> {
            store.lock(seen.zone());
            return found(store.lockSubnet(account, region, id), id);
        });
    }

    private void announce(Change change, Subnet subnet, Instant at) {
        announcer.announce(
                List.of(new Announced(new Announcement.OfSubnet(change, subnet, at), TraceContext.current())));
    }

    static Outcome<Subnet> found(Optional<Subnet> subnet, String id) {
        return subnet.<Outcome<Subnet>>map(Outcome::done).orElseGet(() -> Outcome.refused(notFound(id)));
    }

    static Refusal notFound(String id) {
        return Refusal.of(ErrorCode.SUBNET_NOT_FOUND, "subnetId", "The subnet id '" + id + "' does not exist");
    }

    private static List<AvailabilityZone> zones(Region region) {
        return Regions.find(region).map(RegionFacts::zones).orElse(List.of()).stream()
                .map(RegionFacts.ZoneFacts::zone)
                .toList();
    }

    /** A zone by its name; the region's first if none is named. */
    private static Outcome<AvailabilityZone> zone(Region region, @Nullable String name) {
        return zones(region).stream()
                .filter(zone -> name == null || zone.value().equals(name))
                .findFirst()
                .<Outcome<AvailabilityZone>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "availabilityZone",
                        "Value (" + name + ") for parameter availabilityZone is invalid. Subnets can currently only be"
                                + " created in the following availability zones: "
                                + zones(region).stream()
                                        .map(AvailabilityZone::value)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
