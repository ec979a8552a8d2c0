package io.cumulet.kernel;

import java.util.Optional;

/** How an instance was asked for: at the listed price for as long as wanted, or at the market's until it is taken back. */
public enum Market {
    ON_DEMAND("on-demand"),
    SPOT("spot");

    private final String code;

    Market(String code) {
        this.code = code;
    }

    /** The name used in events, REST and scenarios, such as {@code on-demand}. */
    public String code() {
        return code;
    }

    public static Optional<Market> ofCode(String code) {
        for (Market market : values()) {
            if (market.code.equals(code)) {
                return Optional.of(market);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code;
    }
}
