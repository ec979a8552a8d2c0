package io.cumulet.billing.domain.costs;

import io.cumulet.kernel.Interval;
import java.util.List;

/**
 * Which charges are wanted, and how they are added up.
 *
 * @param period starts and ends on the hour
 * @param groupBy in the order of the keys of an answer; empty for one group
 */
public record CostQuery(Interval period, Granularity granularity, List<Dimension> groupBy, Condition filter) {

    /** Whether tags have to be known. */
    public boolean needsTags() {
        return filter.needsTags() || groupBy.stream().anyMatch(Dimension.Tag.class::isInstance);
    }
}
