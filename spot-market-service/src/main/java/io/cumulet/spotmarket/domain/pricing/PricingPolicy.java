package io.cumulet.spotmarket.domain.pricing;

import java.time.Duration;
import java.time.Instant;

/**
 * How the price of a pool comes about.
 *
 * <pre>
 *   policy     a bid takes part from   the price is                            interrupts
 *   auction    the floor               the highest losing bid                  price, capacity
 *   smoothed   the present price       moves towards the auction's, in steps   capacity
 *   trace      the present price       what a history says                     price, capacity
 * </pre>
 */
public sealed interface PricingPolicy {

    PricingPolicy AUCTION = new Auction();

    /** Each clearing prices the pool: the highest bidder keeps the room. */
    record Auction() implements PricingPolicy {}

    /**
     * The price follows that of an auction slowly.
     *
     * @param percent by how much of itself it changes at most in one step, 1 to 100
     * @param interval from one step to the next, whole seconds; steps fall on its multiples since 1970
     */
    record Smoothed(int percent, Duration interval) implements PricingPolicy {}

    /**
     * The price is replayed.
     *
     * @param traceId the history
     * @param from the moment of the history at which the replay begins
     * @param at when it begins
     * @param speed how many seconds of the history pass in one second
     */
    record Trace(String traceId, Instant from, Instant at, int speed) implements PricingPolicy {}

    /** Whether a clearing sets the price. */
    default boolean isPricedByClearing() {
        return this instanceof Auction;
    }
}
