package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.metering.TagHistory;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Which tags there were on what was charged. */
public final class TagReport {

    private TagReport() {}

    /**
     * The tags by key, each with all of its values.
     *
     * @param tagsOf the tags of an instance over time
     */
    public static SortedMap<String, SortedSet<String>> of(
            Iterable<Charge> charges, Condition filter, Function<String, TagHistory> tagsOf) {
        SortedMap<String, SortedSet<String>> found = new TreeMap<>();
        for (Charge charge : charges) {
            String instanceId = charge.thing() == null ? null : charge.resourceId();
            if (instanceId != null) {
                TagHistory tags = tagsOf.apply(instanceId);
                Slices.cut(charge.from(), charge.hours(), tags.changes(), (from, hours) -> {
                    Map<String, String> inForce = tags.at(from);
                    if (filter.holds(charge, inForce)) {
                        inForce.forEach((key, value) -> found.computeIfAbsent(key, unused -> new TreeSet<>())
                                .add(value));
                    }
                });
            }
        }
        return found;
    }
}
