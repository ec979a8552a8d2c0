package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.kernel.HourlyRate;
import java.time.Instant;

/** The price of a pool from a moment on; of two at the same moment the higher version holds. */
public record SpotPrice(SpotPool pool, long version, Instant at, HourlyRate price) {}
