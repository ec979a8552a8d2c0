package io.cumulet.instances.domain.interfaces;

import org.jspecify.annotations.Nullable;

/**
 * An interface of a launch as it was asked for, unchecked.
 *
 * @param networkInterfaceId one that exists; null for a new one
 * @param asked what a new one is to be
 */
public record LaunchInterfaceWish(
        @Nullable Integer deviceIndex,
        @Nullable String networkInterfaceId,
        @Nullable Boolean deleteOnTermination,
        @Nullable Boolean associatePublicIpAddress,
        InterfaceWish asked) {}
