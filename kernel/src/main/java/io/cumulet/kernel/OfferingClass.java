package io.cumulet.kernel;

import java.util.Locale;
import java.util.Optional;

/**
 * What may be done with a Reserved Instance after it was bought.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/reserved-instances-types.html">Offering classes</a>
 */
public enum OfferingClass {
    /** It can be modified, and sold on the marketplace. */
    STANDARD,
    /** It can be exchanged for one of another family, system or tenancy. */
    CONVERTIBLE;

    /** The name in REST and events: lower case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<OfferingClass> ofCode(String code) {
        for (OfferingClass offeringClass : values()) {
            if (offeringClass.code().equals(code)) {
                return Optional.of(offeringClass);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code();
    }
}
