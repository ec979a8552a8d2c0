package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Region;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which costs are wanted, and how.
 *
 * @param period starts and ends on the hour
 * @param groupBy in the order of the keys of an answer; empty for one group
 * @param region only costs of this region; null for all, those of no region too
 * @param account only what this account used and bought; null for all in scope
 */
public record CostQuery(
        Scope scope,
        Interval period,
        Granularity granularity,
        List<Dimension> groupBy,
        @Nullable Region region,
        @Nullable AccountId account) {

    boolean wants(Charge charge) {
        return (region == null || region.equals(charge.region()))
                && (account == null || account.equals(charge.account()));
    }

    /** Whether tags have to be known. */
    public boolean needsTags() {
        return groupBy.stream().anyMatch(Dimension.Tag.class::isInstance);
    }
}
