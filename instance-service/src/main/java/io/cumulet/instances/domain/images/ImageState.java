package io.cumulet.instances.domain.images;

import java.util.Locale;

/** What can be done with an image. */
public enum ImageState {
    AVAILABLE,
    /** Listed for its owner, launched by nobody. */
    DISABLED,
    /** Gone for everybody; what was launched from it goes on. */
    DEREGISTERED;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static ImageState ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
