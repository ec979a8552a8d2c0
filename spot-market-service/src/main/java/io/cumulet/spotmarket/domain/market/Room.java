package io.cumulet.spotmarket.domain.market;

/**
 * What the instance service said of a pool's capacity, at one moment.
 *
 * @param version of the snapshot it comes from; 0 if none was seen yet
 * @param fits how many more units would fit
 * @param spotUnits how many of the pool's units hold capacity
 * @param reclaimed how many of their rooms on-demand takes back, those included whose units leave already
 */
public record Room(long version, int fits, int spotUnits, int reclaimed) {

    public static final Room UNKNOWN = new Room(0, 0, 0, 0);

    /** Whether the instance service has said anything yet. */
    boolean isKnown() {
        return version > 0;
    }

    /** How many units the pool's hosts hold or could hold. */
    int rooms() {
        return spotUnits + fits;
    }

    /**
     * How many more units there is room for.
     *
     * @param taken how many have room or were given it; all of them have it, also while the snapshot that counts them is on
     *     its way
     */
    public int free(int taken) {
        return isKnown() ? Math.max(0, Math.max(rooms(), taken) - reclaimed - taken) : 0;
    }
}
