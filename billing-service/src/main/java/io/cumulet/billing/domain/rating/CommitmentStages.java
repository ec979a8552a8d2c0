package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.CommitmentBudget.Applies;
import io.cumulet.billing.domain.rating.CommitmentBudget.Kind;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * The commitments of accounts that share them, in the order in which they pay for an hour:
 *
 * <ol>
 *   <li>reservations of hosts, for the owner's hosts;
 *   <li>zonal Reserved Instances for their owner's usage, then zonal ones for all that share them;
 *   <li>regional Reserved Instances, likewise;
 *   <li>EC2 Instance Savings Plans, likewise; Compute Savings Plans, likewise.
 * </ol>
 *
 * Within a stage the one whose term began first comes first, then the one with the smaller id.
 */
final class CommitmentStages {

    private static final Comparator<Commitment> ORDER = Comparator.comparingLong(
                    (Commitment commitment) -> commitment.term().firstHour())
            .thenComparing(Commitment::id);

    private static final BigFraction SECONDS_PER_HOUR = BigFraction.of(RatedSegment.STEP_SECONDS);

    /** Instances and hosts before unused capacity; then by what stands first in the order of the commitment. */
    private record Turn(boolean isUnusedCapacity, BigFraction first, BigFraction second) implements Comparable<Turn> {
        private static final Comparator<Turn> ORDER = Comparator.comparing(Turn::isUnusedCapacity)
                .thenComparing(Turn::first)
                .thenComparing(Turn::second);

        @Override
        public int compareTo(Turn other) {
            return ORDER.compare(this, other);
        }
    }

    private final Prices prices;
    private final Organizations organizations;
    private final Collection<UsageQueue> queues;

    private final List<CommitmentBudget> hostReservations;
    private final List<CommitmentBudget> zonal;
    private final List<CommitmentBudget> regional;
    private final List<CommitmentBudget> ec2InstancePlans;
    private final List<CommitmentBudget> computePlans;

    /**
     * @param queues all that they may pay for
     */
    CommitmentStages(
            Commitments commitments, Prices prices, Organizations organizations, Collection<UsageQueue> queues) {
        this.prices = prices;
        this.organizations = organizations;
        this.queues = queues;
        hostReservations = budgets(commitments.hostReservations(), this::hostReservation);
        List<ReservedInstance> reserved = commitments.reservedInstances();
        zonal = budgets(only(reserved, ReservedInstance.Zonal.class), this::reservedInstance);
        regional = budgets(only(reserved, ReservedInstance.Regional.class), this::reservedInstance);
        List<SavingsPlan> plans = commitments.savingsPlans();
        ec2InstancePlans = budgets(planned(plans, SavingsPlan.Ec2Instance.class), this::savingsPlan);
        computePlans = budgets(planned(plans, SavingsPlan.Compute.class), this::savingsPlan);
    }

    List<CommitmentBudget> all() {
        List<CommitmentBudget> all = new ArrayList<>(hostReservations);
        all.addAll(zonal);
        all.addAll(regional);
        all.addAll(ec2InstancePlans);
        all.addAll(computePlans);
        return List.copyOf(all);
    }

    /** Pays for what is left of an hour, as far as the commitments reach. */
    void spend() {
        hostReservations.forEach(CommitmentBudget::spendOnOwn);
        for (List<CommitmentBudget> stage : List.of(zonal, regional, ec2InstancePlans, computePlans)) {
            stage.forEach(CommitmentBudget::spendOnOwn);
            stage.forEach(CommitmentBudget::spendOnShared);
        }
    }

    private static List<ReservedInstance> only(
            List<ReservedInstance> all, Class<? extends ReservedInstance.Scope> scope) {
        return all.stream().filter(one -> scope.isInstance(one.scope())).toList();
    }

    private static List<SavingsPlan> planned(List<SavingsPlan> all, Class<? extends SavingsPlan.Coverage> coverage) {
        return all.stream().filter(one -> coverage.isInstance(one.coverage())).toList();
    }

    private static <C extends Commitment> List<CommitmentBudget> budgets(
            List<C> commitments, Function<C, CommitmentBudget> budget) {
        return commitments.stream().sorted(ORDER).map(budget).toList();
    }

    private CommitmentBudget hostReservation(HostReservation reservation) {
        Function<UsageQueue, Optional<BigFraction>> unitsPerSecond = queue -> {
            boolean matches = queue.usageClass() instanceof UsageClass.Hosts hosts
                    && hosts.family().equals(reservation.family())
                    && hosts.region().equals(reservation.region());
            return matches ? Optional.of(BigFraction.ONE) : Optional.empty();
        };
        return reserved(reservation, reservation.count(), BigFraction.ONE, unitsPerSecond);
    }

    private CommitmentBudget reservedInstance(ReservedInstance reserved) {
        boolean isFlexible = reserved.isSizeFlexible();
        BigFraction factor =
                isFlexible ? NormalizationFactors.of(reserved.type()).orElseThrow() : BigFraction.ONE;
        return reserved(reserved, reserved.count(), factor, queue -> switch (queue.usageClass()) {
            case UsageClass.Hosts hosts -> Optional.empty();
            case UsageClass.OfType use ->
                isWithin(reserved, use) && reserved.os() == use.os() && reserved.tenancy() == use.tenancy()
                        ? unitsPerSecond(reserved, isFlexible, use.type())
                        : Optional.empty();
        });
    }

    private static boolean isWithin(ReservedInstance reserved, UsageClass use) {
        return switch (reserved.scope()) {
            case ReservedInstance.Regional regional -> regional.region().equals(use.region());
            // A zonal one never discounts what a capacity reservation holds, used or not.
            case ReservedInstance.Zonal zonal ->
                use instanceof UsageClass.Instances instances
                        && instances.zone().equals(zonal.zone())
                        && !instances.inCapacityReservation();
        };
    }

    private static Optional<BigFraction> unitsPerSecond(
            ReservedInstance reserved, boolean isFlexible, InstanceType type) {
        if (!isFlexible) {
            return type.equals(reserved.type()) ? Optional.of(BigFraction.ONE) : Optional.empty();
        }
        return type.family().equals(reserved.type().family()) ? NormalizationFactors.of(type) : Optional.empty();
    }

    private CommitmentBudget reserved(
            Commitment commitment,
            int count,
            BigFraction unitsPerUnit,
            Function<UsageQueue, Optional<BigFraction>> unitsPerSecond) {
        return new CommitmentBudget(
                commitment,
                Kind.RESERVED,
                unitsPerUnit.multiply(count).multiply(SECONDS_PER_HOUR),
                queue -> null,
                queue -> unitsPerSecond.apply(queue).orElseThrow(),
                applies(
                        commitment,
                        queue -> unitsPerSecond
                                .apply(queue)
                                .map(units -> new Turn(isUnusedCapacity(queue), units, BigFraction.ZERO)),
                        queue -> unitsPerSecond.apply(queue).orElseThrow()));
    }

    private CommitmentBudget savingsPlan(SavingsPlan plan) {
        Function<UsageQueue, BigFraction> dollarsPerSecond =
                queue -> rate(plan, queue).orElseThrow().exact().divide(SECONDS_PER_HOUR);
        return new CommitmentBudget(
                plan,
                Kind.SAVINGS_PLAN,
                plan.commitment().exact(),
                queue -> rate(plan, queue).orElse(null),
                dollarsPerSecond,
                applies(plan, queue -> turn(plan, queue), dollarsPerSecond));
    }

    /** The largest saving first, that is the smallest share of the list price; then the lowest rate. */
    private Optional<Turn> turn(SavingsPlan plan, UsageQueue queue) {
        HourlyRate listRate = queue.listRate();
        if (listRate == null) {
            return Optional.empty();
        }
        return rate(plan, queue)
                .map(rate -> new Turn(isUnusedCapacity(queue), rate.exact().divide(listRate.exact()), rate.exact()));
    }

    private Optional<HourlyRate> rate(SavingsPlan plan, UsageQueue queue) {
        return switch (queue.usageClass()) {
            case UsageClass.OfType use ->
                covers(plan, use.type().family(), use)
                        ? prices.savingsPlan(plan.id(), use.region(), use.type(), use.os(), use.tenancy())
                        : Optional.empty();
            case UsageClass.Hosts hosts ->
                covers(plan, hosts.family(), hosts)
                        ? prices.savingsPlanHost(plan.id(), hosts.region(), hosts.family())
                        : Optional.empty();
        };
    }

    private static boolean covers(SavingsPlan plan, String family, UsageClass use) {
        return switch (plan.coverage()) {
            case SavingsPlan.Compute everything -> true;
            case SavingsPlan.Ec2Instance of ->
                of.family().equals(family) && of.region().equals(use.region());
        };
    }

    private static boolean isUnusedCapacity(UsageQueue queue) {
        return queue.usageClass() instanceof UsageClass.UnusedCapacity;
    }

    private Applies applies(
            Commitment commitment,
            Function<UsageQueue, Optional<Turn>> turn,
            Function<UsageQueue, BigFraction> unitsPerSecond) {
        Set<AccountId> sharing = organizations.sharingWith(commitment.account());
        NavigableMap<Turn, List<UsageQueue>> own = new TreeMap<>();
        NavigableMap<Turn, List<UsageQueue>> shared = new TreeMap<>();
        for (UsageQueue queue : queues) {
            AccountId user = queue.usageClass().account();
            if (sharing.contains(user)) {
                turn.apply(queue).ifPresent(when -> {
                    shared.computeIfAbsent(when, unused -> new ArrayList<>()).add(queue);
                    if (user.equals(commitment.account())) {
                        own.computeIfAbsent(when, unused -> new ArrayList<>()).add(queue);
                    }
                });
            }
        }
        return new Applies(groups(own, unitsPerSecond), groups(shared, unitsPerSecond));
    }

    private static List<QueueGroup> groups(
            NavigableMap<Turn, List<UsageQueue>> byTurn, Function<UsageQueue, BigFraction> unitsPerSecond) {
        return byTurn.values().stream()
                .map(queues -> new QueueGroup(unitsPerSecond.apply(queues.getFirst()), List.copyOf(queues)))
                .toList();
    }
}
