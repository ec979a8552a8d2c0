package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.PriceHistory;
import io.cumulet.spotmarket.app.Tariffs;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The price history as a picture. */
@Path("/v1/spot-prices/chart")
@Blocking
@Tag(name = "Spot prices")
public class SpotPriceChartResource {

    private static final Duration USUAL = Duration.ofDays(7);
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final int PART = 5000;
    private static final int MOST_CHANGES = 20_000;

    private final Caller caller;
    private final PriceHistory history;
    private final Tariffs tariffs;
    private final StackClock clock;

    public SpotPriceChartResource(Caller caller, PriceHistory history, Tariffs tariffs, StackClock clock) {
        this.caller = caller;
        this.history = history;
        this.tariffs = tariffs;
        this.clock = clock;
    }

    @GET
    @Produces("image/svg+xml")
    @AllowedQuery({"availabilityZone", "instanceType", "os", "from", "until"})
    @Operation(
            summary = "Draws the prices of a type over time, for one zone or for each of the region's",
            description =
                    "SVG with a step line for each pool and a dashed line for on-demand. The system is linux if it"
                            + " isn't said, the time the last seven days. At most 400 days with at most 20,000"
                            + " changes.")
    public String chart(
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until) {
        if (instanceType == null) {
            throw refuse(ErrorCode.MISSING_PARAMETER, "instanceType", "Missing: instanceType");
        }
        String system = os == null ? OperatingSystem.LINUX.code() : os;
        Pools.HistoryFilter said =
                SpotPriceResource.filter(caller, availabilityZone, instanceType, system, from, until);
        Instant end = said.until() == null ? clock.instant() : said.until();
        Instant start = said.from() == null ? end.minus(USUAL) : said.from();
        if (!start.isBefore(end)) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "from", "It lies before until, or before now");
        }
        if (Duration.between(start, end).compareTo(LONGEST) > 0) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE, "from", "A chart shows at most " + LONGEST.toDays() + " days");
        }
        String where = availabilityZone == null ? caller.region().value() : availabilityZone;
        PriceChart chart = new PriceChart(instanceType + ", " + system + ", " + where, start, end);
        draw(chart, new Pools.HistoryFilter(availabilityZone, instanceType, system, start, end));
        return chart.svg();
    }

    private void draw(PriceChart chart, Pools.HistoryFilter filter) {
        List<Pools.Price> part;
        Pools.HistoryPosition after = null;
        int changes = 0;
        do {
            part = history.page(caller.region(), filter, after, PART);
            changes += part.size();
            if (changes > MOST_CHANGES) {
                throw refuse(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "from",
                        "There are more than " + MOST_CHANGES
                                + " changes in this time; ask for a shorter one, or for one zone");
            }
            for (Pools.Price price : part) {
                chart.add(price);
                after = new Pools.HistoryPosition(price.from(), price.pool().toString(), price.version());
            }
            if (!part.isEmpty()) {
                tariffs.onDemand(part.getLast().pool(), clock.instant()).ifPresent(chart::onDemand);
            }
        } while (part.size() == PART);
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }
}
