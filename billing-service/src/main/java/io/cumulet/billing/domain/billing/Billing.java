package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.billing.Bill.BilledThing;
import io.cumulet.billing.domain.billing.Bill.Line;
import io.cumulet.billing.domain.billing.Bill.Provisional;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.billing.domain.rating.Organizations;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.billing.domain.rating.Rated;
import io.cumulet.billing.domain.rating.RatedSegment;
import io.cumulet.billing.domain.rating.Rating;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.SpotInterruptionPolicy;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.billing.domain.rating.Usage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes bills of metered runs. A month in which a price list begins is rated in parts, each with the prices in force in
 * it; an hour belongs to the part in which it begins.
 */
public final class Billing {

    private final FreeTier freeTier;
    private final SpotInterruptionPolicy spotInterruptionPolicy;
    private final NavigableSet<Instant> priceChanges;

    /** @param priceChanges the moments at which on-demand prices may change, each on the hour */
    public Billing(
            FreeTier freeTier, SpotInterruptionPolicy spotInterruptionPolicy, NavigableSet<Instant> priceChanges) {
        this.freeTier = freeTier;
        this.spotInterruptionPolicy = spotInterruptionPolicy;
        this.priceChanges = priceChanges;
    }

    /**
     * What a bill is about.
     *
     * @param region null for all regions
     * @param now the present, not before the period
     * @param knownUntil up to when usage is known; not behind the present
     * @param behind whether that is before the present, since events wait unread
     * @param eventsMissing whether events couldn't be applied
     */
    public record Request(
            AccountId account,
            @Nullable Region region,
            Interval period,
            Instant now,
            Instant knownUntil,
            boolean behind,
            boolean eventsMissing) {

        /** The end of the last hour of the period that has begun: fees are due up to there, whatever events say. */
        Instant dueUntil() {
            Instant end = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
            return end.isBefore(period.until()) ? end : period.until();
        }

        boolean covers(Region other) {
            return region == null || region.equals(other);
        }
    }

    /**
     * What bills of a period are made of, of all accounts that share their commitments.
     *
     * @param runs all runs, in every region, that may have billed seconds in the period
     * @param commitments all that are in their term at some time in the period
     */
    public record Records(List<UsageRun> runs, List<PurchasedCommitment> commitments) {

        private List<InstanceUsage> usage() {
            List<InstanceUsage> instances = new ArrayList<>(runs.size());
            for (UsageRun run : runs) {
                instances.add(Billing.usage("/runs/" + instances.size(), run));
            }
            return instances;
        }

        /** What is queued neither costs nor pays anything, even if its first hour has begun. */
        private List<PurchasedCommitment> begunBy(Instant now) {
            return commitments.stream()
                    .filter(commitment -> !commitment.startsAt().isAfter(now))
                    .toList();
        }
    }

    /**
     * Makes a bill. What is free is free once for all regions, so that the bill of one region is cut from that of all.
     *
     * @param pricesAt the prices in force from a moment until the next change
     */
    public Bill bill(Request request, Records records, Function<Instant, Prices> pricesAt) {
        List<InstanceUsage> instances = records.usage();
        Commitments commitments = Rateable.commitments(records.begunBy(request.now()));
        Lines lines = new Lines(request, instances, commitments);
        List<Unrated> unrated = new ArrayList<>();
        for (Interval part : partsBetweenPriceChanges(request)) {
            Rated rated = Rating.rate(new Scenario(
                    part,
                    request.knownUntil(),
                    pricesAt.apply(part.from()),
                    Usage.of(instances),
                    commitments,
                    Organizations.NONE,
                    freeTier,
                    spotInterruptionPolicy));
            rated.segments().forEach(lines::add);
            rated.unrated().stream().filter(lines::isWanted).forEach(unrated::add);
        }
        Instant end = request.period().until();
        Instant completeUntil = request.knownUntil().isBefore(end) ? request.knownUntil() : end;
        List<UsageRun> ofRegion = records.runs().stream()
                .filter(run -> run.thing().account().equals(request.account()))
                .filter(run -> request.covers(run.thing().region()))
                .toList();
        List<UsageRun> stillRunning = ofRegion.stream()
                .filter(UsageRun::isRunning)
                .filter(run -> !run.startedAt().isAfter(completeUntil))
                .toList();
        return new Bill(
                request.account(),
                request.region(),
                request.period(),
                completeUntil,
                provisional(request, ofRegion, unrated),
                lines.sorted(),
                lines.totals,
                stillRunning,
                List.copyOf(unrated));
    }

    private static Set<Provisional> provisional(Request request, List<UsageRun> runs, List<Unrated> unrated) {
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

    /** The hours that have begun, in parts: what commitments will cost later isn't due yet. */
    private List<Interval> partsBetweenPriceChanges(Request request) {
        List<Interval> parts = new ArrayList<>();
        Instant from = request.period().from();
        Instant until = request.dueUntil();
        for (Instant change : priceChanges.subSet(from, false, until, false)) {
            parts.add(new Interval(from, change));
            from = change;
        }
        parts.add(new Interval(from, until));
        return parts;
    }

    private static InstanceUsage usage(String place, UsageRun run) {
        UsageRun.End end = run.end();
        EndedBy endedBy =
                end != null && end.cause() == UsageRun.Cause.INTERRUPTION ? EndedBy.INTERRUPTION : EndedBy.USER;
        return new InstanceUsage(
                place,
                run.instanceId(),
                run.thing().account(),
                run.thing().instanceType(),
                run.thing().os(),
                run.thing().tenancy(),
                run.thing().zone(),
                run.thing().market(),
                run.thing().hostId(),
                null,
                List.of(new Run(run.startedAt(), end == null ? null : end.at(), endedBy)));
    }

    /** An account's rated segments summed up by resource, commitment, category and rate. */
    private static final class Lines {

        private record Key(
                Category category,
                @Nullable String resourceId,
                @Nullable String commitmentId,
                @Nullable Region region,
                @Nullable BilledThing thing,
                @Nullable HourlyRate rate) {}

        private final Map<String, InstanceUsage> usageByPlace = new HashMap<>();
        private final Map<String, Optional<Region>> commitmentsByPlace = new HashMap<>();
        private final Map<Key, Line> lines = new LinkedHashMap<>();
        private final Request request;
        private Costs totals = Costs.ZERO;

        Lines(Request request, List<InstanceUsage> instances, Commitments commitments) {
            this.request = request;
            instances.forEach(instance -> usageByPlace.put(instance.place(), instance));
            commitments
                    .reservedInstances()
                    .forEach(reserved -> commitmentsByPlace.put(reserved.place(), Optional.of(reserved.region())));
            commitments.savingsPlans().forEach(plan -> commitmentsByPlace.put(plan.place(), plan.region()));
        }

        void add(RatedSegment segment) {
            if (!segment.first().account().equals(request.account())) {
                return;
            }
            InstanceUsage instance = segment.place() == null ? null : usageByPlace.get(segment.place());
            Key key = new Key(
                    segment.first().category(),
                    segment.first().resourceId(),
                    segment.first().commitmentId(),
                    region(segment).orElse(null),
                    instance == null ? null : thing(instance),
                    segment.rate());
            if (request.region() != null && !request.region().equals(key.region())) {
                return;
            }
            BigDecimal seconds = segment.first().seconds();
            Line line = new Line(
                    key.category(),
                    key.resourceId(),
                    key.commitmentId(),
                    key.region(),
                    key.thing(),
                    key.rate(),
                    segment.first().chargePeriodStart(),
                    segment.hours(),
                    seconds == null ? null : seconds.multiply(BigDecimal.valueOf(segment.hours())),
                    segment.costs());
            lines.merge(key, line, Lines::sum);
            totals = totals.plus(segment.costs());
        }

        /** Empty for a commitment that isn't bound to one. */
        private Optional<Region> region(RatedSegment segment) {
            String place = segment.place();
            if (place == null) {
                String region = Objects.requireNonNull(segment.first().resourceId(), "a fee names its region");
                return Optional.of(new Region(region));
            }
            InstanceUsage instance = usageByPlace.get(place);
            return instance == null
                    ? Objects.requireNonNull(commitmentsByPlace.get(place))
                    : Optional.of(instance.zone().region());
        }

        boolean isWanted(Unrated unrated) {
            InstanceUsage instance = Objects.requireNonNull(usageByPlace.get(unrated.place()));
            return instance.account().equals(request.account())
                    && request.covers(instance.zone().region());
        }

        List<Line> sorted() {
            return lines.values().stream()
                    .sorted(Comparator.comparing((Line line) ->
                                    line.region() == null ? "" : line.region().value())
                            .thenComparing(line -> String.valueOf(line.resourceId()))
                            .thenComparing(line -> String.valueOf(line.commitmentId()))
                            .thenComparing(Line::from)
                            .thenComparing(line -> line.category().code()))
                    .toList();
        }

        private static Line sum(Line one, Line other) {
            return new Line(
                    one.category(),
                    one.resourceId(),
                    one.commitmentId(),
                    one.region(),
                    one.thing(),
                    one.hourlyRate(),
                    one.from().isBefore(other.from()) ? one.from() : other.from(),
                    one.rows() + other.rows(),
                    one.seconds() == null || other.seconds() == null
                            ? null
                            : one.seconds().add(other.seconds()),
                    one.costs().plus(other.costs()));
        }

        private static BilledThing thing(InstanceUsage instance) {
            return new BilledThing(
                    instance.zone().value(),
                    instance.type().value(),
                    instance.os().code(),
                    instance.tenancy().code(),
                    instance.market().code());
        }
    }
}
