package io.cumulet.spotmarket.domain.simulation;

import io.cumulet.kernel.HourlyRate;
import java.math.BigDecimal;

/** The most a strategy pays. */
public sealed interface MaxPrice {

    /** What a request offers if nothing else is said. */
    MaxPrice ON_DEMAND = new ShareOfOnDemand(new BigDecimal(100));

    HourlyRate in(SimulatedPool pool);

    /** The same in each pool. */
    record Fixed(HourlyRate rate) implements MaxPrice {

        @Override
        public HourlyRate in(SimulatedPool pool) {
            return rate;
        }
    }

    /** @param percent of the pool's On-Demand price; 100 for all of it */
    record ShareOfOnDemand(BigDecimal percent) implements MaxPrice {

        @Override
        public HourlyRate in(SimulatedPool pool) {
            return new HourlyRate(pool.onDemand().usd().multiply(percent).movePointLeft(2));
        }
    }
}
