package io.cumulet.plumbing.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import java.util.List;

/**
 * The span of work that is done for many at once, current on this thread until it is closed: what the database is asked
 * meanwhile stands below it.
 *
 * <pre>
 *   one cause:   trace A ──► span ──► database
 *
 *   several:     trace A ──► its span ◄╌╌╌╌ link
 *                trace B ──► its span ◄╌╌╌╌ link ╌╌╌ span of a trace of its own ──► database
 * </pre>
 *
 * Of work that isn't traced it is {@link #NONE}, which does nothing. Not thread-safe.
 *
 * @see Traces
 */
public final class BatchSpan implements AutoCloseable {

    public static final BatchSpan NONE = new BatchSpan();

    private final List<Span> members;
    private final Span span;
    private final Scope scope;

    /** @param members what stands for the batch in each of several traces */
    @SuppressWarnings("MustBeClosed") // It is closed with this.
    BatchSpan(List<Span> members, Span span) {
        this.members = members;
        this.span = span;
        this.scope = span.makeCurrent();
    }

    private BatchSpan() {
        this.members = List.of();
        this.span = Span.getInvalid();
        this.scope = Scope.noop();
    }

    /** Tells why it came to nothing. */
    public void failed(Throwable why) {
        span.recordException(why);
        span.setStatus(StatusCode.ERROR);
        members.forEach(member -> member.setStatus(StatusCode.ERROR));
    }

    @Override
    public void close() {
        scope.close();
        span.end();
        members.forEach(Span::end);
    }
}
