package io.cumulet.billing.domain.budgets;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.costs.Dimension;
import java.util.Map;
import java.util.Set;

/** Lets charges through that have one of some values in a dimension. */
public record CostFilter(Dimension dimension, Set<String> values) {

    public CostFilter {
        values = Set.copyOf(values);
    }

    boolean lets(Charge charge, Map<String, String> tags) {
        String value = dimension.of(charge, tags);
        return value != null && values.contains(value);
    }

    boolean needsTags() {
        return dimension instanceof Dimension.Tag;
    }
}
