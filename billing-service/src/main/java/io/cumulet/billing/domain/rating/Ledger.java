package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** Collects what the passes charge. Rounds each row's cost once, when it is written down. */
final class Ledger {

    private static final long SECONDS_PER_HOUR = RatedSegment.STEP_SECONDS;

    private final List<OpenSegment> segments = new ArrayList<>();
    private final List<Unrated> unrated = new ArrayList<>();
    private final Set<String> unratedPlaces = new HashSet<>();

    /** Charges an item's seconds, in each of the hours, at its list price or for nothing. */
    void charge(
            UsageItem item, Category category, HourOfUsage hour, BigFraction seconds, Function<Money, Costs> costs) {
        HourlyRate rate = item.owner.listRate();
        long startSecond = hour.startSecond();
        if (rate == null) {
            addUnrated(item.owner, Instant.ofEpochSecond(startSecond), missingPrice(item.owner));
            return;
        }
        OpenSegment last = item.lastSegment();
        if (last == null || !last.extendedBy(category, startSecond, hour.hours(), seconds, rate)) {
            item.setLastSegment(add(
                    item.owner.place(),
                    category,
                    item.owner.account(),
                    item.owner.id(),
                    startSecond,
                    hour.hours(),
                    seconds,
                    rate,
                    costs.apply(Money.rounded(rate.costOf(seconds)))));
        }
    }

    /** Writes an item's seconds down without any cost. */
    void chargeNothing(UsageItem item, Category category, HourOfUsage hour, BigFraction seconds) {
        OpenSegment last = item.lastSegment();
        if (last == null || !last.extendedBy(category, hour.startSecond(), hour.hours(), seconds, null)) {
            item.setLastSegment(add(
                    item.owner.place(),
                    category,
                    item.owner.account(),
                    item.owner.id(),
                    hour.startSecond(),
                    hour.hours(),
                    seconds,
                    null,
                    Costs.ZERO));
        }
    }

    OpenSegment add(
            @Nullable String place,
            Category category,
            AccountId account,
            String resourceId,
            long startSecond,
            long hours,
            @Nullable BigFraction seconds,
            @Nullable HourlyRate rate,
            Costs costs) {
        OpenSegment segment =
                new OpenSegment(place, category, account, resourceId, startSecond, hours, seconds, rate, costs);
        segments.add(segment);
        return segment;
    }

    /** Notes that something can't be rated from a moment on; once for each owner. */
    void addUnrated(UsageOwner owner, Instant from, String reason) {
        if (unratedPlaces.add(owner.place())) {
            unrated.add(new Unrated(owner.place(), owner.id(), from, reason));
        }
    }

    Rated close() {
        List<RatedSegment> closed = new ArrayList<>(segments.size());
        for (OpenSegment segment : segments) {
            closed.add(segment.close());
        }
        return new Rated(List.copyOf(closed), List.copyOf(unrated));
    }

    private static String missingPrice(UsageOwner owner) {
        return switch (owner) {
            case UsageOwner.InstanceRun run ->
                "No on-demand price is known for %s, %s, %s tenancy in %s"
                        .formatted(
                                run.instance().type(),
                                run.instance().os(),
                                run.instance().tenancy(),
                                run.region());
            case UsageOwner.HeldCapacity held ->
                "No on-demand price is known for %s, %s, %s tenancy in %s"
                        .formatted(
                                held.reservation().type(),
                                held.reservation().os(),
                                held.reservation().tenancy(),
                                held.region());
            case UsageOwner.AllocatedHost host ->
                "No host price is known for the family %s in %s"
                        .formatted(host.host().family(), host.region());
        };
    }

    static long hourOf(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), SECONDS_PER_HOUR);
    }
}
