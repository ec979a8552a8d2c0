package io.cumulet.plumbing.trace;

import static io.cumulet.contract.CloudEventHeaders.TRACEPARENT;
import static io.cumulet.contract.CloudEventHeaders.TRACESTATE;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace that is being recorded, as text: it can stand in a header or in a database while nobody works on it.
 * What isn't traced has none (null), and costs nothing; that a trace isn't recorded is no reason to write it down.
 *
 * @param traceparent as <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a> writes it
 * @param tracestate what tracing systems add to it; null if nothing
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {

    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

    /** The place of what this thread does now; null if it isn't traced. */
    public static @Nullable TraceContext current() {
        SpanContext span = Span.current().getSpanContext();
        return span.isSampled() ? of(span) : null;
    }

    /** What was written down; null if nothing was, if it is no traceparent, or of a trace that isn't recorded. */
    public static @Nullable TraceContext of(@Nullable String traceparent, @Nullable String tracestate) {
        if (traceparent == null) {
            return null;
        }
        TraceContext written = new TraceContext(traceparent, tracestate);
        return written.span().isSampled() ? written : null;
    }

    static TraceContext of(SpanContext span) {
        Map<String, String> written = new HashMap<>(4);
        W3C.inject(Context.root().with(Span.wrap(span)), written, Map::put);
        return new TraceContext(written.getOrDefault(TRACEPARENT, ""), written.get(TRACESTATE));
    }

    /** Does something as part of this trace; if there is none, of whatever this thread does now. */
    public static void run(@Nullable TraceContext trace, Runnable action) {
        if (trace == null) {
            action.run();
            return;
        }
        try (Scope scope = trace.context().makeCurrent()) {
            action.run();
        }
    }

    /** The same to be done by another thread, as part of what this one does now. */
    public static Runnable handedOver(Runnable action) {
        return Context.current().wrap(action);
    }

    Context context() {
        return W3C.extract(Context.root(), this, Reader.INSTANCE);
    }

    SpanContext span() {
        return Span.fromContext(context()).getSpanContext();
    }

    private enum Reader implements TextMapGetter<TraceContext> {
        INSTANCE;

        @Override
        public Iterable<String> keys(TraceContext written) {
            return List.of(TRACEPARENT, TRACESTATE);
        }

        @Override
        public @Nullable String get(@Nullable TraceContext written, String name) {
            if (written == null) {
                return null;
            }
            return switch (name) {
                case TRACEPARENT -> written.traceparent;
                case TRACESTATE -> written.tracestate;
                default -> null;
            };
        }
    }
}
