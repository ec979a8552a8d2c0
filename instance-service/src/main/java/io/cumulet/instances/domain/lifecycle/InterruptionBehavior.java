package io.cumulet.instances.domain.lifecycle;

import java.util.Locale;
import java.util.Optional;

/** What happens to a spot instance that is taken back. Hibernation ends in {@code stopped}, as a stop does. */
public enum InterruptionBehavior {
    TERMINATE,
    STOP,
    HIBERNATE;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<InterruptionBehavior> ofCode(String code) {
        for (InterruptionBehavior behavior : values()) {
            if (behavior.code().equals(code)) {
                return Optional.of(behavior);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code();
    }
}
