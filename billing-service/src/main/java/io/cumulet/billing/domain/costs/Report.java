package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Charges added up by period and group. An hour belongs to the period in which it begins, and has the tags in force then.
 *
 * @param <V> what is added up
 */
public record Report<V extends Report.Value<V>>(List<Period<V>> periods, V totals) {

    /** What can be added up. */
    public interface Value<V> {
        V plus(V other);
    }

    /** A period with what was charged in it, by key; no groups if nothing was. */
    public record Period<V>(Interval interval, List<Group<V>> groups, V totals) {}

    /** @param keys one for each dimension that is grouped by; null where it doesn't apply */
    public record Group<V>(List<@Nullable String> keys, V sum) {}

    /** Adds up. */
    static final class Builder<V extends Value<V>> {

        private static final Comparator<@Nullable String> BY_KEY = Comparator.nullsFirst(Comparator.naturalOrder());

        private final CostQuery query;
        private final Function<String, TagHistory> tagsOf;
        private final V none;
        private final TreeMap<Instant, Map<List<@Nullable String>, V>> groups = new TreeMap<>();
        private final List<Interval> intervals;

        /**
         * @param tagsOf the tags of an instance over time
         * @param none the sum of nothing
         */
        Builder(CostQuery query, Function<String, TagHistory> tagsOf, V none) {
            this.query = query;
            this.tagsOf = tagsOf;
            this.none = none;
            this.intervals = query.granularity().periods(query.period());
            intervals.forEach(interval -> groups.put(interval.from(), new HashMap<>()));
        }

        /**
         * Adds consecutive hours, of the period, that are alike.
         *
         * @param charge what they are for, and so in which group they are
         * @param value what so many of them come to
         */
        void add(Charge charge, Instant start, long all, LongFunction<V> value) {
            TagHistory tags = tagsOf(charge);
            Slices.cut(start, all, tags.changes(), (from, hours) -> {
                Map<String, String> inForce = tags.at(from);
                if (query.filter().holds(charge, inForce)) {
                    List<@Nullable String> keys =
                            new ArrayList<>(query.groupBy().size());
                    query.groupBy().forEach(dimension -> keys.add(dimension.of(charge, inForce)));
                    Slices.cut(
                            from,
                            hours,
                            groups.navigableKeySet(),
                            (at, slice) -> Objects.requireNonNull(groups.floorEntry(at), "hours begin in the period")
                                    .getValue()
                                    .merge(keys, value.apply(slice), Value::plus));
                }
            });
        }

        private TagHistory tagsOf(Charge charge) {
            String instanceId = charge.thing() == null ? null : charge.resourceId();
            return instanceId == null ? TagHistory.NONE : tagsOf.apply(instanceId);
        }

        Report<V> report() {
            List<Period<V>> periods = new ArrayList<>();
            V totals = none;
            for (Interval interval : intervals) {
                Period<V> period = period(interval);
                periods.add(period);
                totals = totals.plus(period.totals());
            }
            return new Report<>(periods, totals);
        }

        private Period<V> period(Interval interval) {
            List<Group<V>> sorted = new ArrayList<>();
            V totals = none;
            for (Map.Entry<List<@Nullable String>, V> group :
                    Objects.requireNonNull(groups.get(interval.from())).entrySet()) {
                sorted.add(new Group<>(group.getKey(), group.getValue()));
                totals = totals.plus(group.getValue());
            }
            sorted.sort((one, other) -> compare(one.keys(), other.keys()));
            return new Period<>(interval, sorted, totals);
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
