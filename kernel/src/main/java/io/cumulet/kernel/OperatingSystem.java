package io.cumulet.kernel;

import java.util.Locale;
import java.util.Optional;

/**
 * What an image runs, as far as prices tell it apart, and how its time is counted: Linux and Windows by the second with
 * a minimum of 60 s, every other system by the begun instance-hour.
 *
 * @see <a href="https://aws.amazon.com/ec2/pricing/on-demand/">EC2 On-Demand pricing</a>
 */
public enum OperatingSystem {
    LINUX(Granularity.PER_SECOND),
    WINDOWS(Granularity.PER_SECOND),
    RHEL(Granularity.PER_HOUR),
    SUSE(Granularity.PER_HOUR),
    MACOS(Granularity.PER_HOUR);

    /** How the time of a run is counted. */
    public enum Granularity {
        /** To the second, at least 60 s for each run. */
        PER_SECOND,
        /** By the begun instance-hour, counted from the start of the run. */
        PER_HOUR
    }

    private final Granularity granularity;

    OperatingSystem(Granularity granularity) {
        this.granularity = granularity;
    }

    public Granularity granularity() {
        return granularity;
    }

    /** The name used in events, REST and scenarios: lower case, such as {@code linux}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<OperatingSystem> ofCode(String code) {
        for (OperatingSystem os : values()) {
            if (os.code().equals(code)) {
                return Optional.of(os);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code();
    }
}
