package io.cumulet.instances.app;

import io.cumulet.instances.config.AddressesConfig;
import io.cumulet.instances.domain.interfaces.InterfaceChecks;
import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.launch.LaunchChecks.Stop;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.trace.TraceContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An account's elastic addresses. They are allocated, tagged and released in transactions of their own, under the lock of their
 * row; associated and disassociated by the committer of the interface's zone, which locks the row too.
 */
@ApplicationScoped
public class ElasticAddresses {

    private static final String ALLOCATE = "allocate-address";

    /** Beyond that the pool is as good as full, and the first gap is looked for. */
    private static final int MOST_PROBES = 16;

    /** How often an address may turn out to have moved on while it was to be moved. */
    private static final int MOST_TRIES = 50;

    private final Zones zones;
    private final ElasticAddressStore store;
    private final InterfaceReads interfaces;
    private final Instances instances;
    private final ClientTokens tokens;
    private final Announcer announcer;
    private final StackClock clock;
    private final AddressPool pool;
    private final int mostPerRegion;

    public ElasticAddresses(
            Zones zones,
            ElasticAddressStore store,
            InterfaceReads interfaces,
            Instances instances,
            ClientTokens tokens,
            Announcer announcer,
            StackClock clock,
            AddressesConfig config) {
        this.zones = zones;
        this.store = store;
        this.interfaces = interfaces;
        this.instances = instances;
        this.tokens = tokens;
        this.announcer = announcer;
        this.clock = clock;
        this.pool = AddressPool.of("cumulet.addresses.pool", config.pool());
        this.mostPerRegion = config.mostPerRegion();
    }

    /** @param publicIp a certain address of the pool; null for any */
    public record Allocation(
            @Nullable String publicIp,
            @Nullable Map<String, String> tags,
            @Nullable String clientToken) {}

    /**
     * Where to associate: with an instance's only interface, or with the one that is named.
     *
     * @param allowReassociation null is true
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html">AssociateAddress:
     *     reassociation is automatic, but can be refused</a>
     */
    public record AssociationWish(
            @Nullable String instanceId,
            @Nullable String networkInterfaceId,
            @Nullable String privateIpAddress,
            @Nullable Boolean allowReassociation) {}

    public Outcome<ElasticAddress> find(String allocationId, AccountId account, Region region) {
        return Transactions.read(() -> store.find(allocationId, account, region))
                .<Outcome<ElasticAddress>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(ZoneInterfaces.noAddress(allocationId)));
    }

    public List<ElasticAddress> list(ElasticAddressStore.AddressFilter filter, @Nullable String afterId, int limit) {
        return Transactions.read(() -> store.list(filter, afterId, limit));
    }

    public Outcome<ElasticAddress> allocate(Allocation wish, AccountId account, Region region) {
        IpAddress named;
        Map<String, String> tags;
        String token;
        try {
            named = InterfaceChecks.address("publicIp", wish.publicIp());
            tags = LaunchChecks.tags("tags", wish.tags());
            token = InterfaceChecks.clientToken(wish.clientToken());
        } catch (Stop stop) {
            return Outcome.refused(stop.refusal());
        }
        if (named != null && !pool.contains(named)) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "publicIp",
                    "The address " + named + " is not of the pool " + pool.blocks());
        }
        Allocation request = new Allocation(wish.publicIp(), wish.tags(), null);
        return Transactions.decide(() -> switch (tokens.claim(account, region, ALLOCATE, token, request)) {
            case Claim.Fresh fresh -> {
                Outcome<ElasticAddress> allocated = allocate(named, tags, account, region);
                if (allocated instanceof Outcome.Done<ElasticAddress>(ElasticAddress address)) {
                    tokens.complete(account, region, ALLOCATE, token, address.id());
                }
                yield allocated;
            }
            case Claim.Repeat(String allocationId) -> found(store.find(allocationId, account, region), allocationId);
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
        });
    }

    private Outcome<ElasticAddress> allocate(
            @Nullable IpAddress named, Map<String, String> tags, AccountId account, Region region) {
        if (store.lockCount(account, region) >= mostPerRegion) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.ADDRESS_LIMIT_EXCEEDED,
                    "An account has at most " + mostPerRegion + " elastic addresses in a region"));
        }
        Instant now = clock.instant();
        String id = ResourceKind.ELASTIC_ADDRESS.newId();
        ElasticAddress kept;
        if (named == null) {
            kept = keepAny(address -> new ElasticAddress(id, account, region, address, null, tags, 1, now));
            if (kept == null) {
                return Outcome.refused(
                        Refusal.of(ErrorCode.INSUFFICIENT_ADDRESS_CAPACITY, "All addresses of the pool are allocated"));
            }
        } else {
            kept = new ElasticAddress(id, account, region, named, null, tags, 1, now);
            if (!store.insert(kept)) {
                return Outcome.refused(ErrorCode.IP_ADDRESS_IN_USE, "publicIp", "The address " + named + " is in use");
            }
        }
        announce(Announcement.Change.CREATED, kept, now);
        return Outcome.done(kept);
    }

    private interface Made {
        ElasticAddress of(IpAddress publicAddress);
    }

    /** Any address is likely to be free; where the pool is nearly full, the first gap behind one that isn't. */
    private @Nullable ElasticAddress keepAny(Made made) {
        if (pool.blocks().isEmpty()) {
            return null;
        }
        IpAddress probe = pool.random(ThreadLocalRandom.current());
        for (int i = 1; i < MOST_PROBES; i++) {
            ElasticAddress address = made.of(probe);
            if (store.insert(address)) {
                return address;
            }
            probe = pool.random(ThreadLocalRandom.current());
        }
        for (AddressPool.Stretch stretch : pool.from(probe)) {
            Optional<IpAddress> free = Optional.of(stretch.first());
            while (free.isPresent()) {
                ElasticAddress address = made.of(free.get());
                if (store.insert(address)) {
                    return address;
                }
                free = store.firstFree(new AddressPool.Stretch(free.get(), stretch.last()));
            }
        }
        return null;
    }

    /** Gives an address back to the pool. */
    public Outcome<ElasticAddress> release(String allocationId, AccountId account, Region region) {
        return Transactions.decide(() -> found(store.lock(allocationId, account, region), allocationId)
                .flatMap(address -> {
                    ElasticAddress.Association association = address.association();
                    if (association != null) {
                        return Outcome.refused(
                                ErrorCode.IP_ADDRESS_IN_USE,
                                "allocationId",
                                "The address " + address.publicAddress() + " is associated with "
                                        + association.interfaceId());
                    }
                    store.delete(address.id());
                    announce(Announcement.Change.DELETED, address.tagged(address.tags()), clock.instant());
                    return Outcome.done(address);
                }));
    }

    /** @param patch what to set, or with null as value to remove */
    public Outcome<ElasticAddress> tag(
            String allocationId, AccountId account, Region region, @Nullable Map<String, @Nullable String> patch) {
        if (patch == null) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "tags", "'tags' is required");
        }
        return Transactions.decide(() -> found(store.lock(allocationId, account, region), allocationId)
                .flatMap(address -> Tags.patched(address.tags(), patch).map(tags -> {
                    if (tags.equals(address.tags())) {
                        return address;
                    }
                    ElasticAddress after = address.tagged(tags);
                    store.update(after);
                    announce(Announcement.Change.CHANGED, after, clock.instant());
                    return after;
                })));
    }

    public Outcome<ElasticAddress> associate(
            String allocationId, AccountId account, Region region, AssociationWish wish) {
        if ((wish.instanceId() == null) == (wish.networkInterfaceId() == null)) {
            return Outcome.refused(
                    wish.instanceId() == null ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "instanceId",
                    "Name an instance or a network interface, one of both");
        }
        IpAddress privateAddress;
        try {
            privateAddress = InterfaceChecks.address("privateIpAddress", wish.privateIpAddress());
        } catch (Stop stop) {
            return Outcome.refused(stop.refusal());
        }
        boolean allowReassociation = !Boolean.FALSE.equals(wish.allowReassociation());
        ZoneWork.Association association = new ZoneWork.Association(
                allocationId,
                account,
                region,
                wish.instanceId(),
                wish.networkInterfaceId(),
                privateAddress,
                allowReassociation);
        return untilCertain(() -> switch (find(allocationId, account, region)) {
            case Outcome.Refused<ElasticAddress> refused -> Optional.of(refused);
            case Outcome.Done<ElasticAddress>(ElasticAddress address) ->
                switch (zoneOf(wish, account, region)) {
                    case Outcome.Refused<AvailabilityZone>(Refusal refusal) -> Optional.of(Outcome.refused(refusal));
                    case Outcome.Done<AvailabilityZone>(AvailabilityZone zone) -> {
                        AvailabilityZone from = allowReassociation ? zoneOf(address) : null;
                        yield Instances.await(zones.submit(
                                zone, new ZoneWork.Associate(association, zone.equals(from) ? null : from)));
                    }
                };
        });
    }

    private Outcome<AvailabilityZone> zoneOf(AssociationWish wish, AccountId account, Region region) {
        String instanceId = wish.instanceId();
        if (instanceId != null) {
            return instances.find(instanceId, account, region).map(Instance::zone);
        }
        String interfaceId = Objects.requireNonNull(wish.networkInterfaceId());
        return interfaces
                .find(interfaceId, account, region)
                .<Outcome<AvailabilityZone>>map(one -> Outcome.done(one.zone()))
                .orElseGet(() -> Outcome.refused(ZoneInterfaces.notFound(interfaceId)));
    }

    /** Where the interface is that an address is associated with, as far as is known without a lock. */
    private @Nullable AvailabilityZone zoneOf(ElasticAddress address) {
        ElasticAddress.Association association = address.association();
        return association == null
                ? null
                : interfaces
                        .find(association.interfaceId(), address.account(), address.region())
                        .map(NetworkInterface::zone)
                        .orElse(null);
    }

    public Outcome<ElasticAddress> disassociate(String allocationId, AccountId account, Region region) {
        return untilCertain(() -> switch (find(allocationId, account, region)) {
            case Outcome.Refused<ElasticAddress> refused -> Optional.of(refused);
            case Outcome.Done<ElasticAddress>(ElasticAddress address) -> {
                if (address.association() == null) {
                    yield Optional.of(Outcome.refused(Refusal.of(
                            ErrorCode.ASSOCIATION_NOT_FOUND,
                            "The address " + allocationId + " is associated with nothing")));
                }
                AvailabilityZone zone = zoneOf(address);
                yield zone == null
                        ? Optional.empty()
                        : Instances.await(zones.submit(zone, new ZoneWork.Disassociate(allocationId, account, region)));
            }
        });
    }

    /** Looks and tries again while somebody else moves the address. */
    private static Outcome<ElasticAddress> untilCertain(Supplier<Optional<Outcome<ElasticAddress>>> attempt) {
        for (int i = 0; i < MOST_TRIES; i++) {
            Optional<Outcome<ElasticAddress>> outcome = attempt.get();
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return Outcome.refused(Refusal.of(
                ErrorCode.UNAVAILABLE, "Others keep moving this address from zone to zone; nothing was changed"));
    }

    private void announce(Announcement.Change change, ElasticAddress address, Instant now) {
        announcer.announce(
                List.of(new Announced(new Announcement.OfAddress(change, address, now), TraceContext.current())));
    }

    private static Outcome<ElasticAddress> found(Optional<ElasticAddress> address, String allocationId) {
        return address.<Outcome<ElasticAddress>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(ZoneInterfaces.noAddress(allocationId)));
    }
}
