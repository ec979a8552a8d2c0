package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.kernel.Interval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What charges come to by period and group. An hour belongs to the period in which it begins, and has the tags in force
 * then.
 */
public record CostReport(List<Period> periods, Sum totals) {

    /** A period with what was charged in it, by key; empty if nothing was. */
    public record Period(Interval interval, List<Group> groups) {}

    /** @param keys one for each dimension that is grouped by; null where it doesn't apply */
    public record Group(List<@Nullable String> keys, Sum sum) {}

    /** @param seconds of usage; fees and what is left of commitments have none */
    public record Sum(Costs costs, BigDecimal seconds) {

        static final Sum ZERO = new Sum(Costs.ZERO, BigDecimal.ZERO);

        static Sum of(Charge charge, long hours) {
            BigDecimal each =
                    charge.thing() == null ? null : charge.segment().first().seconds();
            return new Sum(
                    charge.segment().first().costs().times(hours),
                    each == null ? BigDecimal.ZERO : each.multiply(BigDecimal.valueOf(hours)));
        }

        Sum plus(Sum other) {
            return new Sum(costs.plus(other.costs), seconds.add(other.seconds));
        }
    }

    /** @param tagsOf the tags of an instance over time */
    public static CostReport of(Iterable<Charge> charges, CostQuery query, Function<String, TagHistory> tagsOf) {
        return new Adding(query, tagsOf).report(charges);
    }

    private static final class Adding {

        private static final Comparator<@Nullable String> BY_KEY = Comparator.nullsFirst(Comparator.naturalOrder());

        private final CostQuery query;
        private final Function<String, TagHistory> tagsOf;
        private final TreeMap<Instant, Map<List<@Nullable String>, Sum>> groups = new TreeMap<>();
        private final List<Interval> intervals;
        private Sum totals = Sum.ZERO;

        Adding(CostQuery query, Function<String, TagHistory> tagsOf) {
            this.query = query;
            this.tagsOf = tagsOf;
            this.intervals = query.granularity().periods(query.period());
            intervals.forEach(interval -> groups.put(interval.from(), new HashMap<>()));
        }

        CostReport report(Iterable<Charge> charges) {
            for (Charge charge : charges) {
                if (query.wants(charge)) {
                    add(charge);
                }
            }
            return new CostReport(intervals.stream().map(this::period).toList(), totals);
        }

        private void add(Charge charge) {
            TagHistory tags = tagsOf(charge);
            Slices.cut(charge.from(), charge.hours(), tags.changes(), (from, hours) -> {
                Map<String, String> inForce = tags.at(from);
                List<@Nullable String> keys = new ArrayList<>(query.groupBy().size());
                query.groupBy().forEach(dimension -> keys.add(dimension.of(charge, inForce)));
                Slices.cut(from, hours, groups.navigableKeySet(), (start, slice) -> add(charge, keys, start, slice));
            });
        }

        private void add(Charge charge, List<@Nullable String> keys, Instant start, long hours) {
            Sum sum = Sum.of(charge, hours);
            Objects.requireNonNull(groups.floorEntry(start), "charges begin inside the period")
                    .getValue()
                    .merge(keys, sum, Sum::plus);
            totals = totals.plus(sum);
        }

        private TagHistory tagsOf(Charge charge) {
            String instanceId = charge.thing() == null ? null : charge.resourceId();
            return instanceId == null ? TagHistory.NONE : tagsOf.apply(instanceId);
        }

        private Period period(Interval interval) {
            List<Group> sorted = new ArrayList<>();
            Objects.requireNonNull(groups.get(interval.from()))
                    .forEach((keys, sum) -> sorted.add(new Group(keys, sum)));
            sorted.sort((one, other) -> compare(one.keys(), other.keys()));
            return new Period(interval, sorted);
        }

        private static int compare(List<@Nullable String> one, List<@Nullable String> other) {
            for (int i = 0; i < one.size(); i++) {
                int compared = BY_KEY.compare(one.get(i), other.get(i));
                if (compared != 0) {
                    return compared;
                }
            }
            return 0;
        }
    }
}
