package io.cumulet.spotmarket.api;

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
        Paging paging = Paging.of(maxResults, nextToken);
        checkKind(availabilityZone, instanceType, os);
        Instant since = Query.instant("from", from);
        Instant before = Query.instant("until", until);
        if (since != null && before != null && before.isBefore(since)) {
            throw invalid("until", "It lies before from");
        }
        Pools.HistoryFilter filter = new Pools.HistoryFilter(availabilityZone, instanceType, os, since, before);
        String after = paging.afterKey();
        List<Pools.Price> asked =
                history.page(caller.region(), filter, after == null ? null : position(after), paging.sizeToAsk());
        return new Page(
                paging.page(asked).stream().map(SpotPriceResource::view).toList(),
                paging.nextToken(asked, SpotPriceResource::key));
    }

    /** A name that doesn't exist is a mistake, and not a market without prices. */
    private void checkKind(@Nullable String availabilityZone, @Nullable String instanceType, @Nullable String os) {
        PoolNames.zone(caller.region(), availabilityZone);
        PoolNames.type(instanceType);
        PoolNames.os(os);
    }

    private static RefusedException invalid(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }

    private static PriceView view(Pools.Price price) {
        return new PriceView(
                price.pool().zone().value(),
                price.pool().type().value(),
                price.pool().os().code(),
                price.price().toString(),
                price.from());
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
