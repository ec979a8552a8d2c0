package io.cumulet.instances.domain.interfaces;

import org.jspecify.annotations.Nullable;

/** An interface that an instance is launched with, its request checked. */
public sealed interface LaunchInterface {

    /** 0 for the primary one. */
    int deviceIndex();

    /** Whether it goes with the instance. */
    boolean deleteOnTermination();

    /** One that is attached to nothing yet. */
    record Existing(String interfaceId, int deviceIndex, boolean deleteOnTermination) implements LaunchInterface {}

    /**
     * A new one.
     *
     * @param publicAddress whether it has a public address for as long as its instance runs; null: as its subnet says
     */
    record Made(
            NewInterface asked,
            int deviceIndex,
            boolean deleteOnTermination,
            @Nullable Boolean publicAddress) implements LaunchInterface {}
}
