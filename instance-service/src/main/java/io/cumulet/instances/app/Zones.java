package io.cumulet.instances.app;

import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.config.AddressesConfig;
import io.cumulet.instances.config.CapacityDemandConfig;
import io.cumulet.instances.config.FleetConfig;
import io.cumulet.instances.domain.network.AddressPool;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.AfterReset;
import io.cumulet.plumbing.suite.WorkInFlight;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.plumbing.trace.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import jakarta.transaction.UserTransaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** The committers of all zones. A zone gets its committer when it is first needed. Thread-safe. */
@ApplicationScoped
public class Zones implements WorkInFlight, AfterReset {

    private static final Logger LOG = Logger.getLogger(Zones.class);

    private final CommitterTools tools;
    private final FleetConfig fleet;
    private final Map<AvailabilityZone, ZoneCommitter> committers = new ConcurrentHashMap<>();

    public Zones(
            ZoneStore store,
            Announcer announcer,
            InstanceDriver driver,
            Timers timers,
            StackClock clock,
            UserTransaction transaction,
            FleetConfig fleet,
            CapacityDemandConfig demands,
            AddressesConfig addresses,
            MeterRegistry metrics,
            Traces traces) {
        this.tools = new CommitterTools(
                store,
                announcer,
                driver,
                timers,
                clock,
                transaction,
                new DemandRules(demands.kept(), demands.most()),
                launchPool(addresses),
                metrics.summary("cumulet.committer.batch"),
                traces);
        this.fleet = fleet;
        metrics.gauge("cumulet.committer.queue", committers, Zones::queued);
    }

    private static AddressPool launchPool(AddressesConfig config) {
        AddressPool pool = AddressPool.of("cumulet.addresses.launch-pool", config.launchPool());
        if (pool.overlaps(AddressPool.of("cumulet.addresses.pool", config.pool()))) {
            throw new IllegalArgumentException("cumulet.addresses.pool and cumulet.addresses.launch-pool overlap");
        }
        return pool;
    }

    private static double queued(Map<AvailabilityZone, ZoneCommitter> committers) {
        return committers.values().stream().mapToInt(ZoneCommitter::queued).sum();
    }

    void start(@Observes @Priority(Interceptor.Priority.APPLICATION) StartupEvent event) {
        seed();
    }

    void stop(@Observes ShutdownEvent event) {
        committers.values().forEach(ZoneCommitter::stop);
        committers.values().forEach(ZoneCommitter::awaitStopped);
    }

    /** Hands work to a zone's committer. */
    <T> CompletableFuture<T> submit(AvailabilityZone zone, ZoneWork<T> work) {
        return committer(zone).submit(work);
    }

    /**
     * The zones of a region that may have room for a family, in the order of their names, as far as this process knows:
     * those whose hosts it has seen.
     */
    List<AvailabilityZone> withHosts(Region region, String family) {
        List<AvailabilityZone> zones = new ArrayList<>();
        for (RegionFacts.ZoneFacts facts : zonesOf(region)) {
            ZoneCommitter committer = committers.get(facts.zone());
            if (committer != null) {
                Set<String> families = committer.families();
                if (families == null || families.contains(family)) {
                    zones.add(facts.zone());
                }
            }
        }
        return zones;
    }

    /** Like {@link #withHosts}, as the database has it now: another replica may have added hosts. Blocks. */
    Set<AvailabilityZone> withHostsByNow(Region region, String family) {
        return new LinkedHashSet<>(
                tools.store().zonesWith(region, family).stream().sorted().toList());
    }

    @Override
    public String name() {
        return "works of the zones' committers";
    }

    @Override
    public long count() {
        return committers.values().stream().mapToInt(ZoneCommitter::unfinished).sum();
    }

    @Override
    public void afterReset() {
        committers.values().forEach(ZoneCommitter::forget);
        seed();
    }

    /** Gives each configured zone its hosts, if it never had any, and publishes what all of them hold. */
    private void seed() {
        for (String name : fleet.zones()) {
            AvailabilityZone zone = new AvailabilityZone(name);
            submit(zone, new ZoneWork.AddHosts(HostPlan.of(zone, fleet), ZoneWork.AddHosts.Into.EMPTY_ZONE, null));
            submit(zone, new ZoneWork.PublishCapacity(true)).whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.errorf(failure, "The hosts of %s could not be set up", zone);
                }
            });
        }
    }

    private ZoneCommitter committer(AvailabilityZone zone) {
        ZoneCommitter known = committers.get(zone);
        if (known != null) {
            return known;
        }
        if (zonesOf(zone.region()).stream().noneMatch(facts -> facts.zone().equals(zone))) {
            throw new IllegalArgumentException("There is no zone " + zone);
        }
        return committers.computeIfAbsent(zone, z -> new ZoneCommitter(z, tools));
    }

    private static List<RegionFacts.ZoneFacts> zonesOf(Region region) {
        return Regions.find(region).map(RegionFacts::zones).orElse(List.of());
    }
}
