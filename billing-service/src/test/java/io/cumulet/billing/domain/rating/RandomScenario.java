package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.billing.domain.rating.SavingsPlan.Coverage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A scenario made up from a seed, with a bit of everything in few hours, a few accounts and types, so that usage and
 * commitments meet: partial coverage, ties, fees that are 0, terms that begin or end in the period, hours with nothing.
 */
final class RandomScenario {

    /** Crosses the end of a month, so that the free tier begins anew. */
    static final Instant START = Instant.parse("2026-01-31T20:00:00Z");

    private static final List<AccountId> ALL_ACCOUNTS = Stream.of(
                    "111111111111", "222222222222", "333333333333", "444444444444")
            .map(AccountId::new)
            .toList();
    private static final List<AvailabilityZone> ALL_ZONES = Stream.of("us-east-1a", "us-east-1b", "eu-west-1a")
            .map(AvailabilityZone::new)
            .toList();

    /** Flexible families, with metal sizes that have a factor and that have none, and families that aren't flexible. */
    private static final List<List<InstanceType>> FAMILIES = Stream.of(
                    List.of("t2.micro", "t2.nano", "t2.small", "t2.medium"),
                    List.of("m5.large", "m5.xlarge", "m5.2xlarge", "m5.5xlarge", "m5.metal"),
                    List.of("m6i.large", "m6i.xlarge", "m6i.metal", "m6i.metal-16xl"),
                    List.of("g4dn.xlarge", "g4dn.2xlarge", "g4dn.metal"),
                    List.of("u-6tb1.metal", "u-6tb1.56xlarge"))
            .map(names -> names.stream().map(InstanceType::new).toList())
            .toList();

    /** Families that have a metal size, most of them one with a factor. */
    private static final List<String> WITH_METAL = List.of(
            ("a1 c5 c5d c5n c6g c6gd i3 i3en m5d m5dn m5n m5zn m6g m6gd r5 r5b r5d r5dn r5n r6g r6gd x2gd z1d c7g m7i r7iz"
                            + " g5g")
                    .split(" "));

    private final Random random;
    private final int size;
    private final Interval period;
    private final boolean isIdleInBetween;

    /** How many times as long as usual everything takes. */
    private final int stretch;

    private final List<AccountId> accounts;
    private final List<AvailabilityZone> zones;
    private final List<InstanceType> types = new ArrayList<>();
    private final List<OperatingSystem> systems;
    private final RandomPrices prices;
    private final List<Instant> termStarts = new ArrayList<>();

    /** A small scenario, in which every row can be looked at. */
    static Scenario of(long seed) {
        return of(seed, 1);
    }

    /** @param size how many times as much usage and as many commitments as a small one may have */
    static Scenario of(long seed, int size) {
        return new RandomScenario(new Random(seed), size).scenario();
    }

    private RandomScenario(Random random, int size) {
        this.random = random;
        this.size = size;
        // Neighbouring seeds give alike first numbers.
        random.nextLong();
        stretch = random.nextInt(12) == 0 ? 30 : 1;
        isIdleInBetween = stretch == 1 && random.nextInt(3) == 0;
        period = new Interval(START, START.plus(Duration.ofHours(isIdleInBetween ? 30 : 12 * stretch)));
        accounts = ALL_ACCOUNTS.subList(0, 2 + random.nextInt(3));
        zones = ALL_ZONES.subList(0, 1 + random.nextInt(3));
        for (int i = 0; i < 2; i++) {
            List<InstanceType> family = new ArrayList<>(random.nextInt(4) == 0 ? withMetal() : one(FAMILIES));
            Collections.shuffle(family, random);
            types.addAll(family.subList(0, 1 + random.nextInt(Math.min(3, family.size()))));
        }
        prices = new RandomPrices(random, zones, types);
        systems = random.nextBoolean()
                ? List.of(OperatingSystem.LINUX)
                : List.of(
                        OperatingSystem.LINUX,
                        OperatingSystem.LINUX,
                        OperatingSystem.WINDOWS,
                        OperatingSystem.WINDOWS,
                        OperatingSystem.SUSE,
                        OperatingSystem.RHEL);
    }

    private List<InstanceType> withMetal() {
        String family = one(WITH_METAL);
        return List.of(new InstanceType(family + ".4xlarge"), new InstanceType(family + ".metal"));
    }

    private Scenario scenario() {
        List<CapacityReservation> reservations = capacityReservations();
        List<DedicatedHost> hosts = hosts();
        List<InstanceUsage> instances = new ArrayList<>();
        int howMany = 2 + random.nextInt(14 * size);
        for (int i = 0; i < howMany; i++) {
            instances.add(instance(i, reservations, hosts));
        }
        Commitments commitments = random.nextInt(8) == 0
                ? Commitments.NONE
                : new Commitments(reservedInstances(instances), savingsPlans(), hostReservations());
        // Usage may be known beyond the period: a bill is split at a change of prices.
        Instant knownUntil = period.until().plusSeconds(random.nextInt(4) == 0 ? random.nextInt(20_000 * stretch) : 0);
        FreeTier freeTier =
                new FreeTier(Set.of(types.getFirst()), stretch * random.nextInt(7), Set.copyOf(accounts.subList(0, 2)));
        return new Scenario(
                period,
                knownUntil,
                prices.table(),
                new Usage(instances, reservations, hosts),
                commitments,
                new Organizations(organizations()),
                random.nextBoolean() ? freeTier : FreeTier.NONE,
                one(List.of(SpotInterruptionPolicy.values())));
    }

    private List<Set<AccountId>> organizations() {
        return switch (random.nextInt(4)) {
            case 0 -> List.of();
            case 1 -> List.of(Set.copyOf(accounts.subList(0, accounts.size() - 1)));
            case 2 -> List.of(Set.copyOf(ALL_ACCOUNTS.subList(0, 2)), Set.copyOf(ALL_ACCOUNTS.subList(2, 4)));
            default -> List.of(Set.copyOf(accounts));
        };
    }

    // ---- Usage

    private InstanceUsage instance(int number, List<CapacityReservation> reservations, List<DedicatedHost> hosts) {
        String place = "/instances/" + number;
        String id = "i-%04d".formatted(number);
        AccountId account = one(accounts);
        boolean isInReservation = !reservations.isEmpty() && random.nextInt(10) == 0;
        boolean isLikeReservation = !reservations.isEmpty() && random.nextInt(3) == 0;
        if (isLikeReservation) {
            // In it, or beside it; of any account, for a reservation may be shared.
            CapacityReservation model = one(reservations);
            return new InstanceUsage(
                    place,
                    id,
                    random.nextBoolean() ? model.account() : account,
                    model.type(),
                    model.os(),
                    model.tenancy(),
                    model.zone(),
                    Market.ON_DEMAND,
                    null,
                    random.nextBoolean() ? model.id() : null,
                    runs());
        }
        Market market = !isInReservation && random.nextInt(6) == 0 ? Market.SPOT : Market.ON_DEMAND;
        boolean isOnHost = market == Market.ON_DEMAND && random.nextInt(10) == 0;
        return new InstanceUsage(
                place,
                id,
                account,
                one(types),
                one(systems),
                isOnHost ? Tenancy.HOST : priceTenancy(),
                one(zones),
                market,
                isOnHost && !hosts.isEmpty() ? one(hosts).id() : null,
                // It runs there if it says so, even if it is of another type.
                isInReservation ? one(reservations).id() : null,
                runs());
    }

    private List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        Instant at = START.minus(Duration.ofHours(8L * stretch)).plusSeconds(random.nextInt(20_000 * stretch));
        if (random.nextInt(3) == 0) {
            at = START.plus(Duration.ofHours(random.nextInt(3)));
        }
        if (isIdleInBetween && random.nextBoolean()) {
            at = START.plus(Duration.ofHours(20)).plusSeconds(random.nextInt(30_000));
        }
        Instant idleFrom = START.plus(Duration.ofHours(12));
        boolean endsBeforeIdle = isIdleInBetween && at.isBefore(idleFrom);
        Instant until = endsBeforeIdle ? idleFrom : period.until();
        while (at.isBefore(until) && runs.size() < 5) {
            Instant stop = at.plusSeconds(
                    switch (random.nextInt(3)) {
                        case 0 -> 1 + random.nextInt(90);
                        case 1 -> 900L * (1 + random.nextInt(16 * stretch));
                        default -> 1 + random.nextInt(15_000 * stretch);
                    });
            if (endsBeforeIdle && stop.isAfter(until)) {
                stop = until;
            }
            boolean open = !endsBeforeIdle && random.nextInt(6) == 0;
            runs.add(new Run(
                    at, open ? null : stop, open || random.nextBoolean() ? EndedBy.USER : EndedBy.INTERRUPTION));
            if (open) {
                break;
            }
            // Soon again, so that several runs share an hour, or even a minute.
            at = stop.plusSeconds(random.nextInt(random.nextInt(3) == 0 ? 30 : 9_000 * stretch));
        }
        return runs;
    }

    private List<CapacityReservation> capacityReservations() {
        List<CapacityReservation> reservations = new ArrayList<>();
        int howMany = random.nextInt(3 * size);
        for (int i = 0; i < howMany; i++) {
            Instant start = moment();
            reservations.add(new CapacityReservation(
                    "/capacityReservations/" + i,
                    "cr-" + i,
                    one(accounts),
                    one(types),
                    one(systems),
                    priceTenancy(),
                    one(zones),
                    1 + random.nextInt(3),
                    start,
                    end(start, 20_000 * stretch)));
        }
        return reservations;
    }

    private List<DedicatedHost> hosts() {
        List<DedicatedHost> hosts = new ArrayList<>();
        int howMany = random.nextInt(4 * size);
        for (int i = 0; i < howMany; i++) {
            Instant allocated = moment();
            hosts.add(new DedicatedHost(
                    "/dedicatedHosts/" + i,
                    "h-" + i,
                    one(accounts.subList(0, 2)),
                    one(types).family(),
                    one(zones),
                    allocated,
                    end(allocated, 9_000 * stretch)));
        }
        return hosts;
    }

    /** Null if it goes on, which it doesn't when everything rests in between. */
    private Instant end(Instant start, int maximumSeconds) {
        return random.nextBoolean() && !isIdleInBetween ? null : start.plusSeconds(1 + random.nextInt(maximumSeconds));
    }

    private Instant moment() {
        Instant moment = START.minus(Duration.ofHours(2L * stretch)).plusSeconds(random.nextInt(30_000 * stretch));
        return isIdleInBetween && random.nextBoolean() ? moment.plus(Duration.ofHours(20)) : moment;
    }

    // ---- Commitments

    /** Each for something that runs, though perhaps in another size. */
    private List<ReservedInstance> reservedInstances(List<InstanceUsage> instances) {
        List<ReservedInstance> reserved = new ArrayList<>();
        List<Integer> ids = ids();
        int howMany = random.nextInt(6 * size);
        for (int i = 0; i < howMany; i++) {
            InstanceUsage model = one(instances);
            AvailabilityZone zone = model.zone();
            reserved.add(new ReservedInstance(
                    "/reservedInstances/" + i,
                    "ri-" + ids.get(i),
                    random.nextBoolean() ? model.account() : one(accounts),
                    random.nextBoolean() ? model.type() : one(types),
                    model.os(),
                    model.tenancy() == Tenancy.HOST ? Tenancy.DEFAULT : model.tenancy(),
                    random.nextInt(3) == 0
                            ? new ReservedInstance.Zonal(zone)
                            : new ReservedInstance.Regional(zone.region()),
                    count(),
                    term(),
                    fees()));
        }
        return reserved;
    }

    private List<SavingsPlan> savingsPlans() {
        List<SavingsPlan> plans = new ArrayList<>();
        List<Integer> ids = ids();
        int howMany = random.nextInt(4 * size);
        for (int i = 0; i < howMany; i++) {
            Coverage coverage = random.nextBoolean()
                    ? new SavingsPlan.Compute()
                    : new SavingsPlan.Ec2Instance(
                            one(types).family(), one(zones).region());
            String commitment = one(List.of("0", "0.000000000001", "0.003", "0.05", "0.1", "0.4", "1.5", "60"));
            SavingsPlan plan = new SavingsPlan(
                    "/savingsPlans/" + i,
                    "sp-" + ids.get(i),
                    one(accounts),
                    coverage,
                    HourlyRate.of(commitment),
                    one(List.of(PaymentOption.values())),
                    term());
            prices.addRates(plan);
            plans.add(plan);
        }
        return plans;
    }

    private List<HostReservation> hostReservations() {
        List<HostReservation> reservations = new ArrayList<>();
        List<Integer> ids = ids();
        int howMany = random.nextInt(3 * size);
        for (int i = 0; i < howMany; i++) {
            reservations.add(new HostReservation(
                    "/hostReservations/" + i,
                    // An id is unique among its kind only.
                    (random.nextInt(10) == 0 ? "ri-" : "hr-") + ids.get(i),
                    one(accounts.subList(0, 2)),
                    one(types).family(),
                    one(zones).region(),
                    1 + random.nextInt(2),
                    term(),
                    fees()));
        }
        return reservations;
    }

    /** Numbers whose order says nothing about the order in which they are given out. */
    private List<Integer> ids() {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 12 * size; i++) {
            ids.add(i);
        }
        Collections.shuffle(ids, random);
        return ids;
    }

    /** Long before the period or inside of it, ending inside of it, or in the same hour as another term. */
    private Term term() {
        int years = random.nextInt(3) == 0 ? 3 : 1;
        Instant inPeriod =
                period.from().plusSeconds(random.nextLong(period.length().toSeconds()));
        Instant bought = switch (random.nextInt(6)) {
            case 0 -> inPeriod;
            case 1 -> inPeriod.minus(Duration.ofHours(years * 8_760L));
            case 2, 3 -> termStarts.isEmpty() ? inPeriod : one(termStarts).plusSeconds(random.nextInt(900));
            default -> START.minusSeconds(random.nextInt(300 * 86_400));
        };
        termStarts.add(bought);
        Term agreed = new Term(bought, years);
        return random.nextInt(5) == 0 ? new Term(bought, endedEarly(agreed)) : agreed;
    }

    /** In the period if it can be, at the end of the first hour at the earliest. */
    private Instant endedEarly(Term agreed) {
        Instant end = period.from().plus(Duration.ofHours(random.nextInt(48)));
        Instant earliest = agreed.from().plus(Duration.ofHours(1));
        return end.isBefore(earliest) || end.isAfter(agreed.end()) ? earliest : end;
    }

    private Fees fees() {
        BigDecimal upfront = new BigDecimal(one(List.of("0", "0", "262.8", "972.36", "100")));
        BigDecimal hourly = new BigDecimal(one(List.of("0", "0.03", "0.062", "0.0417")));
        Fees fees = new Fees(Money.exact(upfront), Money.exact(hourly));
        // As of what took the place of another commitment: no finite decimals.
        return random.nextInt(4) == 0
                ? new Fees(
                        fees.upfront(),
                        fees.spread().multiply(BigFraction.of(random.nextInt(9), 7)),
                        fees.hourly().divide(3))
                : fees;
    }

    private int count() {
        return random.nextInt(8) == 0 ? one(List.of(20, 20, Integer.MAX_VALUE)) : 1 + random.nextInt(3);
    }

    private Tenancy priceTenancy() {
        return random.nextInt(4) == 0 ? Tenancy.DEDICATED : Tenancy.DEFAULT;
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
