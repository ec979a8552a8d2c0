package io.cumulet.spotmarket.domain.clearing;

import io.cumulet.kernel.HourlyRate;
import java.time.Instant;

/**
 * A sealed bid for units of one pool.
 *
 * @param id unique in its clearing
 * @param maxPrice the most it pays
 * @param at when it was made
 * @param units how many it asks for, at least 1
 */
public record Bid(String id, HourlyRate maxPrice, Instant at, int units) {

    public Bid {
        if (units < 1) {
            throw new IllegalArgumentException("A bid asks for at least one unit: " + units);
        }
    }
}
