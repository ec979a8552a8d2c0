package io.cumulet.spotmarket.domain.simulation;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PriceSeries;

/**
 * A pool and its prices.
 *
 * @param prices nobody runs in it before the first
 * @param onDemand what strategies that bid a share of it go by, and what savings are measured against
 */
public record SimulatedPool(PoolId id, PriceSeries prices, HourlyRate onDemand) {}
