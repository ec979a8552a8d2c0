package io.cumulet.contract;

/**
 * Names of the Kafka headers of an event: CloudEvents 1.0, binary mode, and our extensions.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 *     protocol binding for CloudEvents</a>
 */
public final class CloudEventHeaders {

    public static final String SPEC_VERSION = "ce_specversion";
    /** Unique for each event; what an inbox remembers. */
    public static final String ID = "ce_id";
    /** The service that published it, such as {@code /instance-service}. */
    public static final String SOURCE = "ce_source";
    /** An {@link EventType#typeName()}. */
    public static final String TYPE = "ce_type";
    /** When it happened, in the stack's time (the record's own timestamp is real time). */
    public static final String TIME = "ce_time";
    /** The id of what it is about; equals the record's key. */
    public static final String SUBJECT = "ce_subject";

    public static final String CONTENT_TYPE = "content-type";

    /** 12 digits; {@code 000000000000} for what belongs to no customer. */
    public static final String ACCOUNT = "ce_account";

    public static final String REGION = "ce_region";
    /** The stack's epoch, a whole number that a reset counts up; events of an older epoch are ignored. */
    public static final String EPOCH = "ce_epoch";
    /** Counts up by one with each event of the same aggregate, from 1. */
    public static final String AGGREGATE_VERSION = "ce_aggregateversion";
    /** The {@link #ID} of the event that caused this one, if one did. */
    public static final String CAUSE_ID = "ce_causeid";
    /** {@code on-demand} or {@code spot}, on {@code instances.lifecycle} only, so that a reader can skip the rest unparsed. */
    public static final String MARKET = "ce_market";

    /** The fleet that an instance was launched for, on {@code instances.lifecycle} only, and of those alone. */
    public static final String FLEET = "ce_fleet";

    /**
     * The trace of what caused the event, as W3C Trace Context writes it; only if that trace is recorded. Without {@code ce_}:
     * CloudEvents' extension for distributed tracing tells of the event's origin and leaves the protocol's own header to
     * tracing, and that header is what instrumented Kafka clients read and write.
     *
     * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/distributed-tracing.md">CloudEvents:
     *     distributed tracing extension</a>
     * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
     */
    public static final String TRACEPARENT = "traceparent";
    /** What tracing systems add to {@link #TRACEPARENT}, if they do. */
    public static final String TRACESTATE = "tracestate";

    private CloudEventHeaders() {}
}
