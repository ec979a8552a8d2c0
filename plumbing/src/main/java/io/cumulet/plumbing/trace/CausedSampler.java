package io.cumulet.plumbing.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * What is recorded is decided where a trace begins, by the sampler that is configured; this one knows the spans that
 * begin none of their own accord:
 *
 * <ul>
 *   <li>a batch for several traces is recorded if one of them is;
 *   <li>a call to the database that nobody caused isn't: the relay, the timers and the clock ask several times a second,
 *       and would bury everything else.
 * </ul>
 */
final class CausedSampler implements Sampler {

    private final Sampler beginnings;

    CausedSampler(Sampler beginnings) {
        this.beginnings = beginnings;
    }

    @Override
    public SamplingResult shouldSample(
            Context parent, String traceId, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        if (!Span.fromContext(parent).getSpanContext().isValid()) {
            if (kind == SpanKind.CLIENT) {
                return SamplingResult.drop();
            }
            for (LinkData link : links) {
                if (link.getSpanContext().isSampled()) {
                    return SamplingResult.recordAndSample();
                }
            }
        }
        return beginnings.shouldSample(parent, traceId, name, kind, attributes, links);
    }

    @Override
    public String getDescription() {
        return "CausedSampler{" + beginnings.getDescription() + "}";
    }
}
