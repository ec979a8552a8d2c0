package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which accounts have to be rated together: what one uses may change what another one pays. */
final class AccountsTogether {

    private final Map<AccountId, AccountId> parents = new HashMap<>();

    private AccountsTogether(Scenario scenario) {
        scenario.organizations().all().forEach(members -> {
            AccountId first = members.iterator().next();
            members.forEach(member -> join(first, member));
        });
        Map<String, AccountId> ownersOfCapacity = new HashMap<>();
        scenario.usage()
                .capacityReservations()
                .forEach(reservation -> ownersOfCapacity.put(reservation.id(), reservation.account()));
        for (InstanceUsage instance : scenario.usage().instances()) {
            AccountId owner = instance.capacityReservationId() == null
                    ? null
                    : ownersOfCapacity.get(instance.capacityReservationId());
            if (owner != null) {
                join(owner, instance.account());
            }
        }
    }

    /** Splits a scenario into those that can be rated apart. */
    static Collection<Scenario> split(Scenario scenario) {
        AccountsTogether together = new AccountsTogether(scenario);
        Map<AccountId, Part> parts = new LinkedHashMap<>();
        Function<AccountId, Part> partOf =
                account -> parts.computeIfAbsent(together.groupOf(account), unused -> new Part());
        Usage usage = scenario.usage();
        usage.instances().forEach(one -> partOf.apply(one.account()).instances.add(one));
        usage.capacityReservations()
                .forEach(one -> partOf.apply(one.account()).capacityReservations.add(one));
        usage.hosts().forEach(one -> partOf.apply(one.account()).hosts.add(one));
        Commitments commitments = scenario.commitments();
        commitments
                .reservedInstances()
                .forEach(one -> partOf.apply(one.account()).reservedInstances.add(one));
        commitments
                .savingsPlans()
                .forEach(one -> partOf.apply(one.account()).savingsPlans.add(one));
        commitments
                .hostReservations()
                .forEach(one -> partOf.apply(one.account()).hostReservations.add(one));
        return parts.values().stream().map(part -> part.of(scenario)).toList();
    }

    private static final class Part {
        private final List<InstanceUsage> instances = new ArrayList<>();
        private final List<CapacityReservation> capacityReservations = new ArrayList<>();
        private final List<DedicatedHost> hosts = new ArrayList<>();
        private final List<ReservedInstance> reservedInstances = new ArrayList<>();
        private final List<SavingsPlan> savingsPlans = new ArrayList<>();
        private final List<HostReservation> hostReservations = new ArrayList<>();

        Scenario of(Scenario whole) {
            return new Scenario(
                    whole.period(),
                    whole.knownUntil(),
                    whole.prices(),
                    new Usage(instances, capacityReservations, hosts),
                    new Commitments(reservedInstances, savingsPlans, hostReservations),
                    whole.organizations(),
                    whole.freeTier(),
                    whole.spotInterruptionPolicy());
        }
    }

    /** One of the accounts that are rated together with an account; the same for all of them. */
    private AccountId groupOf(AccountId account) {
        AccountId root = account;
        for (AccountId parent = parents.get(root); parent != null; parent = parents.get(root)) {
            root = parent;
        }
        if (!root.equals(account)) {
            parents.put(account, root);
        }
        return root;
    }

    private void join(AccountId one, AccountId other) {
        AccountId root = groupOf(one);
        AccountId otherRoot = groupOf(other);
        if (!root.equals(otherRoot)) {
            parents.put(otherRoot, root);
        }
    }
}
