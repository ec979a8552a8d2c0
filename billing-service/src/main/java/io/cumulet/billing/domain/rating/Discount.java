package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.HourlyRate;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * What a commitment takes for usage of one kind.
 *
 * @param rate USD an hour under the commitment; null where it has no price by the hour
 * @param unitsPerSecond what a second takes of the commitment's budget, in its units; above 0
 */
record Discount(@Nullable HourlyRate rate, BigFraction unitsPerSecond) {}
