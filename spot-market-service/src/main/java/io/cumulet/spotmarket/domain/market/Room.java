package io.cumulet.spotmarket.domain.market;

/**
 * What the instance service said of a pool's capacity, at one moment.
 *
 * @param version of the snapshot it comes from; 0 if none was seen yet
 * @param fits how many more units would fit
 * @param spotUnits how many of the pool's units hold capacity
 */
public record Room(long version, int fits, int spotUnits) {

    public static final Room UNKNOWN = new Room(0, 0, 0);

    /**
     * The pool's supply: what its running units hold and what is free. A unit that was told to leave counts as taken until
     * it is gone, so it is no supply.
     */
    int supply(int leaving) {
        return Math.max(0, spotUnits - leaving + fits);
    }
}
