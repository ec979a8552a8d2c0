package io.cumulet.spotmarket.domain.pricing;

import io.cumulet.kernel.HourlyRate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;

/**
 * One step of a smoothed price towards its target.
 *
 * <pre>
 *   target ┤                  ┌────
 *          │            ┌─────┘       each step at most the share of the price that stands,
 *          │      ┌─────┘             the last one what is left
 *   price  ┼──────┘
 * </pre>
 *
 * A share of a price has ever more digits: a step is cut to {@value #USUAL_DIGITS} decimals, as EC2 prints spot prices, and
 * where nothing would be left of it to {@value #MOST_DIGITS}, the most a price has. It is cut, never rounded up, so that
 * the share is a limit.
 */
public final class Smoothing {

    private static final int USUAL_DIGITS = 6;
    private static final int MOST_DIGITS = 12;

    private Smoothing() {}

    /**
     * The price after one step; the target itself once it is near enough.
     *
     * @param percent by how much of itself the price changes at most, 1 to 100. Of nothing there is no share: from a price
     *     of zero, and from one so small that its share has no digit, the step is a share of the target, or one unit of the
     *     last decimal
     */
    public static HourlyRate step(HourlyRate price, HourlyRate target, int percent) {
        BigDecimal way = target.usd().subtract(price.usd());
        BigDecimal step = share(price.isZero() ? target.usd() : price.usd(), percent);
        if (way.abs().compareTo(step) <= 0) {
            return target;
        }
        BigDecimal next = way.signum() > 0 ? price.usd().add(step) : price.usd().subtract(step);
        return new HourlyRate(plain(next));
    }

    /**
     * When a price steps next: at multiples of its interval since 1970, so that pools of one interval step together.
     *
     * @param interval whole seconds
     */
    public static Instant nextStep(Instant now, Duration interval) {
        long seconds = interval.toSeconds();
        return Instant.ofEpochSecond((Math.floorDiv(now.getEpochSecond(), seconds) + 1) * seconds);
    }

    private static BigDecimal share(BigDecimal of, int percent) {
        BigDecimal exact = of.multiply(BigDecimal.valueOf(percent)).movePointLeft(2);
        BigDecimal usual = exact.setScale(USUAL_DIGITS, RoundingMode.DOWN);
        if (usual.signum() > 0) {
            return usual;
        }
        return exact.setScale(MOST_DIGITS, RoundingMode.DOWN).max(BigDecimal.ONE.movePointLeft(MOST_DIGITS));
    }

    private static BigDecimal plain(BigDecimal usd) {
        BigDecimal stripped = usd.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
