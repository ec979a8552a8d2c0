package io.cumulet.localstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls the services' REST APIs, as one of many callers. Thread-safe. */
public final class StackApi {

    /** The token of the operator's role in local mode. */
    public static final String OPERATOR = "operator";

    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An answer: any status, and its JSON body (missing node if there is none). */
    public record Answer(int status, JsonNode body) {

        public boolean isOk() {
            return status >= 200 && status < 300;
        }
    }

    /** The stack's time: {@code mode} is {@code running} or {@code frozen}. */
    public record Clock(String mode, Instant now) {

        public boolean isFrozen() {
            return mode.equals("frozen");
        }
    }

    private final StackSettings settings;
    private final HttpClient http;
    private final String token;

    private StackApi(StackSettings settings, HttpClient http, String token) {
        this.settings = settings;
        this.http = http;
        this.token = token;
    }

    /** @param token an account's 12 digits, or {@link #OPERATOR} */
    public static StackApi of(StackSettings settings, String token) {
        return new StackApi(
                settings,
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build(),
                token);
    }

    /** The same services, called by somebody else. */
    public StackApi as(String otherToken) {
        return new StackApi(settings, http, otherToken);
    }

    public Clock clock() {
        return clock(get(Service.INSTANCES, "/v1/clock"));
    }

    /** Stops the clock where it stands, once all that is under way has settled. */
    public Clock freezeClock() {
        return clock(post(Service.INSTANCES, "/v1/clock", Map.of("action", "freeze")));
    }

    public Clock runClock() {
        return clock(post(Service.INSTANCES, "/v1/clock", Map.of("action", "run")));
    }

    /** Moves the clock; returns when every timer up to the new time has fired, over all services. */
    public Clock advanceClock(Duration duration) {
        return clock(
                post(Service.INSTANCES, "/v1/clock", Map.of("action", "advance", "duration", duration.toString())));
    }

    /** Empties every table and topic of the stack. */
    public Clock reset() {
        return clock(post(Service.INSTANCES, "/v1/reset", Map.of()));
    }

    /** Takes away all that one account has. */
    public void reset(String account) {
        post(
                Service.ENDPOINT,
                "/_cumulet/reset?account=" + URLEncoder.encode(account, StandardCharsets.UTF_8),
                Map.of());
    }

    private static Clock clock(JsonNode body) {
        return new Clock(
                body.path("mode").asText(), Instant.parse(body.path("now").asText()));
    }

    /** @throws StackFailure if the answer is an error */
    public JsonNode get(Service service, String path) {
        return ok(call(service, "GET", path, null));
    }

    /** @throws StackFailure if the answer is an error */
    public JsonNode post(Service service, String path, Object body) {
        return ok(call(service, "POST", path, body));
    }

    /** @throws StackFailure if the answer is an error */
    public JsonNode delete(Service service, String path) {
        return ok(call(service, "DELETE", path, null));
    }

    private static JsonNode ok(Answer answer) {
        if (!answer.isOk()) {
            throw new StackFailure("The stack refused: "
                    + answer.body().path("detail").asText() + " ("
                    + answer.body().path("code").asText("status " + answer.status()) + ", status " + answer.status()
                    + ")");
        }
        return answer.body();
    }

    /** @throws StackFailure only if no answer comes at all */
    public Answer call(Service service, String method, String path, @Nullable Object body) {
        URI uri = settings.url(service).resolve(path);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + token)
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
            if (body != null) {
                request.header("Content-Type", "application/json");
            }
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (ConnectException e) {
            throw new StackFailure(
                    "Nothing answers at " + uri.resolve("/") + " (" + service.module()
                            + "). Start the stack: ./cumulet up or docker compose up",
                    e);
        } catch (IOException e) {
            throw new StackFailure(
                    "The call " + method + " " + uri + " broke off: " + e + ". ./cumulet status says what runs.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted during " + method + " " + uri, e);
        }
    }

    private static JsonNode json(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            // An answer that is no JSON comes from no service of ours; its status still says something.
            return JSON.missingNode();
        }
    }

    /** A JSON array as a list. */
    public static List<JsonNode> list(JsonNode array) {
        return array.valueStream().toList();
    }
}
