package io.cumulet.billing.domain.recommendations;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * What nobody's commitment pays for in the hours of a period, by what it costs.
 *
 * @param hours how many hours the period has
 * @param secondsByHour the seconds of each kind by hour, counted from 0; hours without usage are left out
 */
public record OnDemandUsage(long hours, Map<Long, Map<Kind, BigDecimal>> secondsByHour) {

    private static final Duration HOUR = Duration.ofHours(1);

    /** Usage that commitments to a region can't tell apart. */
    public record Kind(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, HourlyRate onDemand) {}

    public static OnDemandUsage of(Charges charges, Interval period) {
        Map<Long, Map<Kind, BigDecimal>> secondsByHour = new HashMap<>();
        for (Charge charge : charges.charges()) {
            MeteredThing thing = charge.thing();
            HourlyRate onDemand = charge.rate();
            BigDecimal seconds = charge.segment().first().seconds();
            if (charge.category() != Category.ON_DEMAND || thing == null || onDemand == null || seconds == null) {
                continue;
            }
            Kind kind = new Kind(thing.region(), thing.instanceType(), thing.os(), thing.tenancy(), onDemand);
            long first = Duration.between(period.from(), charge.from()).dividedBy(HOUR);
            for (long hour = first; hour < first + charge.hours(); hour++) {
                secondsByHour.computeIfAbsent(hour, at -> new HashMap<>()).merge(kind, seconds, BigDecimal::add);
            }
        }
        return new OnDemandUsage(period.length().dividedBy(HOUR), secondsByHour);
    }

    /** What it costs. */
    public BigFraction cost() {
        BigFraction cost = BigFraction.ZERO;
        for (Map<Kind, BigDecimal> kinds : secondsByHour.values()) {
            for (Map.Entry<Kind, BigDecimal> used : kinds.entrySet()) {
                cost = cost.add(used.getKey().onDemand().costOf(Money.exact(used.getValue())));
            }
        }
        return cost;
    }

    /** What the period would cost under a plan, by its commitment; what the plan has no rate for plays no part. */
    public PlanCurve curve(Function<Kind, Optional<HourlyRate>> planRate) {
        Map<Long, List<PlanCurve.Usage>> usage = new HashMap<>();
        secondsByHour.forEach((hour, kinds) -> {
            List<PlanCurve.Usage> covered = new ArrayList<>();
            kinds.forEach((kind, seconds) -> planRate.apply(kind).ifPresent(rate -> {
                BigFraction ofHours = Money.exact(seconds).divide(HOUR.toSeconds());
                covered.add(new PlanCurve.Usage(
                        rate.exact().multiply(ofHours), kind.onDemand().exact().multiply(ofHours)));
            }));
            usage.put(hour, covered);
        });
        return PlanCurve.of(hours, usage);
    }
}
