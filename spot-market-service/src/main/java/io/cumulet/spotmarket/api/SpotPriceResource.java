package io.cumulet.spotmarket.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.PriceHistory;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The price history of the pools: public to all accounts. */
@Path("/v1/spot-prices")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Spot prices")
public class SpotPriceResource {

    private static final String NDJSON = "application/x-ndjson";
    private static final MediaType LINES = MediaType.valueOf(NDJSON);

    /** As many lines are in memory at a time. */
    private static final int LINES_AT_ONCE = 1000;

    private final Caller caller;
    private final PriceHistory history;
    private final ObjectWriter lines;

    public SpotPriceResource(Caller caller, PriceHistory history, ObjectMapper json) {
        this.caller = caller;
        this.history = history;
        this.lines = json.writerFor(PriceView.class);
    }

    /**
     * A price of a pool.
     *
     * @param price USD per hour
     * @param from from when on it was, or is, in force
     */
    public record PriceView(String availabilityZone, String instanceType, String os, String price, Instant from) {

        static PriceView of(Pools.Price price) {
            return new PriceView(
                    price.pool().zone().value(),
                    price.pool().type().value(),
                    price.pool().os().code(),
                    price.price().toString(),
                    price.from());
        }
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(List<PriceView> spotPrices, @Nullable String nextToken) {}

    @GET
    @Produces({MediaType.APPLICATION_JSON, NDJSON})
    @AllowedQuery({"availabilityZone", "instanceType", "os", "from", "until", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists prices of the region's pools, newest first",
            description = "With a start, the price that was in force at that moment is in the list too. With Accept:"
                    + " application/x-ndjson all that match, a line for each, sent while they are read.")
    @APIResponse(
            responseCode = "200",
            description = "A page, or all as lines",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = Page.class)),
                @Content(mediaType = NDJSON, schema = @Schema(type = SchemaType.STRING))
            })
    public Response list(
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context HttpHeaders headers) {
        Paging paging = Paging.of(maxResults, nextToken);
        Pools.HistoryFilter filter = filter(caller, availabilityZone, instanceType, os, from, until);
        if (wantsLines(headers)) {
            if (maxResults != null || nextToken != null) {
                throw invalid(maxResults == null ? "nextToken" : "maxResults", "All that match are sent as lines");
            }
            StreamingOutput output = lines(filter);
            return Response.ok(output, LINES).build();
        }
        String after = paging.afterKey();
        List<Pools.Price> asked =
                history.page(caller.region(), filter, after == null ? null : position(after), paging.sizeToAsk());
        return Response.ok(
                        new Page(
                                paging.page(asked).stream().map(PriceView::of).toList(),
                                paging.nextToken(asked, SpotPriceResource::key)),
                        MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    /** JSON unless lines are asked for first. */
    private static boolean wantsLines(HttpHeaders headers) {
        for (MediaType accepted : headers.getAcceptableMediaTypes()) {
            if (accepted.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
                return false;
            }
            if (accepted.isCompatible(LINES)) {
                return true;
            }
        }
        return false;
    }

    private StreamingOutput lines(Pools.HistoryFilter filter) {
        var region = caller.region();
        return out -> {
            List<Pools.Price> part;
            Pools.HistoryPosition after = null;
            do {
                part = history.page(region, filter, after, LINES_AT_ONCE);
                for (Pools.Price price : part) {
                    line(price, out);
                    after = new Pools.HistoryPosition(price.from(), price.pool().toString(), price.version());
                }
            } while (part.size() == LINES_AT_ONCE);
        };
    }

    private void line(Pools.Price price, OutputStream out) throws IOException {
        out.write(lines.writeValueAsBytes(PriceView.of(price)));
        out.write('\n');
    }

    /** What the history is narrowed to, as query parameters say it. */
    static Pools.HistoryFilter filter(
            Caller caller,
            @Nullable String availabilityZone,
            @Nullable String instanceType,
            @Nullable String os,
            @Nullable String from,
            @Nullable String until) {
        PoolNames.check(caller.region(), availabilityZone, instanceType, os);
        Instant since = Query.instant("from", from);
        Instant before = Query.instant("until", until);
        if (since != null && before != null && before.isBefore(since)) {
            throw invalid("until", "It lies before from");
        }
        return new Pools.HistoryFilter(availabilityZone, instanceType, os, since, before);
    }

    private static RefusedException invalid(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }

    private static String key(Pools.Price price) {
        return price.from() + " " + price.pool() + " " + price.version();
    }

    private static Pools.HistoryPosition position(String text) {
        String[] parts = text.split(" ", -1);
        try {
            if (parts.length == 3) {
                return new Pools.HistoryPosition(Instant.parse(parts[0]), parts[1], Long.parseLong(parts[2]));
            }
        } catch (java.time.format.DateTimeParseException | NumberFormatException e) {
            // Not a token of this list: refused below.
        }
        throw Refusal.of(ErrorCode.INVALID_NEXT_TOKEN, "nextToken", "This is not a token of a page of this list")
                .asException();
    }
}
