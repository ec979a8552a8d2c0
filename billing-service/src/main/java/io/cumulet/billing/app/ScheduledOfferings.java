package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.ScheduleRules;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.SlotSchedule;
import io.cumulet.kernel.Tenancy;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The scheduled Reserved Instances that can be bought. No free list has their prices: AWS sold them 5 to 10 % below
 * On-Demand, so that here they cost 95 % of the On-Demand price in force.
 *
 * @see <a href="https://www.apptio.com/emerge/understanding-the-new-scheduled-instances-from-aws/">Understanding Scheduled
 *     Reserved Instances from AWS (2016)</a>
 */
@ApplicationScoped
public class ScheduledOfferings {

    /** As EC2 had them: Linux/UNIX and Windows. */
    public static final Set<OperatingSystem> SYSTEMS = Set.of(OperatingSystem.LINUX, OperatingSystem.WINDOWS);

    private static final BigDecimal SHARE_OF_ON_DEMAND = new BigDecimal("0.95");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONGEST_RANGE = Duration.ofDays(31);

    private final OnDemandPrices prices;

    public ScheduledOfferings(OnDemandPrices prices) {
        this.prices = prices;
    }

    /** Of what there is to be a schedule. */
    public record Kind(AvailabilityZone zone, InstanceType instanceType, OperatingSystem os) {}

    /** When its slots are, but for the first. */
    public record Pattern(Recurrence recurrence, int slotHours) {

        private Outcome<SlotSchedule> from(Instant firstSlot, Instant now) {
            Optional<Refusal> fault = ScheduleRules.startFault(firstSlot, now);
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
            Interval term = new Interval(firstSlot, new Term(firstSlot, 1).end());
            SlotSchedule schedule = new SlotSchedule(term, recurrence, slotHours);
            return ScheduleRules.fault(schedule)
                    .<Outcome<SlotSchedule>>map(Outcome::refused)
                    .orElseGet(() -> Outcome.done(schedule));
        }
    }

    /**
     * A schedule that can be bought.
     *
     * @param hourly USD for one in each hour of a slot
     * @param onDemand the price that this follows from
     */
    public record Available(Kind kind, SlotSchedule schedule, BigDecimal hourly, OnDemandPrice onDemand) {}

    /** The terms of a purchase at a moment. */
    public Outcome<Terms> terms(Kind kind, Pattern pattern, Instant firstSlot, int count, Instant now) {
        Optional<OnDemandPrice> price = price(kind, now);
        if (price.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.UNSUPPORTED,
                    "instanceType",
                    "The type " + kind.instanceType() + " with " + kind.os() + " is not on offer in "
                            + kind.zone().region() + ": it has no price there");
        }
        return pattern.from(firstSlot, now)
                .map(schedule -> new Terms.ScheduledInstances(
                        kind.zone(),
                        kind.instanceType(),
                        kind.os(),
                        pattern.recurrence(),
                        pattern.slotHours(),
                        count,
                        hourly(price.get())));
    }

    /**
     * The schedules that can be bought whose first slot begins in a range of time, ends included.
     *
     * @return a refusal if the range is none, or the pattern can't be bought whenever it begins
     */
    public Outcome<List<Available>> available(
            List<Kind> kinds, Pattern pattern, Instant earliest, Instant latest, Instant now) {
        if (latest.isBefore(earliest) || Duration.between(earliest, latest).compareTo(LONGEST_RANGE) > 0) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "latestTime",
                    "It is not before earliestTime, and at most " + LONGEST_RANGE.toDays() + " days after it");
        }
        Instant last = earlier(latest, ScheduleRules.lastStart(now));
        List<Available> available = new ArrayList<>();
        if (earliest.isAfter(last)) {
            return Outcome.done(available);
        }
        for (Instant start = onTheHour(later(earliest, now)); !start.isAfter(last); start = start.plus(HOUR)) {
            LocalDate day = start.atOffset(ZoneOffset.UTC).toLocalDate();
            if (!pattern.recurrence().isOn(day, day)) {
                continue;
            }
            switch (pattern.from(start, now)) {
                case Outcome.Refused<SlotSchedule>(Refusal refusal) -> {
                    return Outcome.refused(refusal);
                }
                case Outcome.Done<SlotSchedule>(SlotSchedule schedule) ->
                    kinds.forEach(kind -> price(kind, now)
                            .ifPresent(price -> available.add(new Available(kind, schedule, hourly(price), price))));
            }
        }
        return Outcome.done(available);
    }

    private Optional<OnDemandPrice> price(Kind kind, Instant at) {
        return prices.inForce(kind.zone().region(), kind.instanceType(), kind.os(), Tenancy.DEFAULT, at);
    }

    /** With all its digits. */
    private static BigDecimal hourly(OnDemandPrice price) {
        return price.hourly().usd().multiply(SHARE_OF_ON_DEMAND).stripTrailingZeros();
    }

    private static Instant onTheHour(Instant at) {
        Instant hour = at.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(at) ? hour : hour.plus(HOUR);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
