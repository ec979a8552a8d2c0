package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.OperatingSystem.Granularity;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The rules a second time, as plainly and slowly as can be, second counts by clock hour for every run: what the real
 * rating is compared with. It shares no code with it but the forms of scenario and row.
 */
final class PlainRating {

    private static final long HOUR = 3_600;

    private final Scenario scenario;
    private final List<RatedRow> rows = new ArrayList<>();

    private PlainRating(Scenario scenario) {
        this.scenario = scenario;
    }

    static List<RatedRow> rows(Scenario scenario) {
        PlainRating rating = new PlainRating(scenario);
        rating.rate();
        rating.rows.sort(RatedRow.ORDER
                .thenComparing(row -> row.seconds() == null ? BigDecimal.ZERO : row.seconds())
                .thenComparing(row -> row.costs().billed()));
        return rating.rows;
    }

    private record Use(InstanceUsage instance, int number, Run run) {}

    private void rate() {
        List<Use> uses = new ArrayList<>();
        for (InstanceUsage instance : scenario.instances()) {
            for (int i = 0; i < instance.runs().size(); i++) {
                uses.add(new Use(instance, i, instance.runs().get(i)));
            }
        }
        uses.sort(Comparator.comparing((Use use) -> use.run().start())
                .thenComparing(use -> use.instance().id())
                .thenComparing(Use::number));

        long monthOfPeriod = scenario.period()
                .from()
                .atOffset(ZoneOffset.UTC)
                .withDayOfMonth(1)
                .withHour(0)
                .toEpochSecond();
        Map<String, Long> freeUsed = new HashMap<>();
        String month = "";
        for (long hour = monthOfPeriod; hour < scenario.period().until().getEpochSecond(); hour += HOUR) {
            String thisMonth = Instant.ofEpochSecond(hour).toString().substring(0, 7);
            if (!thisMonth.equals(month)) {
                freeUsed.clear();
                month = thisMonth;
            }
            rateHour(hour, uses, freeUsed, hour >= scenario.period().from().getEpochSecond());
        }
        for (Use use : uses) {
            if (use.instance().market() == Market.SPOT) {
                rateSpot(use);
            }
        }
    }

    private void rateHour(long hour, List<Use> uses, Map<String, Long> freeUsed, boolean inPeriod) {
        TreeSet<String> feePayers = new TreeSet<>();
        Map<String, Long> usedOfReservation = new HashMap<>();
        for (Use use : uses) {
            InstanceUsage instance = use.instance();
            if (instance.market() == Market.SPOT) {
                continue;
            }
            long seconds = secondsIn(hour, use);
            if (seconds == 0) {
                continue;
            }
            if (instance.capacityReservationId() != null) {
                usedOfReservation.merge(instance.capacityReservationId(), seconds, Long::sum);
            }
            if (instance.tenancy() == Tenancy.DEDICATED) {
                feePayers.add(instance.account() + " " + instance.zone().region());
            }
            if (instance.tenancy() == Tenancy.HOST) {
                if (inPeriod) {
                    add(hour, instance.account(), Category.DEDICATED_HOST_INSTANCE, instance.id(), seconds, null, null);
                }
                continue;
            }
            long free = 0;
            boolean eligible = scenario.freeTier().accounts().contains(instance.account())
                    && scenario.freeTier().instanceTypes().contains(instance.type())
                    && instance.tenancy() == Tenancy.DEFAULT
                    && (instance.os() == OperatingSystem.LINUX || instance.os() == OperatingSystem.WINDOWS);
            if (eligible) {
                String key = instance.account() + " " + instance.os();
                long used = freeUsed.getOrDefault(key, 0L);
                free = Math.min(seconds, scenario.freeTier().hoursPerMonth() * HOUR - used);
                freeUsed.put(key, used + free);
            }
            if (inPeriod) {
                HourlyRate rate = scenario.prices()
                        .onDemand(instance.zone().region(), instance.type(), instance.os(), instance.tenancy())
                        .orElseThrow();
                if (free > 0) {
                    add(hour, instance.account(), Category.FREE_TIER, instance.id(), free, rate, null);
                }
                if (seconds > free) {
                    add(hour, instance.account(), Category.ON_DEMAND, instance.id(), seconds - free, rate, rate);
                }
            }
        }
        if (!inPeriod) {
            return;
        }
        for (String payer : feePayers) {
            String[] parts = payer.split(" ");
            Money fee = new Money(scenario.prices().dedicatedRegionFee().usd());
            rows.add(new RatedRow(
                    Instant.ofEpochSecond(hour),
                    new AccountId(parts[0]),
                    Category.DEDICATED_REGION_FEE,
                    parts[1],
                    null,
                    null,
                    new Costs(fee, fee, fee)));
        }
        for (DedicatedHost host : scenario.dedicatedHosts()) {
            long start = host.allocated().getEpochSecond();
            long end = host.released() == null
                    ? scenario.knownUntil().getEpochSecond()
                    : Math.max(host.released().getEpochSecond(), start + 60);
            long seconds = overlap(hour, start, end);
            if (seconds > 0) {
                HourlyRate rate = scenario.prices()
                        .dedicatedHost(host.zone().region(), host.family())
                        .orElseThrow();
                add(hour, host.account(), Category.DEDICATED_HOST, host.id(), seconds, rate, rate);
            }
        }
        for (CapacityReservation reservation : scenario.capacityReservations()) {
            long end = reservation.end() == null
                    ? scenario.knownUntil().getEpochSecond()
                    : reservation.end().getEpochSecond();
            long held = overlap(hour, reservation.start().getEpochSecond(), end) * reservation.count();
            long unused = held - usedOfReservation.getOrDefault(reservation.id(), 0L);
            if (unused > 0) {
                HourlyRate rate = scenario.prices()
                        .onDemand(
                                reservation.zone().region(),
                                reservation.type(),
                                reservation.os(),
                                reservation.tenancy())
                        .orElseThrow();
                add(
                        hour,
                        reservation.account(),
                        Category.UNUSED_CAPACITY_RESERVATION,
                        reservation.id(),
                        unused,
                        rate,
                        rate);
            }
        }
    }

    private void rateSpot(Use use) {
        InstanceUsage instance = use.instance();
        boolean bySecond = instance.os().granularity() == Granularity.PER_SECOND;
        long start = use.run().start().getEpochSecond();
        boolean open = use.run().stop() == null;
        boolean interrupted = !open && use.run().endedBy() == EndedBy.INTERRUPTION;
        long end =
                open ? scenario.knownUntil().getEpochSecond() : use.run().stop().getEpochSecond();
        if (!open && !interrupted && bySecond && end < start + 60) {
            end = start + 60;
        }
        for (long begin = start; begin < end; begin += HOUR) {
            if (!scenario.period().contains(Instant.ofEpochSecond(begin))) {
                continue;
            }
            long used = Math.min(HOUR, end - begin);
            boolean free = interrupted && used < HOUR;
            if (free && scenario.spotInterruptionPolicy() == SpotInterruptionPolicy.FIRST_HOUR_FREE) {
                free = begin == start || !bySecond;
            }
            long seconds = free || bySecond ? used : HOUR;
            HourlyRate price = scenario.prices()
                    .spot(instance.zone(), instance.type(), instance.os(), Instant.ofEpochSecond(begin))
                    .orElseThrow();
            HourlyRate list = scenario.prices()
                    .onDemand(instance.zone().region(), instance.type(), instance.os(), instance.tenancy())
                    .orElseThrow();
            add(begin, instance.account(), Category.SPOT, instance.id(), seconds, list, free ? null : price);
        }
    }

    private long secondsIn(long hour, Use use) {
        long start = use.run().start().getEpochSecond();
        Instant stop = use.run().stop();
        long end = stop == null ? scenario.knownUntil().getEpochSecond() : stop.getEpochSecond();
        if (use.instance().os().granularity() == Granularity.PER_SECOND) {
            return overlap(hour, start, stop == null ? end : Math.max(end, start + 60));
        }
        long seconds = 0;
        for (long begun = start; begun < end; begun += HOUR) {
            seconds += begun >= hour && begun < hour + HOUR ? HOUR : 0;
        }
        return seconds;
    }

    private static long overlap(long hour, long start, long end) {
        return Math.max(0, Math.min(hour + HOUR, end) - Math.max(hour, start));
    }

    /** With decimals instead of fractions: seconds × rate / 3600, half even at the tenth. */
    private void add(
            long at,
            AccountId account,
            Category category,
            String resourceId,
            long seconds,
            HourlyRate list,
            HourlyRate billed) {
        rows.add(new RatedRow(
                Instant.ofEpochSecond(at),
                account,
                category,
                resourceId,
                null,
                new BigDecimal(BigInteger.valueOf(seconds)),
                new Costs(cost(list, seconds), cost(billed, seconds), cost(billed, seconds))));
    }

    private static Money cost(HourlyRate rate, long seconds) {
        return rate == null
                ? Money.ZERO
                : new Money(rate.usd()
                        .multiply(BigDecimal.valueOf(seconds))
                        .divide(BigDecimal.valueOf(HOUR), 10, RoundingMode.HALF_EVEN));
    }
}
