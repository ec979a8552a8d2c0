package io.cumulet.spotmarket.app;

import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows what pools cost, and cost. */
@ApplicationScoped
public class PriceHistory {

    private final Pools pools;

    public PriceHistory(Pools pools) {
        this.pools = pools;
    }

    /** A page of a region's prices; see {@link Pools#history}. */
    @Transactional
    public List<Pools.Price> page(
            Region region, Pools.HistoryFilter filter, Pools.@Nullable HistoryPosition after, int size) {
        return pools.history(region, filter, after, size);
    }
}
