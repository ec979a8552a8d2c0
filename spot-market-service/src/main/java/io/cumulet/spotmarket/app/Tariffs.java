package io.cumulet.spotmarket.app;

import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Tenancy;
import io.cumulet.spotmarket.config.MarketConfig;
import io.cumulet.spotmarket.domain.market.PoolId;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/** The bounds of a pool's price: its floor, and the On-Demand price that caps it. */
@ApplicationScoped
public class Tariffs {

    private final MarketConfig config;
    private final OnDemandPrices onDemand = OnDemandPrices.shipped();

    public Tariffs(MarketConfig config) {
        this.config = config;
    }

    /** The On-Demand price at a moment; empty if the pool's kind of instance isn't on offer. */
    public Optional<HourlyRate> onDemand(PoolId pool, Instant at) {
        return onDemand.inForce(pool.zone().region(), pool.type(), pool.os(), Tenancy.DEFAULT, at)
                .map(OnDemandPrice::hourly);
    }

    /** The least price of a pool. */
    public HourlyRate floor(Pools.Pool pool, HourlyRate onDemandPrice) {
        HourlyRate own = pool.floor();
        return own == null ? floor(onDemandPrice) : own;
    }

    /** The most anybody pays in a pool: never more than on-demand. */
    public HourlyRate cap(Pools.Pool pool, HourlyRate onDemandPrice) {
        HourlyRate own = pool.cap();
        return own == null || own.compareTo(onDemandPrice) > 0 ? onDemandPrice : own;
    }

    /** A price, held between the pool's floor and its cap; as it is where nothing is on offer any more. */
    public HourlyRate within(Pools.Pool pool, HourlyRate price, Instant at) {
        return onDemand(pool.id(), at)
                .map(onDemandPrice -> {
                    HourlyRate cap = cap(pool, onDemandPrice);
                    HourlyRate floor = floor(pool, onDemandPrice);
                    HourlyRate atLeast = price.compareTo(floor) < 0 ? floor : price;
                    return atLeast.compareTo(cap) > 0 ? cap : atLeast;
                })
                .orElse(price);
    }

    /** The configured share of the On-Demand price, exactly. */
    public HourlyRate floor(HourlyRate onDemandPrice) {
        return new HourlyRate(onDemandPrice
                .usd()
                .multiply(BigDecimal.valueOf(config.floorPercent()))
                .movePointLeft(2));
    }
}
