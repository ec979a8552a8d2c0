package io.cumulet.plumbing.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the spans of work that is done for many at once. REST and database have their spans from Quarkus; these are the
 * ones in between, and they begin no trace: whoever isn't traced stays so.
 */
@ApplicationScoped
public class Traces {

    private static final String SCOPE = "io.cumulet";
    private static final AttributeKey<String> CONSUMER = AttributeKey.stringKey("cumulet.consumer");
    private static final AttributeKey<Long> WORKS = AttributeKey.longKey("cumulet.works");

    // https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<Long> MESSAGES = AttributeKey.longKey("messaging.batch.message_count");

    private final Tracer tracer;
    private final boolean on;

    public Traces(OpenTelemetry telemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean switchedOff) {
        this.tracer = telemetry.getTracer(SCOPE);
        this.on = !switchedOff;
    }

    /** Whether anything is traced at all; if not, nobody need look for what caused a piece of work. */
    public boolean areOn() {
        return on;
    }

    /** One transaction for the works of many callers. */
    public BatchSpan transaction(String name, Set<TraceContext> callers, int works) {
        return begin(name, SpanKind.INTERNAL, Attributes.of(WORKS, (long) works), callers);
    }

    /**
     * A batch of records that a consumer takes in.
     *
     * @param causes what the records' headers say
     * @param records of the whole batch
     */
    public BatchSpan processing(String topic, String consumer, Set<TraceContext> causes, int records) {
        Attributes attributes = causes.isEmpty()
                ? Attributes.empty()
                : Attributes.builder()
                        .put(SYSTEM, "kafka")
                        .put(DESTINATION, topic)
                        .put(OPERATION, "process")
                        .put(OPERATION_TYPE, "process")
                        .put(MESSAGES, (long) records)
                        .put(CONSUMER, consumer)
                        .build();
        return begin("process " + topic, SpanKind.CONSUMER, attributes, causes);
    }

    private BatchSpan begin(String name, SpanKind kind, Attributes attributes, Set<TraceContext> causes) {
        if (!on || causes.isEmpty()) {
            return BatchSpan.NONE;
        }
        if (causes.size() == 1) {
            Span only = span(name, kind, attributes)
                    .setParent(causes.iterator().next().context())
                    .startSpan();
            return new BatchSpan(List.of(), only);
        }
        List<Span> members = new ArrayList<>(causes.size());
        SpanBuilder batch = span(name, kind, attributes).setParent(Context.root());
        for (TraceContext cause : causes) {
            Span member =
                    span(name, kind, attributes).setParent(cause.context()).startSpan();
            members.add(member);
            batch.addLink(member.getSpanContext());
        }
        return new BatchSpan(members, batch.startSpan());
    }

    private SpanBuilder span(String name, SpanKind kind, Attributes attributes) {
        return tracer.spanBuilder(name).setSpanKind(kind).setAllAttributes(attributes);
    }
}
