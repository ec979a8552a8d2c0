package io.cumulet.instances.app;

import io.cumulet.plumbing.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * An announcement with the trace of what caused it.
 *
 * @param trace null if that isn't traced
 */
public record Announced(Announcement announcement, @Nullable TraceContext trace) {}
