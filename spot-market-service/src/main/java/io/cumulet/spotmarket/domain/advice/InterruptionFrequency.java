package io.cumulet.spotmarket.domain.advice;

import org.jspecify.annotations.Nullable;

/**
 * How often the market took instances back, in the steps of the Spot Instance advisor. Bounds belong to the step above them,
 * but 20 % to the one below.
 *
 * @see <a href="https://aws.amazon.com/ec2/spot/instance-advisor/">Spot Instance advisor: "the rate at which Spot has reclaimed
 *     capacity during the trailing month"</a>
 */
public enum InterruptionFrequency {
    BELOW_5("<5%"),
    FROM_5("5-10%"),
    FROM_10("10-15%"),
    FROM_15("15-20%"),
    ABOVE_20(">20%");

    private static final int STEP_PERCENT = 5;

    private final String label;

    InterruptionFrequency(String label) {
        this.label = label;
    }

    /** As the advisor writes it. */
    public String label() {
        return label;
    }

    /** How many steps it is worse than the best. */
    public int steps() {
        return ordinal();
    }

    /**
     * The step of a share.
     *
     * @param interrupted of the runs, those the market ended
     * @return null if nothing ran: then nobody knows
     */
    public static @Nullable InterruptionFrequency of(long interrupted, long runs) {
        if (runs == 0) {
            return null;
        }
        if (interrupted * 100 > runs * STEP_PERCENT * ABOVE_20.ordinal()) {
            return ABOVE_20;
        }
        int step = (int) (interrupted * 100 / (runs * STEP_PERCENT));
        return values()[Math.min(step, FROM_15.ordinal())];
    }
}
