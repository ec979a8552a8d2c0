package io.cumulet.catalog;

import java.util.Locale;
import java.util.Optional;

/** A processor architecture as EC2 names it. An image runs only on a type that has its architecture. */
public enum Architecture {
    I386,
    X86_64,
    ARM64,
    X86_64_MAC,
    ARM64_MAC;

    /** EC2's name, such as {@code x86_64}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Architecture> ofCode(String code) {
        for (Architecture architecture : values()) {
            if (architecture.code().equals(code)) {
                return Optional.of(architecture);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code();
    }
}
