package io.cumulet.instances.domain.interfaces;

/** An interface that an instance is launched with, its request checked. */
public sealed interface LaunchInterface {

    /** 0 for the primary one. */
    int deviceIndex();

    /** Whether it goes with the instance. */
    boolean deleteOnTermination();

    /** One that is attached to nothing yet. */
    record Existing(String interfaceId, int deviceIndex, boolean deleteOnTermination) implements LaunchInterface {}

    /** A new one. */
    record Made(NewInterface asked, int deviceIndex, boolean deleteOnTermination) implements LaunchInterface {}
}
