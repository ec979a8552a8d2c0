package io.cumulet.endpoint.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/**
 * How many requests an account may make: token buckets for each account and kind of action.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request throttling for the EC2
 *     API</a>, where the usual sizes are from
 */
@ConfigMapping(prefix = "cumulet.throttling")
public interface ThrottlingConfig {

    /** Whether requests are throttled. */
    @WithDefault("false")
    boolean enabled();

    /** Actions that change nothing: Describe, Get, List, Search. */
    Describe describe();

    /** All others but RunInstances. */
    Mutate mutate();

    /** RunInstances. */
    Run run();

    /** A bucket for actions that change nothing. */
    interface Describe {

        /** How many such requests may come at once. */
        @WithDefault("100")
        @Min(1)
        int bucketSize();

        /** How many such requests a second go on for ever. */
        @WithDefault("20")
        @Min(1)
        int refillPerSecond();
    }

    /** A bucket for actions that change something. */
    interface Mutate {

        /** How many such requests may come at once. */
        @WithDefault("50")
        @Min(1)
        int bucketSize();

        /** How many such requests a second go on for ever. */
        @WithDefault("5")
        @Min(1)
        int refillPerSecond();
    }

    /** A bucket for launches. */
    interface Run {

        /** How many such requests may come at once. */
        @WithDefault("5")
        @Min(1)
        int bucketSize();

        /** How many such requests a second go on for ever. */
        @WithDefault("2")
        @Min(1)
        int refillPerSecond();
    }
}
