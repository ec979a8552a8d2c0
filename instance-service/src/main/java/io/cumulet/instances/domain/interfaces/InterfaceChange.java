package io.cumulet.instances.domain.interfaces;

import io.cumulet.instances.domain.network.NetworkInterface;
import org.jspecify.annotations.Nullable;

/**
 * An interface as it was and as it will be: its next version.
 *
 * @param after null if it goes
 */
public record InterfaceChange(
        NetworkInterface before, @Nullable NetworkInterface after) {}
