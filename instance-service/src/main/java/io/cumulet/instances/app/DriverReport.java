package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Command;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * What a driver, or a timer, says of an instance.
 *
 * @param timer claimed in the transaction that acts on the report, so that it counts once; null if none stands for it
 * @param trace of the command that it answers; null if that wasn't traced, or the driver didn't keep it
 */
public record DriverReport(
        String instanceId,
        Command report,
        @Nullable DueTimer timer,
        @Nullable TraceContext trace) {}
