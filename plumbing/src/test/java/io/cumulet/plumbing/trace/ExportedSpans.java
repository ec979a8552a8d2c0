package io.cumulet.plumbing.trace;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** What the application under test exported, while traces are on. */
@ApplicationScoped
public class ExportedSpans {

    private static final InMemorySpanExporter EXPORTED = InMemorySpanExporter.create();

    @Produces
    @Singleton
    SpanExporter exporter() {
        return EXPORTED;
    }

    List<SpanData> all() {
        return EXPORTED.getFinishedSpanItems();
    }

    List<SpanData> ofTrace(String traceId) {
        return all().stream().filter(span -> span.getTraceId().equals(traceId)).toList();
    }

    /** Waits for a span of a trace; it is exported a little after it ended. */
    SpanData await(String traceId, Predicate<SpanData> isIt) {
        return Awaitility.await()
                .alias("a span of trace " + traceId)
                .atMost(Duration.ofSeconds(20))
                .until(() -> ofTrace(traceId).stream().filter(isIt).findFirst(), Optional::isPresent)
                .orElseThrow();
    }
}
