package io.cumulet.plumbing.clock;

import io.cumulet.contract.ClockSnapshot;
import java.util.Locale;

/** Whether the stack's clock stands or runs. */
public enum ClockMode {
    RUNNING,
    FROZEN;

    /** The name in events and REST. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean is(ClockSnapshot snapshot) {
        return code().equals(snapshot.mode());
    }
}
