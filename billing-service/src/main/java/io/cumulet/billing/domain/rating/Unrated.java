package io.cumulet.billing.domain.rating;

import java.time.Instant;

/**
 * Usage that has no price.
 *
 * @param place JSON pointer to it in the scenario, such as {@code /instances/3}
 * @param from the start of the first hour without a price
 * @param reason which price is missing, in words
 */
public record Unrated(String place, String resourceId, Instant from, String reason) {}
