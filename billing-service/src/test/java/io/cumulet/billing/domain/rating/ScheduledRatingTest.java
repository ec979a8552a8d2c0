package io.cumulet.billing.domain.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reserved Instances that are charged and pay in time slots alone. */
class ScheduledRatingTest {

    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");
    private static final AccountId OWNER = new AccountId("000000000001");
    private static final AccountId MEMBER = new AccountId("000000000002");
    private static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1a");
    private static final InstanceType TYPE = new InstanceType("m4.large");
    private static final InstanceType MICRO = new InstanceType("t2.micro");

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aPlainSecondProgramGivesTheSameRowsAndEachHourOfASlotItsWholeFee(long seed) {
        Scenario scenario = withSchedules(RandomScenario.of(seed, 1), new Random(seed));

        List<RatedRow> rows = rows(scenario);
        assertThat(texts(rows.stream())).isEqualTo(texts(PlainRating.rows(scenario).stream()));

        for (ReservedInstance reserved : scenario.commitments().reservedInstances()) {
            if (reserved.scope() instanceof ReservedInstance.Scheduled scheduled) {
                Set<Instant> inSlots = new TreeSet<>();
                for (Instant hour = scenario.period().from();
                        hour.isBefore(scenario.period().until());
                        hour = hour.plusSeconds(3_600)) {
                    Instant at = hour;
                    if (scheduled.slots().stream().anyMatch(slot -> slot.contains(at))) {
                        inSlots.add(hour);
                    }
                }
                assertThat(spread(rows, reserved, inSlots)).isEqualTo(inSlots);
            }
        }
    }

    /** The hours in which a reservation has rows; in each, what is covered and unused make up its fee. */
    private static Set<Instant> spread(List<RatedRow> all, ReservedInstance reserved, Set<Instant> inSlots) {
        Set<Instant> hours = new TreeSet<>();
        for (Instant hour : inSlots) {
            BigFraction spread = BigFraction.ZERO;
            int rows = 0;
            for (RatedRow row : all) {
                if (reserved.id().equals(row.commitmentId())
                        && row.account().equals(reserved.account())
                        && row.chargePeriodStart().equals(hour)) {
                    spread = spread.add(Money.exact(row.costs().effective().usd()));
                    rows++;
                }
            }
            BigFraction bound = BigFraction.of(rows, 20_000_000_000L);
            assertThat(spread.subtract(reserved.fees().hourly()).abs())
                    .as(reserved.id() + "@" + hour)
                    .isLessThanOrEqualTo(bound);
            hours.add(hour);
        }
        all.stream()
                .filter(row -> reserved.id().equals(row.commitmentId()))
                .forEach(row -> hours.add(row.chargePeriodStart()));
        return hours;
    }

    @Test
    void aSlotIsChargedUsedOrNotAndTheTimeAroundItIsNot() {
        // In the slot from 2 to 4 an instance runs for half an hour; and one that wasn't launched into it all the time.
        Instant two = MIDNIGHT.plus(Duration.ofHours(2));
        assertThat(texts(rows(scenario(
                                FreeTier.NONE,
                                Organizations.NONE,
                                List.of(reserved(TYPE, 1, new Interval(two, two.plus(Duration.ofHours(2))))),
                                instance("i-in", OWNER, TYPE, "sched", two, Duration.ofMinutes(30)),
                                instance("i-out", OWNER, TYPE, null, two, Duration.ofHours(2))))
                        .stream()))
                .containsExactlyInAnyOrder(
                        "2026-03-01T02:00:00Z ri-recurring - sched - 0/0.095/0",
                        "2026-03-01T03:00:00Z ri-recurring - sched - 0/0.095/0",
                        "2026-03-01T02:00:00Z ri-covered i-in sched 1800 0.05/0/0.0475",
                        "2026-03-01T02:00:00Z ri-unused - sched - 0/0/0.0475",
                        "2026-03-01T03:00:00Z ri-unused - sched - 0/0/0.095",
                        "2026-03-01T02:00:00Z on-demand i-out - 3600 0.1/0.1/0.1",
                        "2026-03-01T03:00:00Z on-demand i-out - 3600 0.1/0.1/0.1");
    }

    @Test
    void itPaysForItsOwnInstancesBeforeOtherReservedInstancesAndForNoMoreThanWereBought() {
        Interval slot = new Interval(MIDNIGHT, MIDNIGHT.plus(Duration.ofHours(1)));
        ReservedInstance zonal = new ReservedInstance(
                "/ri/1",
                "a-zonal",
                OWNER,
                TYPE,
                OperatingSystem.LINUX,
                Tenancy.DEFAULT,
                new ReservedInstance.Zonal(ZONE),
                1,
                new Term(MIDNIGHT.minus(Duration.ofDays(1)), 1),
                fees("0.06"));
        // Two of its own, one instance bought: the later one falls to the other reservation.
        assertThat(texts(rows(scenario(
                                FreeTier.NONE,
                                Organizations.NONE,
                                List.of(zonal, reserved(TYPE, 1, slot)),
                                instance("i-1", OWNER, TYPE, "sched", MIDNIGHT, Duration.ofHours(1)),
                                instance("i-2", OWNER, TYPE, "sched", MIDNIGHT.plusSeconds(1), Duration.ofMinutes(20))))
                        .stream()))
                .contains(
                        "2026-03-01T00:00:00Z ri-covered i-1 sched 3600 0.1/0/0.095",
                        "2026-03-01T00:00:00Z ri-covered i-2 a-zonal 1200 0.0333333333/0/0.02",
                        "2026-03-01T00:00:00Z ri-unused - a-zonal - 0/0/0.04");
    }

    @Test
    void anotherMembersInstanceIsNotPaidForAndNothingInASlotIsFreeOfCharge() {
        Interval slot = new Interval(MIDNIGHT, MIDNIGHT.plus(Duration.ofHours(1)));
        assertThat(texts(rows(scenario(
                                new FreeTier(Set.of(MICRO), 750, Set.of(OWNER)),
                                new Organizations(List.of(Set.of(OWNER, MEMBER))),
                                List.of(reserved(MICRO, 2, slot)),
                                instance("i-own", OWNER, MICRO, "sched", MIDNIGHT, Duration.ofHours(1)),
                                instance("i-other", MEMBER, MICRO, "sched", MIDNIGHT, Duration.ofHours(1))))
                        .stream()))
                .containsExactlyInAnyOrder(
                        "2026-03-01T00:00:00Z ri-recurring - sched - 0/0.19/0",
                        "2026-03-01T00:00:00Z ri-covered i-own sched 3600 0.0116/0/0.095",
                        "2026-03-01T00:00:00Z ri-unused - sched - 0/0/0.095",
                        "2026-03-01T00:00:00Z on-demand i-other - 3600 0.0116/0.0116/0.0116");
    }

    // ---- Scenarios

    private static ReservedInstance reserved(InstanceType type, int count, Interval... slots) {
        return new ReservedInstance(
                "/ri/0",
                "sched",
                OWNER,
                type,
                OperatingSystem.LINUX,
                Tenancy.DEFAULT,
                new ReservedInstance.Scheduled(ZONE, List.of(slots)),
                count,
                new Term(MIDNIGHT, 1),
                fees("0.095"));
    }

    private static Fees fees(String hourly) {
        return new Fees(BigFraction.ZERO, Money.exact(new BigDecimal(hourly)));
    }

    private static InstanceUsage instance(
            String id,
            AccountId account,
            InstanceType type,
            @Nullable String scheduledInstanceId,
            Instant start,
            Duration length) {
        return new InstanceUsage(
                "/instances/" + id,
                id,
                account,
                type,
                OperatingSystem.LINUX,
                Tenancy.DEFAULT,
                ZONE,
                Market.ON_DEMAND,
                null,
                null,
                scheduledInstanceId,
                List.of(new Run(start, start.plus(length), EndedBy.USER)));
    }

    private static Scenario scenario(
            FreeTier freeTier,
            Organizations organizations,
            List<ReservedInstance> reserved,
            InstanceUsage... instances) {
        PriceTable prices = new PriceTable();
        Region region = ZONE.region();
        prices.addOnDemand(region, TYPE, OperatingSystem.LINUX, Tenancy.DEFAULT, HourlyRate.of("0.1"));
        prices.addOnDemand(region, MICRO, OperatingSystem.LINUX, Tenancy.DEFAULT, HourlyRate.of("0.0116"));
        Interval day = new Interval(MIDNIGHT, MIDNIGHT.plus(Duration.ofDays(1)));
        return new Scenario(
                day,
                day.until(),
                prices,
                Usage.of(List.of(instances)),
                new Commitments(reserved, List.of(), List.of()),
                organizations,
                freeTier,
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);
    }

    /** Makes schedules of some of a scenario's Reserved Instances, and launches some of its instances into them. */
    private static Scenario withSchedules(Scenario scenario, Random random) {
        List<InstanceUsage> instances = new ArrayList<>(scenario.usage().instances());
        List<ReservedInstance> reserved = new ArrayList<>();
        for (ReservedInstance one : scenario.commitments().reservedInstances()) {
            if (random.nextInt(3) == 0) {
                reserved.add(one);
                continue;
            }
            InstanceUsage like = instances.get(random.nextInt(instances.size()));
            reserved.add(new ReservedInstance(
                    one.place(),
                    one.id(),
                    like.account(),
                    like.type(),
                    like.os(),
                    one.tenancy(),
                    new ReservedInstance.Scheduled(like.zone(), slots(scenario.period(), random)),
                    one.count(),
                    new Term(scenario.period().from(), 1),
                    new Fees(BigFraction.ZERO, one.unitFees().hourly())));
            instances.replaceAll(instance ->
                    instance.market() == Market.ON_DEMAND && (instance.equals(like) || random.nextInt(6) == 0)
                            ? launchedInto(one.id(), instance)
                            : instance);
        }
        return new Scenario(
                scenario.period(),
                scenario.knownUntil(),
                scenario.prices(),
                new Usage(
                        instances,
                        scenario.usage().capacityReservations(),
                        scenario.usage().hosts()),
                new Commitments(
                        reserved,
                        scenario.commitments().savingsPlans(),
                        // Rows tell commitments apart by id alone.
                        scenario.commitments().hostReservations().stream()
                                .filter(one -> reserved.stream()
                                        .noneMatch(other -> other.id().equals(one.id())))
                                .toList()),
                scenario.organizations(),
                scenario.freeTier(),
                scenario.spotInterruptionPolicy());
    }

    private static List<Interval> slots(Interval period, Random random) {
        List<Interval> slots = new ArrayList<>();
        Instant start = period.from().plus(Duration.ofHours(random.nextInt(3)));
        while (start.isBefore(period.until())) {
            Instant end = start.plus(Duration.ofHours(1L + random.nextInt(4)));
            slots.add(new Interval(start, end));
            start = end.plus(Duration.ofHours(random.nextInt(4)));
        }
        return slots;
    }

    private static InstanceUsage launchedInto(String scheduledInstanceId, InstanceUsage instance) {
        return new InstanceUsage(
                instance.place(),
                instance.id(),
                instance.account(),
                instance.type(),
                instance.os(),
                instance.tenancy(),
                instance.zone(),
                instance.market(),
                instance.hostId(),
                instance.capacityReservationId(),
                scheduledInstanceId,
                instance.runs());
    }

    private static List<RatedRow> rows(Scenario scenario) {
        return StreamSupport.stream(Rating.rate(scenario).rows().spliterator(), false)
                .toList();
    }

    private static List<String> texts(Stream<RatedRow> rows) {
        return rows.map(row -> String.join(
                        " ",
                        row.chargePeriodStart().toString(),
                        row.category().code(),
                        row.resourceId() == null ? "-" : row.resourceId(),
                        row.commitmentId() == null ? "-" : row.commitmentId(),
                        row.seconds() == null
                                ? "-"
                                : row.seconds().stripTrailingZeros().toPlainString(),
                        row.costs().list() + "/" + row.costs().billed() + "/"
                                + row.costs().effective()))
                .sorted()
                .toList();
    }
}
