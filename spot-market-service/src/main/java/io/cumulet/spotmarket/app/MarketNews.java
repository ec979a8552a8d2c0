package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.requests.SpotRequest;
import org.jspecify.annotations.Nullable;

/** Something that happened in the market and that others hear of. */
public sealed interface MarketNews {

    /** The id of the event that caused it; null if none did, or it can be told from the news itself. */
    @Nullable
    String causeId();

    record PriceChanged(Pools.Price price, @Nullable String causeId) implements MarketNews {}

    /** A request was made, or its owner can see a difference. */
    record RequestChanged(SpotRequest request, @Nullable String causeId) implements MarketNews {}

    record Allocated(SpotRequest request, @Nullable String causeId) implements MarketNews {}

    record RebalanceRecommended(
            SpotRequest request, @Nullable String causeId) implements MarketNews {}

    record Warned(SpotRequest request, @Nullable String causeId) implements MarketNews {}

    /** The notice is over. */
    record Evicted(SpotRequest request) implements MarketNews {

        @Override
        public @Nullable String causeId() {
            return null;
        }
    }

    /** The request of a stopped instance is over, and the instance with it. */
    record RequestEnded(SpotRequest request, @Nullable String causeId) implements MarketNews {}
}
