package io.cumulet.instances.app;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.config.FleetConfig;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ResourceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** The hosts that the configuration gives a zone. Their ids follow from zone, family and number. */
final class HostPlan {

    private HostPlan() {}

    static List<Host> of(AvailabilityZone zone, FleetConfig config) {
        List<Host> hosts = new ArrayList<>();
        new TreeMap<>(config.families()).forEach((family, wanted) -> hosts.addAll(of(zone, family, wanted)));
        return hosts;
    }

    static List<Host> of(AvailabilityZone zone, String family, FleetConfig.Family wanted) {
        InstanceTypeFacts largest = largest(family);
        List<Host> hosts = new ArrayList<>();
        for (int number = 1; number <= wanted.hosts(); number++) {
            hosts.add(new Host(
                    ResourceKind.HOST.derivedId(zone.value(), family, Integer.toString(number)),
                    zone,
                    family,
                    wanted.sockets(),
                    largest.processor().cores() * wanted.size(),
                    times(LaunchOrder.capacityOf(largest), wanted.size()),
                    Host.State.AVAILABLE,
                    1));
        }
        return hosts;
    }

    /** The largest type of a family, of those that aren't a whole machine by themselves if there are such. */
    static InstanceTypeFacts largest(String family) {
        return InstanceTypes.ofFamily(family).stream()
                .max(Comparator.comparing((InstanceTypeFacts type) -> !type.bareMetal())
                        .thenComparingInt(InstanceTypeFacts::vcpus)
                        .thenComparingInt(InstanceTypeFacts::memoryMib)
                        .thenComparing(InstanceTypeFacts::type))
                .orElseThrow(() -> new IllegalArgumentException(
                        "cumulet.fleet.families." + family + ": there is no such instance family"));
    }

    private static Capacity times(Capacity one, int times) {
        return new Capacity(
                one.vcpus() * times, one.memoryMib() * times, one.localStorageGb() * times, one.gpus() * times);
    }
}
