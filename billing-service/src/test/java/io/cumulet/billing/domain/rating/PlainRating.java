package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.OperatingSystem.Granularity;
import io.cumulet.kernel.SpotInterruptionPolicy;
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
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * The rules a second time, as plainly and slowly as can be, clock hour by clock hour and run by run: what the real rating
 * is compared with. It shares no code with it but the forms of scenario and row.
 */
final class PlainRating {

    static final long HOUR = 3_600;

    private final Scenario scenario;
    private final PlainCommitments commitments;
    private final List<RatedRow> rows = new ArrayList<>();

    private PlainRating(Scenario scenario) {
        this.scenario = scenario;
        this.commitments = new PlainCommitments(scenario, rows);
    }

    static List<RatedRow> rows(Scenario scenario) {
        PlainRating rating = new PlainRating(scenario);
        rating.rate();
        return rating.rows;
    }

    private record Use(InstanceUsage instance, Run run) {}

    private void rate() {
        List<Use> uses = new ArrayList<>();
        for (InstanceUsage instance : scenario.usage().instances()) {
            instance.runs().forEach(run -> uses.add(new Use(instance, run)));
        }
        uses.sort(Comparator.comparing((Use use) -> use.run().start())
                .thenComparing(use -> use.instance().id()));

        // Hours of the month before the period count, too: they use up the free tier.
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
            if (hour < scenario.period().from().getEpochSecond()) {
                for (Use use : uses) {
                    takeFromFreeTier(use, secondsIn(hour, use), freeUsed);
                }
            } else {
                rateHour(hour, uses, freeUsed);
            }
        }
        for (Use use : uses) {
            if (use.instance().market() == Market.SPOT) {
                rateSpot(use);
            }
        }
    }

    private void rateHour(long hour, List<Use> uses, Map<String, Long> freeUsed) {
        List<PlainItem> items = new ArrayList<>(hostsIn(hour));
        TreeSet<String> feePayers = new TreeSet<>();
        Map<String, Long> usedOfReservation = new HashMap<>();
        for (Use use : uses) {
            InstanceUsage instance = use.instance();
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
                rows.add(new RatedRow(
                        Instant.ofEpochSecond(hour),
                        instance.account(),
                        Category.DEDICATED_HOST_INSTANCE,
                        instance.id(),
                        null,
                        BigDecimal.valueOf(seconds),
                        Costs.ZERO));
                continue;
            }
            long free = takeFromFreeTier(use, seconds, freeUsed);
            PlainItem item = new PlainItem(instance, use.run(), onDemand(instance), seconds - free);
            if (free > 0) {
                BigFraction list = cost(item.listRate, BigFraction.of(free));
                add(hour, item, Category.FREE_TIER, BigFraction.of(free), list, BigFraction.ZERO);
            }
            items.add(item);
        }
        for (String payer : feePayers) {
            addRegionFee(hour, payer);
        }
        items.addAll(unusedCapacityIn(hour, usedOfReservation));

        commitments.rateHour(hour, items);

        for (PlainItem item : items) {
            if (item.left.signum() > 0) {
                BigFraction list = cost(item.listRate, item.left);
                add(hour, item, item.kind.ifNothingCovers, item.left, list, list);
            }
        }
    }

    private void addRegionFee(long hour, String payer) {
        String[] accountAndRegion = payer.split(" ");
        BigFraction fee = scenario.prices().dedicatedRegionFee().exact();
        rows.add(new RatedRow(
                Instant.ofEpochSecond(hour),
                new AccountId(accountAndRegion[0]),
                Category.DEDICATED_REGION_FEE,
                accountAndRegion[1],
                null,
                null,
                costs(fee, fee, fee)));
    }

    /** How many of a use's seconds are free; they are counted as used up. */
    private long takeFromFreeTier(Use use, long seconds, Map<String, Long> freeUsed) {
        InstanceUsage instance = use.instance();
        boolean eligible = scenario.freeTier().accounts().contains(instance.account())
                && scenario.freeTier().instanceTypes().contains(instance.type())
                && instance.tenancy() == Tenancy.DEFAULT
                && instance.scheduledInstanceId() == null
                && (instance.os() == OperatingSystem.LINUX || instance.os() == OperatingSystem.WINDOWS);
        if (!eligible) {
            return 0;
        }
        String key = instance.account() + " " + instance.os();
        long used = freeUsed.getOrDefault(key, 0L);
        long free = Math.min(seconds, scenario.freeTier().hoursPerMonth() * HOUR - used);
        freeUsed.put(key, used + free);
        return free;
    }

    private List<PlainItem> hostsIn(long hour) {
        List<PlainItem> items = new ArrayList<>();
        for (DedicatedHost host : scenario.usage().hosts()) {
            long start = host.allocated().getEpochSecond();
            long end = host.released() == null
                    ? scenario.knownUntil().getEpochSecond()
                    : Math.max(host.released().getEpochSecond(), start + 60);
            long seconds = overlap(hour, start, end);
            if (seconds > 0) {
                HourlyRate rate = scenario.prices()
                        .dedicatedHost(host.zone().region(), host.family())
                        .orElseThrow();
                items.add(new PlainItem(host, rate, seconds));
            }
        }
        return items;
    }

    private List<PlainItem> unusedCapacityIn(long hour, Map<String, Long> usedOfReservation) {
        List<PlainItem> items = new ArrayList<>();
        for (CapacityReservation reservation : scenario.usage().capacityReservations()) {
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
                items.add(new PlainItem(reservation, rate, unused));
            }
        }
        return items;
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
            Instant at = Instant.ofEpochSecond(begin);
            if (!scenario.period().contains(at)) {
                continue;
            }
            long used = Math.min(HOUR, end - begin);
            boolean free = interrupted && used < HOUR;
            if (free && scenario.spotInterruptionPolicy() == SpotInterruptionPolicy.FIRST_HOUR_FREE) {
                free = begin == start || !bySecond;
            }
            BigFraction seconds = BigFraction.of(free || bySecond ? used : HOUR);
            HourlyRate price = scenario.prices()
                    .spot(instance.zone(), instance.type(), instance.os(), at)
                    .orElseThrow();
            PlainItem item = new PlainItem(instance, use.run(), onDemand(instance), HOUR);
            BigFraction billed = free ? BigFraction.ZERO : cost(price.exact(), seconds);
            add(begin, item, Category.SPOT, seconds, cost(item.listRate, seconds), billed);
        }
    }

    private HourlyRate onDemand(InstanceUsage instance) {
        return scenario.prices()
                .onDemand(instance.zone().region(), instance.type(), instance.os(), instance.tenancy())
                .orElseThrow();
    }

    /** The billed seconds of an on-demand run in a clock hour. */
    private long secondsIn(long hour, Use use) {
        if (use.instance().market() == Market.SPOT) {
            return 0;
        }
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

    /** Adds a row that no commitment has to do with: what it costs is what is billed. */
    private void add(
            long at, PlainItem item, Category category, BigFraction seconds, BigFraction list, BigFraction billed) {
        rows.add(new RatedRow(
                Instant.ofEpochSecond(at),
                item.account,
                category,
                item.id,
                null,
                seconds(seconds),
                costs(list, billed, billed)));
    }

    static BigFraction cost(BigFraction hourly, BigFraction seconds) {
        return hourly.multiply(seconds).divide(HOUR);
    }

    /** Each cost rounded once. */
    static Costs costs(BigFraction list, BigFraction billed, BigFraction effective) {
        return new Costs(
                new Money(tenDecimals(list)), new Money(tenDecimals(billed)), new Money(tenDecimals(effective)));
    }

    /** Exact where they end, else ten decimals. */
    static BigDecimal seconds(BigFraction seconds) {
        BigInteger denominator = seconds.getDenominator();
        for (BigInteger prime : List.of(BigInteger.TWO, BigInteger.valueOf(5))) {
            while (denominator.mod(prime).signum() == 0) {
                denominator = denominator.divide(prime);
            }
        }
        return denominator.equals(BigInteger.ONE)
                ? new BigDecimal(seconds.getNumerator()).divide(new BigDecimal(seconds.getDenominator()))
                : tenDecimals(seconds);
    }

    private static BigDecimal tenDecimals(BigFraction exact) {
        return new BigDecimal(exact.getNumerator())
                .divide(new BigDecimal(exact.getDenominator()), 10, RoundingMode.HALF_EVEN);
    }
}
