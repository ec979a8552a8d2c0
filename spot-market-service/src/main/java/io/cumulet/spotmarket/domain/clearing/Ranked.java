package io.cumulet.spotmarket.domain.clearing;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A bid in its rank: the highest first, then the oldest, then by id. Price and time are taken out as plain numbers once,
 * since sorting 100,000 bids compares them two million times.
 *
 * @param price in units of {@value #DECIMALS} decimals, rounded down, at most {@link Long#MAX_VALUE}
 * @param exact whether {@code price} says all; if not, equal ones are compared in full
 */
public record Ranked(long price, boolean exact, long second, int nano, Bid bid) implements Comparable<Ranked> {

    private static final int DECIMALS = 12;
    private static final int MOST_DIGITS = 18;

    public static Ranked of(Bid bid) {
        BigDecimal usd = bid.maxPrice().usd();
        boolean tooLarge = usd.precision() - usd.scale() > MOST_DIGITS - DECIMALS;
        long price = tooLarge
                ? Long.MAX_VALUE
                : usd.setScale(DECIMALS, RoundingMode.DOWN).unscaledValue().longValue();
        boolean exact = !tooLarge && usd.scale() <= DECIMALS;
        return new Ranked(price, exact, bid.at().getEpochSecond(), bid.at().getNano(), bid);
    }

    @Override
    public int compareTo(Ranked other) {
        if (price != other.price) {
            return price > other.price ? -1 : 1;
        }
        if (!exact || !other.exact) {
            int inFull = other.bid.maxPrice().compareTo(bid.maxPrice());
            if (inFull != 0) {
                return inFull;
            }
        }
        if (second != other.second) {
            return second < other.second ? -1 : 1;
        }
        if (nano != other.nano) {
            return nano < other.nano ? -1 : 1;
        }
        return bid.id().compareTo(other.bid.id());
    }
}
