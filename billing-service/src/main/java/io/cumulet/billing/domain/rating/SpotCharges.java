package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.SpotRunHours;
import java.time.Instant;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * Spot instances, by instance-hours counted from the run's start, each at its pool's price in force when it begins. An
 * instance-hour belongs to the period in which it begins, whole. No other purchasing option touches spot.
 *
 * @see SpotRunHours
 */
final class SpotCharges {

    private static final long HOUR = RatedSegment.STEP_SECONDS;

    private final Scenario scenario;
    private final Ledger ledger;

    SpotCharges(Scenario scenario, Ledger ledger) {
        this.scenario = scenario;
        this.ledger = ledger;
    }

    void rate(InstanceUsage instance) {
        HourlyRate listRate = scenario.prices()
                .onDemand(instance.zone().region(), instance.type(), instance.os(), instance.tenancy())
                .orElse(null);
        for (int number = 0; number < instance.runs().size(); number++) {
            Run run = instance.runs().get(number);
            rateRun(instance, run, new UsageOwner.InstanceRun(instance, number, run.start()), listRate);
        }
    }

    private void rateRun(InstanceUsage instance, Run run, UsageOwner.InstanceRun owner, @Nullable HourlyRate listRate) {
        Interval period = scenario.period();
        SpotRunHours hours = hours(instance, run);
        long hoursBefore = Math.max(0, Math.ceilDiv(period.from().getEpochSecond() - hours.begin(0), HOUR));
        long count = hours.count();
        Alike last = null;
        for (long index = hoursBefore; index < count; index++) {
            long begin = hours.begin(index);
            if (begin >= period.until().getEpochSecond()) {
                break;
            }
            Instant at = Instant.ofEpochSecond(begin);
            Optional<HourlyRate> price = scenario.prices().spot(instance.zone(), instance.type(), instance.os(), at);
            if (price.isEmpty() || listRate == null) {
                ledger.addUnrated(
                        owner,
                        at,
                        price.isEmpty()
                                ? "No spot price is known for %s/%s/%s at %s"
                                        .formatted(instance.zone(), instance.type(), instance.os(), at)
                                : "No on-demand price is known for it, which its list cost needs");
                continue;
            }
            boolean free = hours.isFree(index);
            long seconds = hours.seconds(index);
            if (last == null || free || !last.isExtendedBy(begin, seconds, price.get())) {
                write(last);
                last = new Alike(owner, begin, seconds, price.get(), listRate, free);
            }
            last.hours++;
        }
        write(last);
    }

    /** Of the whole run as far as known. */
    private SpotRunHours hours(InstanceUsage instance, Run run) {
        Instant stop = run.stop();
        SpotRunHours.End end = stop == null
                ? SpotRunHours.End.NONE
                : switch (run.endedBy()) {
                    case USER -> SpotRunHours.End.OWNER;
                    case INTERRUPTION -> SpotRunHours.End.INTERRUPTION;
                };
        return SpotRunHours.of(
                run.start(),
                stop == null ? scenario.knownUntil() : stop,
                end,
                instance.os(),
                scenario.spotInterruptionPolicy());
    }

    /** Instance-hours in a row that cost the same. */
    private static final class Alike {

        private final UsageOwner.InstanceRun owner;
        private final long begin;
        private final long seconds;
        private final HourlyRate price;
        private final HourlyRate listRate;
        private final boolean free;
        private long hours;

        Alike(
                UsageOwner.InstanceRun owner,
                long begin,
                long seconds,
                HourlyRate price,
                HourlyRate listRate,
                boolean free) {
            this.owner = owner;
            this.begin = begin;
            this.seconds = seconds;
            this.price = price;
            this.listRate = listRate;
            this.free = free;
        }

        boolean isExtendedBy(long nextBegin, long nextSeconds, HourlyRate nextPrice) {
            return begin + hours * HOUR == nextBegin && seconds == nextSeconds && price.equals(nextPrice);
        }
    }

    private void write(@Nullable Alike alike) {
        if (alike == null) {
            return;
        }
        InstanceUsage instance = alike.owner.instance();
        BigFraction seconds = BigFraction.of(alike.seconds);
        Money cost = alike.free ? Money.ZERO : Money.rounded(alike.price.costOf(seconds));
        RatedRow first = new RatedRow(
                Instant.ofEpochSecond(alike.begin),
                instance.account(),
                Category.SPOT,
                instance.id(),
                null,
                Ledger.decimal(seconds),
                new Costs(Money.rounded(alike.listRate.costOf(seconds)), cost, cost));
        ledger.add(instance.place(), first, alike.hours, alike.price);
    }
}
