package io.cumulet.spotmarket;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.app.Traces;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Has one history of one pool, with prices at midnight, two and six. */
@Singleton
class FakeTraces implements Traces {

    static final String ID = "trace-of-a-test";
    static final PoolId POOL = PoolId.parse("us-east-1c/r4.large/linux");

    @Override
    public Optional<PriceSeries> series(String traceId, PoolId pool) {
        return traceId.equals(ID) && pool.equals(POOL)
                ? Optional.of(PriceSeries.of(List.of(
                        change("2015-05-01T00:00:00Z", "0.03"),
                        change("2015-05-01T02:00:00Z", "0.20"),
                        change("2015-05-01T06:00:00Z", "0.03"))))
                : Optional.empty();
    }

    private static PriceSeries.Change change(String at, String price) {
        return new PriceSeries.Change(Instant.parse(at), HourlyRate.of(price));
    }
}
