package io.cumulet.kernel;

import java.util.Optional;

/** What a spot instance that was taken back pays for the instance-hour in which that happened, if it wasn't complete. */
public enum SpotInterruptionPolicy {
    /** Nothing, whichever hour it is: the rule EC2 had until 2017, and the default. */
    INTERRUPTED_HOUR_FREE("interrupted-hour-free"),
    /**
     * Nothing in the first instance-hour; later ones to the second, or nothing for systems that are charged by the hour.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html">Billing
     *     for interrupted Spot Instances</a>
     */
    FIRST_HOUR_FREE("first-hour-free");

    private final String code;

    SpotInterruptionPolicy(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public static Optional<SpotInterruptionPolicy> ofCode(String code) {
        for (SpotInterruptionPolicy policy : values()) {
            if (policy.code.equals(code)) {
                return Optional.of(policy);
            }
        }
        return Optional.empty();
    }
}
