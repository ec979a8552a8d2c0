package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.e2e.SpanReceiver.Received;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A launch whose caller traces it can be followed through all services, down to their databases. */
@ExtendWith(RunningStack.class)
class TracingIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String traceId = UUID.randomUUID().toString().replace("-", "");
    private final String spanId = UUID.randomUUID().toString().replace("-", "").substring(0, 16);

    @Test
    void aLaunchIsOneTraceThroughTheServicesThatHearOfIt(LocalStack stack, SpanReceiver receiver) throws Exception {
        World world = new World(stack.settings());
        world.operator().runClock();
        launch(stack, world, "01", World.launch("traced-" + traceId, 1));

        for (String service : List.of("billing-service", "firewall-service")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(hasConsumedAndWritten(receiver, service))
                            .as(service)
                            .isTrue());
        }
        // The launch's own, and that of the driver's report that the instance runs.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(receiver.ofTrace(traceId))
                        .filteredOn(span -> span.name().startsWith("commit us-east-1"))
                        .hasSizeGreaterThanOrEqualTo(2)
                        .allMatch(span -> hasDatabaseSpan(receiver, span)));
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(withoutParent(receiver)).isEmpty());
    }

    @Test
    void theMarketIsInTheTraceOfASpotInstance(LocalStack stack, SpanReceiver receiver) throws Exception {
        World world = new World(stack.settings());
        // Once the suite is quiet, every pool has a price.
        world.operator().freezeClock();
        world.operator().runClock();
        launch(stack, world, "01", World.spotLaunch("us-east-1a", "0.1", "terminate"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(hasConsumedAndWritten(receiver, "spot-market-service"))
                        .isTrue());
    }

    @Test
    void whatItsCallerDoesNotRecordLeavesNoSpan(LocalStack stack, SpanReceiver receiver) throws Exception {
        World world = new World(stack.settings());
        launch(stack, world, "00", World.launch("untraced-" + traceId, 1));
        // Once the suite is quiet, everybody has heard of it; what they had to send is sent 200 ms later.
        world.operator().freezeClock();
        world.operator().runClock();
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> receiver.ofTrace(traceId).isEmpty());
    }

    private void launch(LocalStack stack, World world, String flags, Map<String, Object> body)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(
                                    stack.settings().url(Service.INSTANCES).resolve("/v1/instances"))
                            .header("Authorization", "Bearer " + world.accountId())
                            .header("Content-Type", "application/json")
                            .header("traceparent", "00-" + traceId + "-" + spanId + "-" + flags)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
        }
    }

    private boolean hasConsumedAndWritten(SpanReceiver receiver, String service) {
        return receiver.ofTrace(traceId).stream()
                .filter(span -> span.service().equals(service))
                .filter(span ->
                        span.name().equals("process instances.lifecycle") && span.isOfKind(SpanKind.SPAN_KIND_CONSUMER))
                .anyMatch(span -> hasDatabaseSpan(receiver, span));
    }

    private boolean hasDatabaseSpan(SpanReceiver receiver, Received above) {
        return receiver.ofTrace(traceId).stream()
                .anyMatch(span -> span.parentId().equals(above.spanId()) && span.isOfKind(SpanKind.SPAN_KIND_CLIENT));
    }

    /** Spans that hang in the air. */
    private List<Received> withoutParent(SpanReceiver receiver) {
        List<Received> trace = receiver.ofTrace(traceId);
        Set<String> known = trace.stream().map(Received::spanId).collect(Collectors.toSet());
        return trace.stream()
                .filter(span ->
                        !known.contains(span.parentId()) && !span.parentId().equals(spanId))
                .toList();
    }
}
