package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the market tells the others, in the transaction of what it tells of. */
public interface MarketEvents {

    void priceChanged(Pools.Price price, @Nullable String causeId);

    void requestChanged(SpotRequest request, Instant at, @Nullable String causeId);

    void allocated(SpotRequest request, Instant at, @Nullable String causeId);

    void warned(SpotRequest request, Instant at, @Nullable String causeId);

    void evicted(SpotRequest request, Instant at);

    /** The request of a stopped instance is over, and the instance with it. */
    void requestEnded(SpotRequest request, Instant at, @Nullable String causeId);
}
