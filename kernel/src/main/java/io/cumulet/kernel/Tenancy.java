package io.cumulet.kernel;

import java.util.Locale;
import java.util.Optional;

/** Whom an instance may share its host with, and so which price it has. */
public enum Tenancy {
    /** With anyone. */
    DEFAULT,
    /** With instances of its own account only; has a price of its own. */
    DEDICATED,
    /** On a host allocated to the account; the host is paid for, the instance is not. */
    HOST;

    /** The name used in events, REST and scenarios: lower case, such as {@code default}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Tenancy> ofCode(String code) {
        for (Tenancy tenancy : values()) {
            if (tenancy.code().equals(code)) {
                return Optional.of(tenancy);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code();
    }
}
