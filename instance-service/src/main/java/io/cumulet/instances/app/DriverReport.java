package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.plumbing.timers.DueTimer;
import org.jspecify.annotations.Nullable;

/**
 * What a driver says of an instance.
 *
 * @param timer claimed in the transaction that acts on the report, so that it counts once; null if none stands for it
 */
public record DriverReport(
        String instanceId, Command report, @Nullable DueTimer timer) {}
