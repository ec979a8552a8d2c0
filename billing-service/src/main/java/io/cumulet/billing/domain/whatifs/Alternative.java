package io.cumulet.billing.domain.whatifs;

import io.cumulet.billing.domain.rating.CapacityReservation;
import io.cumulet.billing.domain.rating.Commitment;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.DedicatedHost;
import io.cumulet.billing.domain.rating.HostReservation;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.billing.domain.rating.ReservedInstance;
import io.cumulet.billing.domain.rating.SavingsPlan;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.billing.domain.rating.Usage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Tenancy;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How usage might have been paid for. Instances go to hosts and into capacity reservations in the order in which they start, each
 * to the first that has room when it does, and stay there.
 *
 * @param concerned whose instances, hosts and purchases it is about; others' stay as they are
 * @param keepBought whether what was bought stays
 * @param purchases what is bought in addition
 * @param market the market of all instances; null for that they had
 * @param tenancy the tenancy of all instances; null for that they had
 * @param hosts what is allocated if the tenancy is {@code host}
 * @param capacityReservations what is held in addition
 * @param vcpus what an instance takes of a host
 */
public record Alternative(
        Predicate<AccountId> concerned,
        boolean keepBought,
        Commitments purchases,
        @Nullable Market market,
        @Nullable Tenancy tenancy,
        List<Host> hosts,
        List<CapacityReservation> capacityReservations,
        ToIntFunction<InstanceUsage> vcpus) {

    /** @param vcpus what instances on it may have together */
    public record Host(DedicatedHost host, int vcpus) {}

    /**
     * A scenario as it would have been.
     *
     * @param withoutRoom instances that no host has room for; they aren't in the scenario
     */
    public record Applied(Scenario scenario, List<Unrated> withoutRoom) {}

    /** @param prices of the scenario, with those of the purchases */
    public Applied applied(Scenario scenario, Prices prices) {
        Usage usage = scenario.usage();
        List<Unrated> withoutRoom = new ArrayList<>();
        List<InstanceUsage> instances = new ArrayList<>();
        Map<String, String> hostOf = placed(usage.instances(), hostPlaces(), Tenancy.HOST);
        Map<String, String> reservationOf = placed(usage.instances(), reservationPlaces(), null);
        for (InstanceUsage instance : usage.instances()) {
            if (!concerned.test(instance.account())) {
                instances.add(instance);
            } else if (tenancy == Tenancy.HOST
                    && Places.last(instance).isAfter(scenario.period().from())
                    && !hostOf.containsKey(instance.place())) {
                withoutRoom.add(new Unrated(
                        instance.place(),
                        instance.id(),
                        Places.first(instance).truncatedTo(ChronoUnit.HOURS),
                        "No Dedicated Host has room for it"));
            } else {
                instances.add(changed(instance, hostOf.get(instance.place()), reservationOf.get(instance.place())));
            }
        }
        return new Applied(
                new Scenario(
                        scenario.period(),
                        scenario.knownUntil(),
                        prices,
                        new Usage(
                                instances,
                                both(usage.capacityReservations(), capacityReservations),
                                both(
                                        kept(usage.hosts(), DedicatedHost::account, tenancy == null),
                                        hosts.stream().map(Host::host).toList())),
                        commitments(scenario.commitments()),
                        scenario.organizations(),
                        scenario.freeTier(),
                        scenario.spotInterruptionPolicy()),
                withoutRoom);
    }

    private InstanceUsage changed(InstanceUsage instance, @Nullable String hostId, @Nullable String reservationId) {
        Tenancy newTenancy = tenancy == null ? instance.tenancy() : tenancy;
        Market newMarket = market(instance);
        boolean staysInReservation = newTenancy == instance.tenancy() && newMarket == Market.ON_DEMAND;
        return new InstanceUsage(
                instance.place(),
                instance.id(),
                instance.account(),
                instance.type(),
                instance.os(),
                newTenancy,
                instance.zone(),
                newMarket,
                tenancy == null ? instance.hostId() : hostId,
                reservationId != null ? reservationId : staysInReservation ? instance.capacityReservationId() : null,
                keepBought && staysInReservation ? instance.scheduledInstanceId() : null,
                instance.runs());
    }

    /** On a host there is no spot. */
    private Market market(InstanceUsage instance) {
        if (tenancy == Tenancy.HOST) {
            return Market.ON_DEMAND;
        }
        return market == null ? instance.market() : market;
    }

    private Places hostPlaces() {
        Places places = new Places(vcpus);
        for (Host one : hosts) {
            DedicatedHost host = one.host();
            places.add(
                    host.id(),
                    one.vcpus(),
                    instance -> instance.type().family().equals(host.family())
                            && instance.zone().region().equals(host.zone().region()));
        }
        return places;
    }

    private Places reservationPlaces() {
        Places places = new Places(instance -> 1);
        for (CapacityReservation held : capacityReservations) {
            places.add(
                    held.id(),
                    held.count(),
                    instance -> market(instance) == Market.ON_DEMAND
                            && (tenancy == null ? instance.tenancy() : tenancy) == held.tenancy()
                            && instance.type().equals(held.type())
                            && instance.os() == held.os()
                            && instance.zone().equals(held.zone()));
        }
        return places;
    }

    /** Where instances go, by their place in the scenario. */
    private Map<String, String> placed(List<InstanceUsage> instances, Places places, @Nullable Tenancy only) {
        Map<String, String> placed = new HashMap<>();
        if (only != null && only != tenancy) {
            return placed;
        }
        instances.stream()
                .filter(instance -> concerned.test(instance.account()))
                .sorted(Comparator.comparing(Places::first).thenComparing(InstanceUsage::id))
                .forEach(instance -> places.take(instance).ifPresent(place -> placed.put(instance.place(), place)));
        return placed;
    }

    private Commitments commitments(Commitments bought) {
        return new Commitments(
                both(
                        kept(bought.reservedInstances(), ReservedInstance::account, keepBought),
                        purchases.reservedInstances()),
                both(kept(bought.savingsPlans(), SavingsPlan::account, keepBought), purchases.savingsPlans()),
                both(
                        kept(bought.hostReservations(), HostReservation::account, keepBought),
                        purchases.hostReservations()));
    }

    private <T> List<T> kept(List<T> all, Function<T, AccountId> account, boolean keep) {
        return all.stream()
                .filter(one -> keep || !concerned.test(account.apply(one)))
                .toList();
    }

    private static <T> List<T> both(List<T> some, List<T> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Whose a commitment is, by its id. */
    static Map<String, AccountId> owners(Commitments commitments) {
        Map<String, AccountId> owners = new HashMap<>();
        Stream.of(commitments.reservedInstances(), commitments.savingsPlans(), commitments.hostReservations())
                .flatMap(List::stream)
                .forEach((Commitment one) -> owners.put(one.id(), one.account()));
        return owners;
    }
}
