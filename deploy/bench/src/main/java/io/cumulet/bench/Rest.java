package io.cumulet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Plain HTTP/1.1 with kept connections; one event loop, since load and services share the machine. */
final class Rest implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true).setTcpNoDelay(true), new PoolOptions().setHttp1MaxSize(256));

    /** An answer: its HTTP status and its body. */
    record Answer(int status, byte[] body) {

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }

        String text() {
            return new String(body, java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    Answer get(URI uri, String token) throws IOException, InterruptedException {
        return call(HttpMethod.GET, uri, token, null);
    }

    Answer post(URI uri, String token, String body) throws IOException, InterruptedException {
        return call(HttpMethod.POST, uri, token, body);
    }

    Answer put(URI uri, String token, String body) throws IOException, InterruptedException {
        return call(HttpMethod.PUT, uri, token, body);
    }

    private Answer call(HttpMethod method, URI uri, String token, @Nullable String body)
            throws IOException, InterruptedException {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(uri.toString())
                .putHeader("Authorization", "Bearer " + token);
        if (body != null) {
            options.putHeader("Content-Type", "application/json");
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // On the event loop from the start: a handler that is attached from outside may come after the body has gone
        // by.
        context.runOnContext(unused -> client.request(options)
                .compose(request -> body == null ? request.send() : request.send(Buffer.buffer(body)))
                .compose(response ->
                        response.body().map(content -> new Answer(response.statusCode(), content.getBytes())))
                .onComplete(answer::complete, answer::completeExceptionally));
        try {
            return answer.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(method + " " + uri + ": " + e, e);
        }
    }

    @Override
    public void close() {
        client.close();
        vertx.close();
    }
}
