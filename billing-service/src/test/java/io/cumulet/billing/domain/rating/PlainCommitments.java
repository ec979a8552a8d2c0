package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.ReservedInstance.Regional;
import io.cumulet.billing.domain.rating.ReservedInstance.Scheduled;
import io.cumulet.billing.domain.rating.ReservedInstance.Zonal;
import io.cumulet.billing.domain.rating.SavingsPlan.Compute;
import io.cumulet.billing.domain.rating.SavingsPlan.Ec2Instance;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** The part of {@link PlainRating} that knows commitments: one clock hour at a time, sorting everything anew each time. */
final class PlainCommitments {

    private static final Set<String> FAMILIES_WITHOUT_FLEXIBILITY = Set.of("g4ad", "g4dn", "g5", "g5g", "inf1");

    private static final Map<String, BigFraction> FACTORS = Map.of(
            "nano", BigFraction.of(1, 4),
            "micro", BigFraction.of(1, 2),
            "small", BigFraction.of(1),
            "medium", BigFraction.of(2),
            "large", BigFraction.of(4),
            "xlarge", BigFraction.of(8));

    /** Those of data/normalization-factors.csv; all families u-… have one, too. */
    private static final Map<Integer, Set<String>> FAMILIES_BY_FACTOR_OF_METAL = Map.of(
            32, Set.of("a1"),
            96, Set.of("m5zn", "z1d"),
            128, Set.of("c6g", "c6gd", "i3", "m6g", "m6gd", "r6g", "r6gd", "x2gd"),
            144, Set.of("c5n"),
            192, Set.of("c5", "c5d", "i3en", "m5", "m5d", "m5dn", "m5n", "r5", "r5b", "r5d", "r5dn", "r5n"));

    private final Scenario scenario;
    private final List<RatedRow> rows;

    PlainCommitments(Scenario scenario, List<RatedRow> rows) {
        this.scenario = scenario;
        this.rows = rows;
    }

    /**
     * What a commitment can pay for in one hour.
     *
     * <p>The unit is the commitment's own: seconds, seconds × factor, or seconds × USD an hour. A share of the budget
     * always costs that share of the hourly effective fee.
     */
    private static final class Budget<C extends Commitment> {

        final C commitment;
        final BigFraction effectiveHourly;
        final BigFraction size;
        BigFraction left;

        Budget(C commitment, BigFraction effectiveHourly, BigFraction size) {
            this.commitment = commitment;
            this.effectiveHourly = effectiveHourly;
            this.size = size;
            this.left = size;
        }

        BigFraction effective(BigFraction part) {
            return effectiveHourly.multiply(part).divide(size);
        }
    }

    /** Adds the rows of all commitments, and takes from the items what is covered. */
    void rateHour(long hour, List<PlainItem> items) {
        List<Budget<HostReservation>> hostReservations = new ArrayList<>();
        for (HostReservation reservation : inOrder(scenario.commitments().hostReservations(), hour)) {
            BigFraction upfront = reservation.unitFees().upfront().multiply(reservation.count());
            BigFraction spread = reservation.unitFees().spread().multiply(reservation.count());
            BigFraction hourly = reservation.unitFees().hourly().multiply(reservation.count());
            chargeFees(hour, reservation, upfront, hourly, Category.RI_UPFRONT, Category.RI_RECURRING);
            BigFraction effectiveHourly = hourly.add(spread.divide(hoursOf(reservation.term())));
            hostReservations.add(new Budget<>(reservation, effectiveHourly, secondsOf(reservation.count())));
        }
        List<Budget<ReservedInstance>> reservedInstances = new ArrayList<>();
        for (ReservedInstance reserved : inOrder(scenario.commitments().reservedInstances(), hour)) {
            if (reserved.scope() instanceof Scheduled scheduled
                    && scheduled.slots().stream().noneMatch(slot -> slot.contains(Instant.ofEpochSecond(hour)))) {
                continue;
            }
            BigFraction upfront = reserved.unitFees().upfront().multiply(reserved.count());
            BigFraction spread = reserved.unitFees().spread().multiply(reserved.count());
            BigFraction hourly = reserved.unitFees().hourly().multiply(reserved.count());
            chargeFees(hour, reserved, upfront, hourly, Category.RI_UPFRONT, Category.RI_RECURRING);
            BigFraction effectiveHourly = hourly.add(spread.divide(hoursOf(reserved.term())));
            BigFraction units = isSizeFlexible(reserved) ? factor(reserved.type()) : BigFraction.ONE;
            reservedInstances.add(new Budget<>(
                    reserved, effectiveHourly, secondsOf(reserved.count()).multiply(units)));
        }
        List<Budget<SavingsPlan>> plans = new ArrayList<>();
        for (SavingsPlan plan : inOrder(scenario.commitments().savingsPlans(), hour)) {
            BigFraction commitment = plan.commitment().exact();
            BigFraction inAdvance = switch (plan.paymentOption()) {
                case NO_UPFRONT -> BigFraction.ZERO;
                case PARTIAL_UPFRONT -> commitment.divide(2);
                case ALL_UPFRONT -> commitment;
            };
            BigFraction upfront = inAdvance.multiply(hoursOf(plan.term()));
            BigFraction hourly = commitment.subtract(inAdvance);
            chargeFees(hour, plan, upfront, hourly, Category.SP_UPFRONT, Category.SP_RECURRING);
            plans.add(new Budget<>(plan, commitment, commitment.multiply(PlainRating.HOUR)));
        }

        applyHostReservations(hour, hostReservations, items);
        applyReservedInstances(hour, reservedInstances, items);
        applyPlans(hour, plans, items);

        hostReservations.forEach(budget -> addUnused(hour, budget, Category.RI_UNUSED));
        reservedInstances.forEach(budget -> addUnused(hour, budget, Category.RI_UNUSED));
        plans.forEach(budget -> addUnused(hour, budget, Category.SP_UNUSED));
    }

    private void applyHostReservations(long hour, List<Budget<HostReservation>> budgets, List<PlainItem> items) {
        for (Budget<HostReservation> budget : budgets) {
            HostReservation reservation = budget.commitment;
            items.stream()
                    .filter(item -> item.kind == PlainItem.Kind.HOST)
                    .filter(item -> item.account.equals(reservation.account()))
                    .filter(item -> item.family.equals(reservation.family()))
                    .filter(item -> item.zone.region().equals(reservation.region()))
                    .sorted(PlainItem.USAGE_ORDER)
                    .forEach(host -> cover(hour, budget, host, BigFraction.ONE, Category.RI_COVERED));
        }
    }

    /** Scheduled ones, for their owner; own zonal; zonal of others; own regional; regional of others. */
    private void applyReservedInstances(long hour, List<Budget<ReservedInstance>> budgets, List<PlainItem> items) {
        for (Budget<ReservedInstance> budget : budgets) {
            if (budget.commitment.scope() instanceof Scheduled) {
                applyReservedInstance(hour, budget, inReach(budget.commitment, true, items));
            }
        }
        for (Class<?> scope : List.of(Zonal.class, Regional.class)) {
            for (boolean own : List.of(true, false)) {
                for (Budget<ReservedInstance> budget : budgets) {
                    if (scope.isInstance(budget.commitment.scope())) {
                        applyReservedInstance(hour, budget, inReach(budget.commitment, own, items));
                    }
                }
            }
        }
    }

    private void applyReservedInstance(long hour, Budget<ReservedInstance> budget, Stream<PlainItem> items) {
        ReservedInstance reserved = budget.commitment;
        Stream<PlainItem> matching = items.filter(item -> matches(reserved, item));
        if (isSizeFlexible(reserved)) {
            matching.sorted(PlainItem.UNUSED_CAPACITY_LAST
                            .thenComparing(item -> factor(item.type))
                            .thenComparing(PlainItem.USAGE_ORDER))
                    .forEach(item -> cover(hour, budget, item, factor(item.type), Category.RI_COVERED));
        } else {
            matching.sorted(PlainItem.UNUSED_CAPACITY_LAST.thenComparing(PlainItem.USAGE_ORDER))
                    .forEach(item -> cover(hour, budget, item, BigFraction.ONE, Category.RI_COVERED));
        }
    }

    private static boolean matches(ReservedInstance reserved, PlainItem item) {
        if (item.kind == PlainItem.Kind.HOST || item.os != reserved.os() || item.tenancy != reserved.tenancy()) {
            return false;
        }
        boolean inScope = switch (reserved.scope()) {
            case Scheduled scheduled ->
                item.zone.equals(scheduled.zone()) && reserved.id().equals(item.scheduledInstanceId);
            case Zonal zonal -> item.zone.equals(zonal.zone()) && !item.inCapacityReservation;
            case Regional regional -> item.zone.region().equals(regional.region());
        };
        boolean ofType = isSizeFlexible(reserved)
                ? item.family.equals(reserved.type().family()) && factor(item.type) != null
                : item.type.equals(reserved.type());
        return inScope && ofType;
    }

    private static boolean isSizeFlexible(ReservedInstance reserved) {
        return reserved.scope() instanceof Regional
                && reserved.os() == OperatingSystem.LINUX
                && reserved.tenancy() == Tenancy.DEFAULT
                && !FAMILIES_WITHOUT_FLEXIBILITY.contains(reserved.type().family())
                && factor(reserved.type()) != null;
    }

    /** Null for a size that has none. */
    private static @Nullable BigFraction factor(InstanceType type) {
        String size = type.size();
        if (size.equals("metal")) {
            return factorOfMetal(type.family());
        }
        if (size.matches("[1-9][0-9]*xlarge")) {
            return BigFraction.of(8 * Integer.parseInt(size.replace("xlarge", "")));
        }
        return FACTORS.get(size);
    }

    private static @Nullable BigFraction factorOfMetal(String family) {
        if (family.startsWith("u-")) {
            return BigFraction.of(896);
        }
        for (Map.Entry<Integer, Set<String>> entry : FAMILIES_BY_FACTOR_OF_METAL.entrySet()) {
            if (entry.getValue().contains(family)) {
                return BigFraction.of(entry.getKey());
            }
        }
        return null;
    }

    /** EC2 Instance plans before Compute plans; within a kind, all owners' turns before all turns of others. */
    private void applyPlans(long hour, List<Budget<SavingsPlan>> budgets, List<PlainItem> items) {
        for (Class<?> kind : List.of(Ec2Instance.class, Compute.class)) {
            for (boolean own : List.of(true, false)) {
                for (Budget<SavingsPlan> budget : budgets) {
                    if (kind.isInstance(budget.commitment.coverage())) {
                        applyPlan(hour, budget, inReach(budget.commitment, own, items));
                    }
                }
            }
        }
    }

    private void applyPlan(long hour, Budget<SavingsPlan> budget, Stream<PlainItem> items) {
        SavingsPlan plan = budget.commitment;
        // The best percentage saves most, so pays the smallest share. (BigFraction compares negative ones the wrong
        // way.)
        Comparator<PlainItem> bestPercentageFirst =
                Comparator.comparing(item -> rate(plan, item).orElseThrow().divide(item.listRate));
        items.filter(item -> covers(plan, item))
                .sorted(PlainItem.UNUSED_CAPACITY_LAST
                        .thenComparing(bestPercentageFirst)
                        .thenComparing(item -> rate(plan, item).orElseThrow())
                        .thenComparing(PlainItem.USAGE_ORDER))
                .forEach(item -> cover(hour, budget, item, rate(plan, item).orElseThrow(), Category.SP_COVERED));
    }

    private boolean covers(SavingsPlan plan, PlainItem item) {
        boolean inScope = switch (plan.coverage()) {
            case Ec2Instance one ->
                item.family.equals(one.family()) && item.zone.region().equals(one.region());
            case Compute all -> true;
        };
        return inScope && rate(plan, item).isPresent();
    }

    private Optional<BigFraction> rate(SavingsPlan plan, PlainItem item) {
        Prices prices = scenario.prices();
        Optional<HourlyRate> rate = item.kind == PlainItem.Kind.HOST
                ? prices.savingsPlanHost(plan.id(), item.zone.region(), item.family)
                : prices.savingsPlan(plan.id(), item.zone.region(), item.type, item.os, item.tenancy);
        return rate.map(HourlyRate::exact);
    }

    /** The items of a commitment's owner, or those of the others in the organization. */
    private Stream<PlainItem> inReach(Commitment commitment, boolean own, List<PlainItem> items) {
        AccountId owner = commitment.account();
        Set<AccountId> organization = scenario.organizations().sharingWith(owner);
        return items.stream()
                .filter(item -> own ? item.account.equals(owner) : !item.account.equals(owner))
                .filter(item -> organization.contains(item.account));
    }

    /** Pays for as much of an item as is left of both; a second of it takes so much of the budget. */
    private void cover(long hour, Budget<?> budget, PlainItem item, BigFraction perSecond, Category category) {
        BigFraction affordable = budget.left.divide(perSecond);
        BigFraction seconds = affordable.compareTo(item.left) < 0 ? affordable : item.left;
        if (seconds.signum() == 0) {
            return;
        }
        BigFraction used = seconds.multiply(perSecond);
        budget.left = budget.left.subtract(used);
        item.left = item.left.subtract(seconds);
        rows.add(new RatedRow(
                Instant.ofEpochSecond(hour),
                item.account,
                category,
                item.id,
                budget.commitment.id(),
                PlainRating.seconds(seconds),
                PlainRating.costs(PlainRating.cost(item.listRate, seconds), BigFraction.ZERO, budget.effective(used))));
    }

    private void addUnused(long hour, Budget<?> budget, Category category) {
        if (budget.left.signum() > 0) {
            BigFraction effective = budget.effective(budget.left);
            addOfCommitment(hour, budget.commitment, category, BigFraction.ZERO, effective);
        }
    }

    private void chargeFees(
            long hour,
            Commitment commitment,
            BigFraction upfront,
            BigFraction hourly,
            Category upfrontRow,
            Category hourlyRow) {
        if (upfront.signum() > 0 && hour == firstHour(commitment)) {
            addOfCommitment(hour, commitment, upfrontRow, upfront, BigFraction.ZERO);
        }
        if (hourly.signum() > 0) {
            addOfCommitment(hour, commitment, hourlyRow, hourly, BigFraction.ZERO);
        }
    }

    private void addOfCommitment(
            long hour, Commitment commitment, Category category, BigFraction billed, BigFraction effective) {
        rows.add(new RatedRow(
                Instant.ofEpochSecond(hour),
                commitment.account(),
                category,
                null,
                commitment.id(),
                null,
                PlainRating.costs(BigFraction.ZERO, billed, effective)));
    }

    /** Those in whose term an hour is, by the hour their term starts, then id. */
    private static <C extends Commitment> List<C> inOrder(List<C> commitments, long hour) {
        return commitments.stream()
                .filter(commitment -> hour >= firstHour(commitment))
                .filter(commitment -> hour < firstHour(commitment) + hoursOf(commitment.term()) * PlainRating.HOUR)
                .sorted(Comparator.comparingLong((C commitment) -> firstHour(commitment))
                        .thenComparing(Commitment::id))
                .toList();
    }

    private static long firstHour(Commitment commitment) {
        long bought = commitment.term().bought().getEpochSecond();
        return bought - Math.floorMod(bought, PlainRating.HOUR);
    }

    private static long hoursOf(Term term) {
        return Duration.between(term.bought().truncatedTo(ChronoUnit.HOURS), term.end())
                .toHours();
    }

    private static BigFraction secondsOf(int count) {
        return BigFraction.of(count * PlainRating.HOUR);
    }
}
