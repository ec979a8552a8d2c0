package io.cumulet.firewall.domain.traffic;

import java.util.Locale;

/** The protocols with ports. */
public enum Transport {
    TCP(6),
    UDP(17);

    private final int number;

    Transport(int number) {
        this.number = number;
    }

    /** The IANA protocol number. */
    public int number() {
        return number;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
