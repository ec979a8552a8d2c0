package io.cumulet.instances.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The operator's side of the fleet: hosts come and go. */
@ApplicationScoped
public class Fleet {

    private static final int MOST_HOSTS = 1000;
    private static final String OPERATION = "add-hosts";

    private final Zones zones;
    private final HostReads reads;

    public Fleet(Zones zones, HostReads reads) {
        this.zones = zones;
        this.reads = reads;
    }

    /** A host to add; what isn't said is as the family's largest type has it. */
    public record HostWish(
            @Nullable String zone,
            @Nullable String family,
            @Nullable Integer count,
            @Nullable Integer sockets,
            @Nullable Integer cores,
            @Nullable Integer vcpus,
            @Nullable Long memoryMib,
            @Nullable Long localStorageGb,
            @Nullable Integer gpus,
            @Nullable String clientToken) {}

    /** A host and what is used of it. */
    public record HostUse(Host host, Capacity used) {}

    /** Reading hosts. */
    public interface HostReads {
        Optional<HostUse> host(String hostId);

        /** A page, ordered by id; null asks for any. */
        List<HostUse> hosts(
                Region region,
                @Nullable String zone,
                @Nullable String family,
                @Nullable String state,
                @Nullable String afterId,
                int limit);
    }

    /** Adds hosts to a zone of a region. */
    public Outcome<List<Host>> add(HostWish wish, Region region) {
        String zoneName = wish.zone();
        if (zoneName == null) {
            return missing("availabilityZone");
        }
        if (!AvailabilityZone.isValid(zoneName)
                || !new AvailabilityZone(zoneName).region().equals(region)
                || !Regions.exists(new AvailabilityZone(zoneName))) {
            return Outcome.refused(
                    ErrorCode.INVALID_AVAILABILITY_ZONE,
                    "availabilityZone",
                    "The zone '" + zoneName + "' does not exist in " + region);
        }
        String family = wish.family();
        if (family == null) {
            return missing("family");
        }
        if (InstanceTypes.ofFamily(family).isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "family", "There is no instance family '" + family + "'");
        }
        int count = wish.count() == null ? 1 : wish.count();
        if (count < 1 || count > MOST_HOSTS) {
            return Outcome.refused(ErrorCode.INVALID_PARAMETER_VALUE, "count", "1 to " + MOST_HOSTS + " hosts at once");
        }
        InstanceTypeFacts largest = HostPlan.largest(family);
        Capacity usual = LaunchOrder.capacityOf(largest);
        Optional<Refusal> wrong = Stream.of(
                        atLeast(1, "sockets", wish.sockets()),
                        atLeast(1, "cores", wish.cores()),
                        atLeast(1, "vcpus", wish.vcpus()),
                        atLeast(1, "memoryMib", wish.memoryMib()),
                        atLeast(0, "localStorageGb", wish.localStorageGb()),
                        atLeast(0, "gpus", wish.gpus()),
                        clientToken(wish.clientToken()))
                .flatMap(Optional::stream)
                .findFirst();
        if (wrong.isPresent()) {
            return Outcome.refused(wrong.get());
        }
        int cores = or(wish.cores(), largest.processor().cores());
        int sockets = or(wish.sockets(), 1);
        Capacity capacity = new Capacity(
                or(wish.vcpus(), usual.vcpus()),
                wish.memoryMib() == null ? usual.memoryMib() : wish.memoryMib(),
                wish.localStorageGb() == null ? usual.localStorageGb() : wish.localStorageGb(),
                or(wish.gpus(), usual.gpus()));
        AvailabilityZone zone = new AvailabilityZone(zoneName);
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hosts.add(new Host(
                    ResourceKind.HOST.newId(), zone, family, sockets, cores, capacity, Host.State.AVAILABLE, 1));
        }
        return Instances.await(
                zones.submit(zone, new ZoneWork.AddHosts(hosts, ZoneWork.AddHosts.Into.ANY, token(wish, zone))));
    }

    private static @Nullable TokenUse token(HostWish wish, AvailabilityZone zone) {
        String token = wish.clientToken();
        return token == null
                ? null
                : new TokenUse(AccountId.OPERATOR, zone.region(), OPERATION, token, ClientTokens.hash(wish.toString()));
    }

    /** An empty host goes at once; one in use is drained: it takes no more and goes with its last instance. */
    public Outcome<Host> remove(String hostId, Region region) {
        Optional<HostUse> found = inRegion(hostId, region);
        if (found.isEmpty() || found.get().host().state() == Host.State.REMOVED) {
            return Outcome.refused(notFound(hostId));
        }
        return Instances.await(zones.submit(found.get().host().zone(), new ZoneWork.RemoveHost(hostId)));
    }

    public Outcome<HostUse> find(String hostId, Region region) {
        return inRegion(hostId, region)
                .<Outcome<HostUse>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(notFound(hostId)));
    }

    public List<HostUse> list(
            Region region,
            @Nullable String zone,
            @Nullable String family,
            @Nullable String state,
            @Nullable String afterId,
            int limit) {
        return reads.hosts(region, zone, family, state, afterId, limit);
    }

    private Optional<HostUse> inRegion(String hostId, Region region) {
        return reads.host(hostId).filter(use -> use.host().zone().region().equals(region));
    }

    private static Optional<Refusal> atLeast(long least, String field, @Nullable Number value) {
        return value == null || value.longValue() >= least
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE, field, "It is at least " + least + ", not " + value));
    }

    private static Optional<Refusal> clientToken(@Nullable String token) {
        return token == null || !token.isEmpty() && token.length() <= ClientTokens.MAX_LENGTH
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "clientToken",
                        "A client token has 1 to " + ClientTokens.MAX_LENGTH + " characters"));
    }

    private static Refusal notFound(String hostId) {
        return Refusal.of(ErrorCode.HOST_NOT_FOUND, "hostId", "The host id '" + hostId + "' does not exist");
    }

    private static <T> Outcome<T> missing(String field) {
        return Outcome.refused(ErrorCode.MISSING_PARAMETER, field, "'" + field + "' is required");
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
