package io.cumulet.spotmarket.domain.pricing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Which moment of a history a replay is at, and when a moment of the history comes.
 *
 * <pre>
 *   history   from ────────── change ──────►        speed: so many of its seconds
 *   stack      at  ── due ──────────────────►       pass in one of the stack's
 * </pre>
 */
public final class ReplayClock {

    /** Beyond any history, and what a database can still write down. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private static final int MICROSECOND = 6;

    private ReplayClock() {}

    /** The moment of the history that a replay is at; {@code from} before it has begun. */
    public static Instant momentAt(PricingPolicy.Trace replay, Instant now) {
        BigDecimal passed = seconds(Duration.between(replay.at(), now)).max(BigDecimal.ZERO);
        BigDecimal left = seconds(Duration.between(replay.from(), LAST));
        BigDecimal gone = passed.multiply(BigDecimal.valueOf(replay.speed())).min(left);
        return replay.from().plus(duration(gone));
    }

    /**
     * When a moment of the history comes, in the stack's time: at the next whole second, so that what many pools change
     * within one happens at once, and a clock that is moved stops once for it. Never too early: the moment has been reached
     * when its timer fires.
     */
    public static Instant dueAt(PricingPolicy.Trace replay, Instant moment) {
        BigDecimal ahead = seconds(Duration.between(replay.from(), moment)).max(BigDecimal.ZERO);
        BigDecimal lasts = ahead.divide(BigDecimal.valueOf(replay.speed()), MICROSECOND, RoundingMode.UP);
        Instant due = replay.at().plus(duration(lasts));
        Instant second = due.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(due) ? due : second.plusSeconds(1);
    }

    private static BigDecimal seconds(Duration duration) {
        return BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
    }

    private static Duration duration(BigDecimal seconds) {
        long whole = seconds.setScale(0, RoundingMode.DOWN).longValueExact();
        long nanos = seconds.subtract(BigDecimal.valueOf(whole))
                .movePointRight(9)
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
        return Duration.ofSeconds(whole, nanos);
    }
}
