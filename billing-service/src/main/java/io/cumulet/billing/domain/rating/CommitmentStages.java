package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.CommitmentBudget.Applies;
import io.cumulet.billing.domain.rating.CommitmentBudget.Kind;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Region;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * The commitments of accounts that share them, in the order in which they pay for an hour:
 *
 * <ol>
 *   <li>reservations of hosts, for the owner's hosts;
 *   <li>scheduled Reserved Instances, for what was launched into them;
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

    /** When usage of one kind is paid for by a commitment, and at which discount. */
    private record Match(Turn turn, Discount discount) {}

    private final Prices prices;
    private final Organizations organizations;
    private final Map<UsageClass.Kind, List<UsageQueue>> queues;

    private final List<CommitmentBudget> hostReservations;
    private final List<CommitmentBudget> scheduled;
    private final List<CommitmentBudget> zonal;
    private final List<CommitmentBudget> regional;
    private final List<CommitmentBudget> ec2InstancePlans;
    private final List<CommitmentBudget> computePlans;
    private final List<CommitmentBudget> all;

    /**
     * @param queues all that they may pay for
     */
    CommitmentStages(
            Commitments commitments, Prices prices, Organizations organizations, Collection<UsageQueue> queues) {
        this.prices = prices;
        this.organizations = organizations;
        this.queues = queues.stream().collect(Collectors.groupingBy(UsageQueue::kind));
        hostReservations = budgets(commitments.hostReservations(), this::hostReservation);
        List<ReservedInstance> reserved = commitments.reservedInstances();
        scheduled = budgets(only(reserved, ReservedInstance.Scheduled.class), this::reservedInstance);
        zonal = budgets(only(reserved, ReservedInstance.Zonal.class), this::reservedInstance);
        regional = budgets(only(reserved, ReservedInstance.Regional.class), this::reservedInstance);
        List<SavingsPlan> plans = commitments.savingsPlans();
        ec2InstancePlans = budgets(planned(plans, SavingsPlan.Ec2Instance.class), this::savingsPlan);
        computePlans = budgets(planned(plans, SavingsPlan.Compute.class), this::savingsPlan);
        all = Stream.of(hostReservations, scheduled, zonal, regional, ec2InstancePlans, computePlans)
                .flatMap(List::stream)
                .toList();
    }

    List<CommitmentBudget> all() {
        return all;
    }

    /** Pays for what is left of an hour, as far as the commitments reach. */
    void spend() {
        hostReservations.forEach(CommitmentBudget::spendOnOwn);
        scheduled.forEach(CommitmentBudget::spendOnOwn);
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
        UsageClass.Kind reserved = new UsageClass.KindOfHost(reservation.region(), reservation.family());
        return reserved(
                reservation,
                BigFraction.of(reservation.count()),
                kind -> kind.equals(reserved) ? Optional.of(BigFraction.ONE) : Optional.empty(),
                queue -> true);
    }

    private CommitmentBudget reservedInstance(ReservedInstance reserved) {
        boolean isFlexible = reserved.isSizeFlexible();
        BigFraction factor =
                isFlexible ? NormalizationFactors.of(reserved.type()).orElseThrow() : BigFraction.ONE;
        return reserved(
                reserved,
                factor.multiply(reserved.count()),
                kind -> unitsPerSecond(reserved, isFlexible, kind),
                queue -> isWithin(reserved, queue.usageClass()));
    }

    private static Optional<BigFraction> unitsPerSecond(
            ReservedInstance reserved, boolean isFlexible, UsageClass.Kind kind) {
        boolean isAlike = kind instanceof UsageClass.KindOfType use
                && use.region().equals(reserved.region())
                && use.os() == reserved.os()
                && use.tenancy() == reserved.tenancy();
        if (!isAlike) {
            return Optional.empty();
        }
        InstanceType type = ((UsageClass.KindOfType) kind).type();
        if (!isFlexible) {
            return type.equals(reserved.type()) ? Optional.of(BigFraction.ONE) : Optional.empty();
        }
        return type.family().equals(reserved.type().family()) ? NormalizationFactors.of(type) : Optional.empty();
    }

    private static boolean isWithin(ReservedInstance reserved, UsageClass use) {
        return switch (reserved.scope()) {
            case ReservedInstance.Scheduled scheduled ->
                use instanceof UsageClass.Instances instances
                        && instances.zone().equals(scheduled.zone())
                        && reserved.id().equals(instances.scheduledInstanceId());
            case ReservedInstance.Regional regional -> true;
            // A zonal one never discounts what a capacity reservation holds, used or not.
            case ReservedInstance.Zonal zonal ->
                use instanceof UsageClass.Instances instances
                        && instances.zone().equals(zonal.zone())
                        && !instances.inCapacityReservation();
        };
    }

    /** Smallest size first. */
    private CommitmentBudget reserved(
            Commitment commitment,
            BigFraction units,
            Function<UsageClass.Kind, Optional<BigFraction>> unitsPerSecond,
            Predicate<UsageQueue> within) {
        return budget(
                commitment,
                Kind.RESERVED,
                units.multiply(SECONDS_PER_HOUR),
                (kind, listRate) -> unitsPerSecond
                        .apply(kind)
                        .map(each -> new Match(
                                new Turn(isUnusedCapacity(kind), each, BigFraction.ZERO), new Discount(null, each))),
                within);
    }

    /** The largest saving first, that is the smallest share of the list price; then the lowest rate. */
    private CommitmentBudget savingsPlan(SavingsPlan plan) {
        return budget(
                plan,
                Kind.SAVINGS_PLAN,
                plan.commitment().exact(),
                (kind, listRate) -> listRate == null
                        ? Optional.empty()
                        : rate(plan, kind)
                                .map(rate -> new Match(
                                        new Turn(
                                                isUnusedCapacity(kind),
                                                rate.exact().divide(listRate.exact()),
                                                rate.exact()),
                                        new Discount(rate, rate.exact().divide(SECONDS_PER_HOUR)))),
                queue -> true);
    }

    private Optional<HourlyRate> rate(SavingsPlan plan, UsageClass.Kind kind) {
        return switch (kind) {
            case UsageClass.KindOfType use ->
                covers(plan, use.type().family(), use.region())
                        ? prices.savingsPlan(plan.id(), use.region(), use.type(), use.os(), use.tenancy())
                        : Optional.empty();
            case UsageClass.KindOfHost hosts ->
                covers(plan, hosts.family(), hosts.region())
                        ? prices.savingsPlanHost(plan.id(), hosts.region(), hosts.family())
                        : Optional.empty();
        };
    }

    private static boolean covers(SavingsPlan plan, String family, Region region) {
        return switch (plan.coverage()) {
            case SavingsPlan.Compute everything -> true;
            case SavingsPlan.Ec2Instance of ->
                of.family().equals(family) && of.region().equals(region);
        };
    }

    private static boolean isUnusedCapacity(UsageClass.Kind kind) {
        return kind instanceof UsageClass.KindOfType use && use.isUnusedCapacity();
    }

    private CommitmentBudget budget(
            Commitment commitment,
            Kind kindOfCommitment,
            BigFraction unitsEachHour,
            BiFunction<UsageClass.Kind, @Nullable HourlyRate, Optional<Match>> match,
            Predicate<UsageQueue> within) {
        Set<AccountId> sharing = organizations.sharingWith(commitment.account());
        Map<UsageClass.Kind, Discount> discounts = new HashMap<>();
        NavigableMap<Turn, Sharers> turns = new TreeMap<>();
        queues.forEach((kind, ofKind) -> match.apply(kind, ofKind.getFirst().listRate())
                .ifPresent(found -> {
                    discounts.put(kind, found.discount());
                    Sharers sharers = turns.computeIfAbsent(found.turn(), turn -> new Sharers(found.discount()));
                    ofKind.stream().filter(within).forEach(queue -> sharers.add(queue, commitment.account(), sharing));
                }));
        return new CommitmentBudget(
                commitment,
                kindOfCommitment,
                unitsEachHour,
                discounts,
                new Applies(
                        turns.values().stream().map(Sharers::own).toList(),
                        turns.values().stream().map(Sharers::shared).toList()));
    }

    /** Usage whose turn is the same: its owner's, and that of all who share the commitment. */
    private static final class Sharers {

        private final Discount discount;
        private final List<UsageQueue> own = new ArrayList<>();
        private final List<UsageQueue> shared = new ArrayList<>();

        Sharers(Discount discount) {
            this.discount = discount;
        }

        void add(UsageQueue queue, AccountId owner, Set<AccountId> sharing) {
            AccountId user = queue.usageClass().account();
            if (user.equals(owner)) {
                own.add(queue);
            }
            if (sharing.contains(user)) {
                shared.add(queue);
            }
        }

        QueueGroup own() {
            return new QueueGroup(discount.unitsPerSecond(), own);
        }

        QueueGroup shared() {
            return new QueueGroup(discount.unitsPerSecond(), shared);
        }
    }
}
