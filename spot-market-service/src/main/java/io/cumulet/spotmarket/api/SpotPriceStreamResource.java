package io.cumulet.spotmarket.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.spotmarket.api.SpotPriceResource.PriceView;
import io.cumulet.spotmarket.app.PriceFeed;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Prices as they change, as server-sent events: a virtual thread for each reader waits for prices and for the reader.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
@Path("/v1/spot-prices/stream")
@Tag(name = "Spot prices")
public class SpotPriceStreamResource {

    /** Shorter than proxies wait for a connection on which nothing comes. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Logger LOG = Logger.getLogger(SpotPriceStreamResource.class);

    private final Caller caller;
    private final PriceFeed feed;
    private final ObjectWriter json;

    public SpotPriceStreamResource(Caller caller, PriceFeed feed, ObjectMapper json) {
        this.caller = caller;
        this.feed = feed;
        this.json = json.writerFor(PriceView.class);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RunOnVirtualThread
    @AllowedQuery({"availabilityZone", "instanceType", "os"})
    @Operation(
            summary = "Streams prices of the region's pools as they change",
            description = "Server-sent events of type price, in order for each pool. Last-Event-ID goes on behind that"
                    + " event without a gap, at any process of the service. A reader that is too slow is cut off and may"
                    + " go on so.")
    @APIResponse(
            responseCode = "200",
            description = "Events whose data is a price as GET /v1/spot-prices lists it",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    public Response stream(
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context HttpServerRequest request) {
        PoolNames.check(caller.region(), availabilityZone, instanceType, os);
        if (request.method() == HttpMethod.HEAD) {
            return Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build();
        }
        Predicate<PoolId> wanted = wanted(caller.region(), availabilityZone, instanceType, os);
        PriceFeed.Follower follower = feed.follow(
                        lastEventId == null || lastEventId.isEmpty() ? null : lastEventId, wanted)
                .orThrow();
        // Else a thread that waits for a reader who takes nothing would wait for ever.
        follower.onOver(() -> cut(request));
        StreamingOutput events = out -> {
            try (follower) {
                send(follower, out);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                LOG.debugf("A reader of prices has left: %s", e);
            }
        };
        return Response.ok(events, MediaType.SERVER_SENT_EVENTS_TYPE).build();
    }

    /** Of HTTP/2 the stream alone: its connection carries other calls. */
    private static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
        } else {
            request.connection().close();
        }
    }

    private static Predicate<PoolId> wanted(
            Region region, @Nullable String availabilityZone, @Nullable String instanceType, @Nullable String os) {
        return pool -> pool.zone().region().equals(region)
                && (availabilityZone == null || pool.zone().value().equals(availabilityZone))
                && (instanceType == null || pool.type().value().equals(instanceType))
                && (os == null || pool.os().code().equals(os));
    }

    private void send(PriceFeed.Follower follower, OutputStream out) throws IOException, InterruptedException {
        // A reader knows where it is before anything changes.
        write(out, "id: " + follower.position() + "\n\n");
        while (!follower.isOver()) {
            Optional<PriceFeed.Change> next = follower.next(PATIENCE);
            if (next.isPresent()) {
                PriceFeed.Change change = next.get();
                write(
                        out,
                        "id: " + change.position() + "\nevent: price\ndata: "
                                + json.writeValueAsString(PriceView.of(change.price())) + "\n\n");
            } else if (!follower.isOver()) {
                // Without data no event; but the position moves on, and a reader that is gone is noticed.
                write(out, "id: " + follower.position() + "\n\n");
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
