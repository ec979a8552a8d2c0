package io.cumulet.plumbing.intake;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.OperatorOnly;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.plumbing.intake.ParkedRecords.Parked;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Events this service couldn't read or apply, and what waits behind them. */
@Path("/v1/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@OperatorOnly
@Blocking
@Tag(name = "Operations")
public class DeadLettersResource {

    private final DeadLetters deadLetters;

    public DeadLettersResource(DeadLetters deadLetters) {
        this.deadLetters = deadLetters;
    }

    /**
     * A dead letter.
     *
     * @param consumer who couldn't apply it
     * @param key the record's; what came later for the same key waits behind it
     * @param parkedAt in real time
     */
    public record DeadLetterView(
            long id,
            String consumer,
            String topic,
            int partition,
            long offset,
            String key,
            String reason,
            Instant parkedAt) {}

    /** A dead letter with all it holds; the payload as text. */
    public record DeadLetterDetail(DeadLetterView deadLetter, Map<String, String> headers, String payload) {}

    /** A page of them, oldest first. */
    public record DeadLetterPage(
            List<DeadLetterView> deadLetters, @Nullable String nextToken) {}

    /** Which to replay; what isn't said isn't narrowed. */
    public record ReplayRequest(
            @Nullable String consumer,
            @Nullable String topic,
            @Nullable String key) {}

    @GET
    @AllowedQuery({"consumer", "topic", "key", "maxResults", "nextToken"})
    @Operation(summary = "Dead letters, oldest first")
    public DeadLetterPage list(
            @QueryParam("consumer") @Nullable String consumer,
            @QueryParam("topic") @Nullable String topic,
            @QueryParam("key") @Nullable String key,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        long after = paging.afterKey() == null ? 0 : id("nextToken", paging.afterKey(), ErrorCode.INVALID_NEXT_TOKEN);
        List<Parked> asked =
                deadLetters.page(new ParkedRecords.Filter(consumer, topic, key), after, paging.sizeToAsk());
        return new DeadLetterPage(
                paging.page(asked).stream().map(DeadLettersResource::view).toList(),
                paging.nextToken(asked, parked -> Long.toString(parked.id())));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One dead letter with its headers and payload")
    public DeadLetterDetail show(@PathParam("id") String id) {
        Parked parked = deadLetters.find(id("id", id, ErrorCode.NOT_FOUND)).orThrow();
        Map<String, String> headers = new TreeMap<>();
        for (Header header : EventHeaders.parse(parked.headers())) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return new DeadLetterDetail(view(parked), headers, new String(parked.payload(), StandardCharsets.UTF_8));
    }

    @POST
    @Path("/replay")
    @Operation(
            summary = "Applies dead letters whose cause is fixed",
            description = "Each key's in the order of the topic. The first of a key that still fails stops its key.")
    public DeadLetters.Replay replay(@Nullable ReplayRequest request) {
        return request == null
                ? deadLetters.replay(null, null, null)
                : deadLetters.replay(request.consumer(), request.topic(), request.key());
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            summary = "Gives up a dead letter that can never be applied",
            description = "What waits behind it can be replayed then. Its copy on the topic of dead letters stays.")
    public void discard(@PathParam("id") String id) {
        deadLetters.discard(id("id", id, ErrorCode.NOT_FOUND)).orThrow();
    }

    private static DeadLetterView view(Parked parked) {
        return new DeadLetterView(
                parked.id(),
                parked.consumer(),
                parked.topic(),
                parked.partition(),
                parked.offset(),
                parked.key(),
                parked.reason(),
                parked.parkedAt());
    }

    private static long id(String field, String text, ErrorCode refusal) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refusal.of(refusal, field, "'" + text + "' is not the id of a dead letter")
                    .asException();
        }
    }
}
