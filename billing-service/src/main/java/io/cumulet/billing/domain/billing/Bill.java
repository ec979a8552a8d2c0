package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bill of a month, or of one region in it.
 *
 * @param isFinal whether it was invoiced; it never changes then
 * @param invoiceIds the invoices it is part of; empty for a draft
 * @param completeUntil the moment up to which all usage is in it
 * @param provisional why it may still change; empty once all is known
 * @param lines by account, region, resource, commitment, category and rate
 * @param corrections of earlier months; in the totals
 * @param stillRunning runs without an end, in the bill up to {@code completeUntil}
 * @param unrated usage whose price isn't known; it is in no line
 */
public record Bill(
        Interval period,
        Instant completeUntil,
        Set<Provisional> provisional,
        boolean isFinal,
        List<String> invoiceIds,
        List<Line> lines,
        List<Correction> corrections,
        Costs totals,
        List<UsageRun> stillRunning,
        List<Charges.UnratedRun> unrated) {

    /** Why a bill may still change. */
    public enum Provisional {
        PERIOD_NOT_OVER("period-not-over"),
        /** A spot instance-hour belongs to the month in which it begins, and may end behind it. */
        SPOT_HOUR_GOES_ON("spot-hour-goes-on"),
        EVENTS_UNREAD("events-unread"),
        EVENT_MISSING("event-missing"),
        PRICE_MISSING("price-missing");

        private final String code;

        Provisional(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /**
     * What one resource cost at one rate.
     *
     * @param resourceId null for the fees of a commitment
     * @param commitmentId the commitment that pays or is paid for; null if none is
     * @param region null for the fees of a commitment that isn't bound to one
     * @param thing null for what is no instance
     * @param from the start of its first charge period
     * @param rows how many rated rows it sums up
     * @param seconds null for fees
     */
    public record Line(
            AccountId account,
            Category category,
            @Nullable String resourceId,
            @Nullable String commitmentId,
            @Nullable Region region,
            @Nullable BilledThing thing,
            @Nullable HourlyRate hourlyRate,
            Instant from,
            long rows,
            @Nullable BigDecimal seconds,
            Costs costs) {

        static Line of(Charge charge) {
            return new Line(
                    charge.account(),
                    charge.category(),
                    charge.resourceId(),
                    charge.commitmentId(),
                    charge.region(),
                    charge.thing() == null ? null : BilledThing.of(charge.thing()),
                    charge.rate(),
                    charge.from(),
                    charge.hours(),
                    charge.seconds(),
                    charge.costs());
        }

        /** What lines have in common that are summed up to one. */
        LineKey key() {
            return new LineKey(account, category, resourceId, commitmentId, region, thing, hourlyRate);
        }

        Line negated() {
            return new Line(
                    account,
                    category,
                    resourceId,
                    commitmentId,
                    region,
                    thing,
                    hourlyRate,
                    from,
                    -rows,
                    seconds == null ? null : seconds.negate(),
                    costs.times(-1));
        }

        Line plus(Line other) {
            return new Line(
                    account,
                    category,
                    resourceId,
                    commitmentId,
                    region,
                    thing,
                    hourlyRate,
                    from.isBefore(other.from) ? from : other.from,
                    rows + other.rows,
                    seconds == null || other.seconds == null ? null : seconds.add(other.seconds),
                    costs.plus(other.costs));
        }
    }

    /** What a line is about. */
    record LineKey(
            AccountId account,
            Category category,
            @Nullable String resourceId,
            @Nullable String commitmentId,
            @Nullable Region region,
            @Nullable BilledThing thing,
            @Nullable HourlyRate hourlyRate) {}

    /** What a line's resource is. */
    public record BilledThing(String availabilityZone, String instanceType, String os, String tenancy, String market) {

        static BilledThing of(MeteredThing thing) {
            return new BilledThing(
                    thing.zone().value(),
                    thing.instanceType().value(),
                    thing.os().code(),
                    thing.tenancy().code(),
                    thing.market().code());
        }
    }

    private static final Comparator<Line> ORDER = Comparator.comparing(Line::account)
            .thenComparing(line -> line.region() == null ? "" : line.region().value())
            .thenComparing(line -> String.valueOf(line.resourceId()))
            .thenComparing(line -> String.valueOf(line.commitmentId()))
            .thenComparing(Line::from)
            .thenComparing(line -> line.category().code());

    /**
     * What is charged and may still change. What is free or covered is so once for all regions, so that the bill of one
     * region is cut from that of all.
     *
     * @param corrections of closed months, for the next invoice
     * @param region null for all regions
     */
    public static Bill draft(Charges charges, List<Correction> corrections, @Nullable Region region) {
        List<UsageRun> runs = charges.runs().stream()
                .filter(run -> region == null || region.equals(run.thing().region()))
                .toList();
        List<Charges.UnratedRun> unrated = charges.unrated().stream()
                .filter(one -> region == null || region.equals(one.run().thing().region()))
                .toList();
        Instant completeUntil = charges.request().completeUntil();
        List<Line> lines = lines(charges.charges(), region);
        List<Correction> ofRegion = ofRegion(corrections, region);
        return new Bill(
                charges.request().period(),
                completeUntil,
                provisional(charges.request(), runs, unrated),
                false,
                List.of(),
                lines,
                ofRegion,
                totals(lines, ofRegion),
                runs.stream()
                        .filter(UsageRun::isRunning)
                        .filter(run -> !run.startedAt().isAfter(completeUntil))
                        .toList(),
                unrated);
    }

    /** What was invoiced for a month. */
    public static Bill invoiced(
            Interval period,
            List<Invoice> invoices,
            List<Charge> charges,
            List<Correction> corrections,
            @Nullable Region region) {
        List<Line> lines = lines(charges, region);
        List<Correction> ofRegion = ofRegion(corrections, region);
        return new Bill(
                period,
                period.until(),
                EnumSet.noneOf(Provisional.class),
                true,
                invoices.stream().map(Invoice::id).toList(),
                lines,
                ofRegion,
                totals(lines, ofRegion),
                List.of(),
                List.of());
    }

    /** Charges summed up by what they have in common. */
    public static List<Line> lines(List<Charge> charges, @Nullable Region region) {
        Map<LineKey, Line> lines = new LinkedHashMap<>();
        for (Charge charge : charges) {
            if (region == null || region.equals(charge.region())) {
                Line line = Line.of(charge);
                lines.merge(line.key(), line, Line::plus);
            }
        }
        return lines.values().stream().sorted(ORDER).toList();
    }

    private static List<Correction> ofRegion(List<Correction> corrections, @Nullable Region region) {
        return corrections.stream()
                .filter(one -> region == null || region.equals(one.difference().region()))
                .toList();
    }

    private static Costs totals(List<Line> lines, List<Correction> corrections) {
        Costs totals = Costs.ZERO;
        for (Line line : lines) {
            totals = totals.plus(line.costs());
        }
        for (Correction correction : corrections) {
            totals = totals.plus(correction.difference().costs());
        }
        return totals;
    }

    /** Why charges may still change; empty once all is known. */
    public static Set<Provisional> provisional(Charges charges) {
        return provisional(charges.request(), charges.runs(), charges.unrated());
    }

    private static Set<Provisional> provisional(
            Billing.Request request, List<UsageRun> runs, List<Charges.UnratedRun> unrated) {
        Set<Provisional> reasons = EnumSet.noneOf(Provisional.class);
        Instant end = request.period().until();
        if (request.behind()) {
            reasons.add(Provisional.EVENTS_UNREAD);
        }
        if (request.knownUntil().isBefore(end)) {
            reasons.add(Provisional.PERIOD_NOT_OVER);
        }
        if (request.eventsMissing() || runs.stream().anyMatch(UsageRun::provisional)) {
            reasons.add(Provisional.EVENT_MISSING);
        }
        if (!unrated.isEmpty()) {
            reasons.add(Provisional.PRICE_MISSING);
        }
        // The last instance-hour that begins in the month may go on for almost an hour behind it.
        if (!request.knownUntil().isBefore(end)
                && request.knownUntil().isBefore(end.plusSeconds(3_600))
                && runs.stream()
                        .anyMatch(run -> run.isRunning()
                                && run.thing().market() == Market.SPOT
                                && run.startedAt().isBefore(end))) {
            reasons.add(Provisional.SPOT_HOUR_GOES_ON);
        }
        return reasons;
    }

    /** What is to be paid, in whole cents: rounded once, here. */
    public Money invoiceTotal() {
        return totals.billed().toCents();
    }
}
