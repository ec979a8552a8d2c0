package io.cumulet.plumbing.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.embedded.StackResource;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.opentelemetry.api.trace.Span;
import io.quarkus.arc.ClientProxy;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** As services come: with traces off. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class NoTracesTest {

    @Inject
    ExportedSpans exported;

    @Inject
    Intake intake;

    @Inject
    AgroalDataSource dataSource;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Test
    void aCallersTraceEndsHere() {
        Caller caller = new Caller();
        ConsumerRecords<String, byte[]> batch = new PriceTopic(bootstrapServers).batch(caller.publish("01"));
        ConsumerRecord<String, byte[]> record = batch.iterator().next();
        assertThat(record.headers().lastHeader(CloudEventHeaders.TRACEPARENT)).isNull();

        // As a service with traces on would have sent it.
        record.headers()
                .add(CloudEventHeaders.TRACEPARENT, caller.traceparent("01").getBytes(StandardCharsets.UTF_8));
        AtomicBoolean traced = new AtomicBoolean(true);
        intake.process(batch, new EventConsumer() {
            @Override
            public String name() {
                return "test-" + caller.traceId;
            }

            @Override
            public Set<EventType> wants() {
                return Set.of(EventType.SPOT_PRICE_CHANGED);
            }

            @Override
            public void apply(List<IncomingEvent> events) {
                traced.set(Span.current().getSpanContext().isValid());
            }
        });
        assertThat(traced).isFalse();
        assertThat(exported.ofTrace(caller.traceId)).isEmpty();
    }

    @Test
    void nothingStandsBetweenAServiceAndItsDatabase() {
        assertThat(ClientProxy.unwrap(dataSource).getClass().getName()).isEqualTo("io.agroal.pool.DataSource");
    }
}
