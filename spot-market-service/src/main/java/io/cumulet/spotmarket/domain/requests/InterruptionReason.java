package io.cumulet.spotmarket.domain.requests;

import java.util.Locale;

/** Why the market takes an instance back. */
public enum InterruptionReason {
    /** The price rose above its max. */
    PRICE,
    /** There is no room for it any more. */
    CAPACITY,
    /** Another of its launch group was taken back. */
    LAUNCH_GROUP,
    /** Somebody asked for it, to see what happens. */
    INJECTED;

    /** As events and REST name it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
