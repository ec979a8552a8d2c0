package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.OperatorOnly;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.spotmarket.app.PriceTraces;
import io.cumulet.spotmarket.app.TraceReplays;
import io.cumulet.spotmarket.app.Traces;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
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
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Recorded price histories, and their replay on the stack's clock: for rehearsals of real markets. */
@Path("/v1/spot-price-traces")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@OperatorOnly
@Tag(name = "Spot price traces (operator)")
public class SpotPriceTraceResource {

    private static final String GZIP = "application/gzip";
    private static final int LONGEST_NAME = 255;

    private final PriceTraces traces;
    private final TraceReplays replays;

    public SpotPriceTraceResource(PriceTraces traces, TraceReplays replays) {
        this.traces = traces;
        this.replays = replays;
    }

    /**
     * A history.
     *
     * @param pools how many pools it has prices of
     * @param changes how many prices, without those that repeat the one before
     * @param from its first change
     * @param until its last
     * @param replaying how many pools replay it
     */
    public record TraceView(
            String traceId,
            @Nullable String name,
            Instant createdAt,
            int pools,
            long changes,
            Instant from,
            Instant until,
            SkippedView skippedRows,
            int replaying) {

        static TraceView of(PriceTraces.Shown shown) {
            Traces.Trace trace = shown.trace();
            Traces.Skipped skipped = trace.skipped();
            return new TraceView(
                    trace.id(),
                    trace.name(),
                    trace.createdAt(),
                    trace.pools(),
                    trace.changes(),
                    trace.from(),
                    trace.until(),
                    new SkippedView(skipped.unknown(), skipped.unpriced(), skipped.classic()),
                    shown.replaying());
        }
    }

    /**
     * How many rows of the file were left out.
     *
     * @param unknown of zones or instance types that there are not here
     * @param unpriced of what is not on offer here
     * @param classic of EC2-Classic, where the file has the VPC's price of the pool too
     */
    public record SkippedView(long unknown, long unpriced, long classic) {}

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(
            List<TraceView> spotPriceTraces, @Nullable String nextToken) {}

    /** Which pools replay a history, and how. */
    public record ReplayBody(
            @Schema(description = "How many seconds of the history pass in one of the stack's; 1 if not said") @Nullable
            Integer speed,

            @Schema(description = "The moment of the history it begins at; its first change if not said") @Nullable
            Instant from,

            @Schema(description = "Only these pools; all of the history if not said") @Nullable
            List<PoolBody> pools) {}

    /** A pool by its names. */
    public record PoolBody(
            @Nullable String availabilityZone,
            @Nullable String instanceType,
            @Nullable String os) {

        PoolId id(String place) {
            String text = required(place, "availabilityZone", availabilityZone) + "/"
                    + required(place, "instanceType", instanceType) + "/" + required(place, "os", os);
            try {
                return PoolId.parse(text);
            } catch (IllegalArgumentException e) {
                throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, place, "There is no pool " + text)
                        .asException();
            }
        }

        private static String required(String place, String field, @Nullable String value) {
            if (value == null) {
                throw Refusal.of(ErrorCode.MISSING_PARAMETER, place + "." + field, "Missing: " + place + "." + field)
                        .asException();
            }
            return value;
        }
    }

    /**
     * A replay.
     *
     * @param from the moment of the history at which it begins
     * @param at when it begins
     * @param pools how many pools are on it
     */
    public record ReplayView(String traceId, int speed, Instant from, Instant at, int pools) {}

    /** How many pools go back to what they had. */
    public record EndedView(int pools) {}

    @POST
    @Consumes({MediaType.APPLICATION_JSON, GZIP})
    @AllowedQuery("name")
    @ResponseStatus(201)
    @Operation(
            summary = "Takes in a price history, as aws ec2 describe-spot-price-history prints it",
            description = "Plain or compressed with gzip. A row that is wrong refuses all; rows of zones and types that"
                    + " there are not here, or of what is not on offer, are left out and counted.")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)),
                @Content(mediaType = GZIP, schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    public TraceView add(@QueryParam("name") @Nullable String name, InputStream body) throws IOException {
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "name",
                            "A name has 1 to " + LONGEST_NAME + " characters")
                    .asException();
        }
        PriceTraces.Reading reading = traces.read();
        new SpotPriceHistoryReader(reading).read(body);
        return TraceView.of(traces.add(name, reading).orThrow());
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists price histories, by id")
    public Page list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<PriceTraces.Shown> asked = traces.page(paging.afterKey(), paging.sizeToAsk());
        return new Page(
                paging.page(asked).stream().map(TraceView::of).toList(),
                paging.nextToken(asked, shown -> shown.trace().id()));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Shows a price history")
    public TraceView get(@PathParam("id") String id) {
        return TraceView.of(traces.find(id).orThrow());
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Removes a price history; refused while pools replay it")
    public TraceView remove(@PathParam("id") String id) {
        return TraceView.of(traces.remove(id).orThrow());
    }

    @POST
    @Path("/{id}/replays")
    @Consumes(MediaType.APPLICATION_JSON)
    @ResponseStatus(202)
    @Operation(
            summary = "Has pools replay a history from now on",
            description = "They turn to it within moments; the stack's clock waits for them. Prices above on-demand are"
                    + " capped. After the last change the price stays.")
    public ReplayView replay(@PathParam("id") String id, @Nullable ReplayBody body) {
        ReplayBody said = body == null ? new ReplayBody(null, null, null) : body;
        List<PoolId> pools = new ArrayList<>();
        List<PoolBody> wanted = said.pools() == null ? List.of() : said.pools();
        for (int i = 0; i < wanted.size(); i++) {
            PoolBody pool = wanted.get(i);
            if (pool == null) {
                throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "pools[" + i + "]", "It is a pool")
                        .asException();
            }
            pools.add(pool.id("pools[" + i + "]"));
        }
        if (said.pools() != null && pools.isEmpty()) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, "pools", "It names at least one pool, or is left out")
                    .asException();
        }
        TraceReplays.Begun begun = replays.begin(
                        id, SpotPoolResource.speedOf(said.speed()), SpotPoolResource.fromOf(said.from()), pools)
                .orThrow();
        PricingPolicy.Trace replay = begun.replay();
        return new ReplayView(replay.traceId(), replay.speed(), replay.from(), replay.at(), begun.pools());
    }

    @DELETE
    @Path("/{id}/replays")
    @ResponseStatus(202)
    @Operation(summary = "Has all pools that replay a history go back to how they were priced before")
    public EndedView end(@PathParam("id") String id) {
        return new EndedView(replays.end(id).orThrow());
    }
}
