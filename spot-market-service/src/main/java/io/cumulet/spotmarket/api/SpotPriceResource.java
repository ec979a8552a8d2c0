package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.PageToken;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.PriceHistory;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The price history of the pools: public to all accounts. */
@Path("/v1/spot-prices")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Spot prices")
public class SpotPriceResource {

    private final Caller caller;
    private final PriceHistory history;

    public SpotPriceResource(Caller caller, PriceHistory history) {
        this.caller = caller;
        this.history = history;
    }

    /**
     * A price of a pool.
     *
     * @param price USD per hour
     * @param from from when on it was, or is, in force
     */
    public record PriceView(String availabilityZone, String instanceType, String os, String price, Instant from) {}

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(List<PriceView> spotPrices, @Nullable String nextToken) {}

    @GET
    @AllowedQuery({"availabilityZone", "instanceType", "os", "from", "until", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists prices of the region's pools, newest first",
            description = "With a start, the price that was in force at that moment is in the list too.")
    public Page list(
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        int size = Query.pageSize(maxResults);
        Pools.HistoryFilter filter = new Pools.HistoryFilter(
                availabilityZone, instanceType, os, Query.instant("from", from), Query.instant("until", until));
        List<Pools.Price> found = history.page(
                caller.region(), filter, nextToken == null ? null : position(PageToken.decode(nextToken)), size + 1);
        boolean more = found.size() > size;
        List<Pools.Price> page = more ? found.subList(0, size) : found;
        return new Page(page.stream().map(SpotPriceResource::view).toList(), more ? token(page.getLast()) : null);
    }

    private static PriceView view(Pools.Price price) {
        return new PriceView(
                price.pool().zone().value(),
                price.pool().type().value(),
                price.pool().os().code(),
                price.price().toString(),
                price.from());
    }

    private static String token(Pools.Price last) {
        return PageToken.encode(last.from() + " " + last.pool() + " " + last.version());
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
