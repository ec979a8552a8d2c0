package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.organizations.Memberships;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.billing.domain.rating.Prices;
import io.cumulet.billing.domain.rating.Rated;
import io.cumulet.billing.domain.rating.RatedSegment;
import io.cumulet.billing.domain.rating.Rating;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.billing.domain.rating.Usage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.SpotInterruptionPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Makes charges of metered runs and commitments. A period in which a price list begins, or somebody joins or leaves an
 * organization, is rated in parts, each with what is in force in it; an hour belongs to the part in which it begins.
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
     * What is to be rated.
     *
     * @param period starts and ends on the hour
     * @param now the present, not before the period
     * @param knownUntil up to when usage is known; not behind the present
     * @param behind whether that is before the present, since events wait unread
     * @param eventsMissing whether events couldn't be applied
     */
    public record Request(Interval period, Instant now, Instant knownUntil, boolean behind, boolean eventsMissing) {

        /** The end of the last hour of the period that has begun: fees are due up to there, whatever events say. */
        public Instant dueUntil() {
            Instant end = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
            return end.isBefore(period.until()) ? end : period.until();
        }

        /** The moment up to which all usage is known. */
        public Instant completeUntil() {
            return knownUntil.isBefore(period.until()) ? knownUntil : period.until();
        }
    }

    /**
     * What charges of a period are made of, of all accounts that share their commitments in it.
     *
     * @param runs all runs, in every region, that may have billed seconds in the period, and those before it in its first
     *     month: they may have used up what is free
     * @param commitments all that are in their term at some time in the period
     */
    public record Records(List<UsageRun> runs, List<PurchasedCommitment> commitments, Memberships memberships) {

        private List<InstanceUsage> usage() {
            List<InstanceUsage> instances = new ArrayList<>(runs.size());
            for (UsageRun run : runs) {
                instances.add(Billing.usage(place(instances.size()), run));
            }
            return instances;
        }

        private static String place(int index) {
            return "/runs/" + index;
        }

        /**
         * What is queued neither costs nor pays anything, even if its first hour has begun; nor does what something took the
         * place of in its first hour.
         */
        private List<PurchasedCommitment> begunBy(Instant now) {
            return commitments.stream()
                    .filter(commitment -> !commitment.startsAt().isAfter(now))
                    .filter(commitment -> commitment.term().hours() > 0)
                    .toList();
        }
    }

    /**
     * Makes the charges of a period.
     *
     * @param pricesAt the prices in force from a moment until the next change
     */
    public Charges charges(Request request, Records records, Function<Instant, Prices> pricesAt) {
        Collected collected = new Collected(records);
        for (Scenario part : scenarios(request, records, pricesAt)) {
            collected.add(part.period().from(), Rating.rate(part));
        }
        return new Charges(request, List.copyOf(collected.charges), records.runs(), List.copyOf(collected.unrated));
    }

    /** The parts of a period, each as it is rated. */
    public List<Scenario> scenarios(Request request, Records records, Function<Instant, Prices> pricesAt) {
        Usage usage = Usage.of(records.usage());
        Commitments commitments = Rateable.commitments(records.begunBy(request.now()));
        return parts(request, records.memberships()).stream()
                .map(part -> new Scenario(
                        part,
                        request.knownUntil(),
                        pricesAt.apply(part.from()),
                        usage,
                        commitments,
                        records.memberships().at(part.from()),
                        freeTier,
                        spotInterruptionPolicy))
                .toList();
    }

    /** The hours that have begun, in parts: what commitments will cost later isn't due yet. */
    private List<Interval> parts(Request request, Memberships memberships) {
        NavigableSet<Instant> changes = new TreeSet<>(priceChanges);
        changes.addAll(memberships.changes());
        List<Interval> parts = new ArrayList<>();
        Instant from = request.period().from();
        Instant until = request.dueUntil();
        for (Instant change : changes.subSet(from, false, until, false)) {
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
                run.thing().scheduledInstanceId(),
                List.of(new Run(run.startedAt(), end == null ? null : end.at(), endedBy)));
    }

    /** Rated segments, joined with what they are for. */
    private static final class Collected {

        private final Map<String, UsageRun> runs = new HashMap<>();
        private final Map<String, PurchasedCommitment> commitments = new HashMap<>();
        private final Memberships memberships;
        private final List<Charge> charges = new ArrayList<>();
        private final List<Charges.UnratedRun> unrated = new ArrayList<>();

        Collected(Records records) {
            for (UsageRun run : records.runs()) {
                runs.put(Records.place(runs.size()), run);
            }
            records.commitments().forEach(commitment -> commitments.put(commitment.id(), commitment));
            memberships = records.memberships();
        }

        void add(Instant hour, Rated rated) {
            Map<AccountId, AccountId> payers = new HashMap<>();
            Function<AccountId, AccountId> payer =
                    account -> payers.computeIfAbsent(account, of -> memberships.payer(of, hour));
            for (RatedSegment segment : rated.segments()) {
                UsageRun run = segment.place() == null ? null : runs.get(segment.place());
                String commitmentId = segment.first().commitmentId();
                charges.add(new Charge(
                        payer.apply(segment.first().account()),
                        segment,
                        run == null ? null : run.thing(),
                        commitmentId == null ? null : commitments.get(commitmentId)));
            }
            for (Unrated one : rated.unrated()) {
                UsageRun run = Objects.requireNonNull(runs.get(one.place()), "only runs lack a price");
                unrated.add(new Charges.UnratedRun(payer.apply(run.thing().account()), run, one));
            }
        }
    }
}
