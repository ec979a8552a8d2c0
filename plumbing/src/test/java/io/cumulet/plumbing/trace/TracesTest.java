package io.cumulet.plumbing.trace;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.cumulet.plumbing.outbox.Outbox;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** From REST through outbox, Kafka and intake to the database, with traces on. */
@QuarkusTest
@TestProfile(TracesTest.On.class)
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class TracesTest {

    /** A deployment that switched traces on and records none of its own accord. */
    public static class On implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.otel.sdk.disabled", "false",
                    "quarkus.otel.traces.sampler.arg", "0.0",
                    "quarkus.otel.bsp.schedule.delay", "50ms");
        }
    }

    private static final String TOPIC = "spot.prices";

    @Inject
    ExportedSpans exported;

    @Inject
    Intake intake;

    @Inject
    Outbox outbox;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    private final EventConsumer consumer = new EventConsumer() {
        private final String name = "test-" + UUID.randomUUID();

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<EventType> wants() {
            return Set.of(EventType.SPOT_PRICE_CHANGED);
        }

        @Override
        public void apply(List<IncomingEvent> events) {
            events.forEach(event -> outbox.append(PriceResource.price("after-" + event.key())));
        }
    };

    @Test
    void oneTraceLeadsFromACallThroughKafkaToTheConsumersDatabaseAndOn() {
        Caller caller = new Caller();
        String key = caller.publish("01");
        ConsumerRecords<String, byte[]> batch = topic().batch(key);
        intake.process(batch, consumer);

        SpanData server = exported.await(caller.traceId, span -> span.getKind() == SpanKind.SERVER);
        assertThat(server.getParentSpanId()).isEqualTo(caller.spanId);
        assertThat(header(batch.iterator().next()))
                .isEqualTo("00-" + caller.traceId + "-" + server.getSpanId() + "-01");
        assertThat(exported.await(caller.traceId, span -> isInsertIntoOutbox(span, server)))
                .isNotNull();

        SpanData consuming = exported.await(caller.traceId, span -> span.getKind() == SpanKind.CONSUMER);
        assertThat(consuming.getName()).isEqualTo("process " + TOPIC);
        assertThat(consuming.getParentSpanId()).isEqualTo(server.getSpanId());
        assertThat(consuming.getAttributes().asMap().toString())
                .contains("messaging.system=kafka", "messaging.destination.name=" + TOPIC, consumer.name());
        assertThat(exported.await(caller.traceId, span -> isInsertIntoOutbox(span, consuming)))
                .isNotNull();

        String next = header(topic().batch("after-" + key).iterator().next());
        assertThat(next).isEqualTo("00-" + caller.traceId + "-" + consuming.getSpanId() + "-01");
    }

    @Test
    void aBatchForSeveralTracesHasASpanInEachAndIsLinkedWithThem() {
        Caller one = new Caller();
        Caller other = new Caller();
        Caller untraced = new Caller();
        intake.process(topic().batch(one.publish("01"), other.publish("01"), untraced.publish("00")), consumer);

        SpanData inOne = exported.await(one.traceId, span -> span.getKind() == SpanKind.CONSUMER);
        SpanData inOther = exported.await(other.traceId, span -> span.getKind() == SpanKind.CONSUMER);
        SpanData batch = exported.all().stream()
                .filter(span -> span.getLinks().stream()
                        .anyMatch(link -> link.getSpanContext().getSpanId().equals(inOne.getSpanId())))
                .findFirst()
                .orElseThrow();
        assertThat(batch.getTraceId()).isNotIn(one.traceId, other.traceId, untraced.traceId);
        assertThat(batch.getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(linked -> linked.getTraceId() + linked.getSpanId())
                .containsExactlyInAnyOrder(one.traceId + inOne.getSpanId(), other.traceId + inOther.getSpanId());
        assertThat(exported.await(batch.getTraceId(), span -> isInsertIntoOutbox(span, batch)))
                .isNotNull();
    }

    @Test
    void whatItsCallerDoesNotRecordIsNotRecordedAndItsEventHasNoHeader() {
        Caller caller = new Caller();
        ConsumerRecords<String, byte[]> batch = topic().batch(caller.publish("00"));
        intake.process(batch, consumer);
        assertThat(header(batch.iterator().next())).isNull();

        Caller later = new Caller();
        later.publish("01");
        exported.await(later.traceId, span -> span.getKind() == SpanKind.SERVER);
        assertThat(exported.ofTrace(caller.traceId)).isEmpty();
    }

    @Test
    void neitherTheBarriersQuestionsNorTheWorkersOwnQueriesAreTraced() {
        Caller caller = new Caller();
        given().header("traceparent", caller.traceparent("01"))
                .header("Authorization", "Bearer operator")
                .get("/v1/status")
                .then()
                .statusCode(200);
        given().header("traceparent", caller.traceparent("01"))
                .get("/q/health/ready")
                .then()
                .statusCode(200);
        Caller later = new Caller();
        later.publish("01");
        exported.await(later.traceId, span -> span.getKind() == SpanKind.SERVER);
        assertThat(exported.ofTrace(caller.traceId)).isEmpty();
        assertThat(exported.all())
                .noneMatch(span -> span.getKind() == SpanKind.CLIENT
                        && !span.getParentSpanContext().isValid());
    }

    private PriceTopic topic() {
        return new PriceTopic(bootstrapServers);
    }

    private static boolean isInsertIntoOutbox(SpanData span, SpanData parent) {
        return span.getKind() == SpanKind.CLIENT
                && span.getParentSpanId().equals(parent.getSpanId())
                && span.getAttributes().asMap().toString().contains("INSERT INTO outbox");
    }

    private static String header(ConsumerRecord<String, byte[]> record) {
        return EventHeaders.text(record.headers(), CloudEventHeaders.TRACEPARENT);
    }
}
