package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.OperatorOnly;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.spotmarket.app.PoolList;
import io.cumulet.spotmarket.app.PoolPricing;
import io.cumulet.spotmarket.app.PoolPricing.Wish;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The pools, public to all accounts; operators say how they are priced. */
@Path("/v1/spot-pools")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Spot pools")
public class SpotPoolResource {

    private static final int LONGEST_INTERVAL_SECONDS = 86_400;
    private static final int HIGHEST_SPEED = 10_000_000;

    private final Caller caller;
    private final PoolPricing pricing;

    public SpotPoolResource(Caller caller, PoolPricing pricing) {
        this.caller = caller;
        this.pricing = pricing;
    }

    /**
     * A pool.
     *
     * @param price USD per hour
     * @param since from when on the price is in force
     * @param onDemand what the same costs on demand, USD per hour; left out if it isn't on offer any more, as what follows
     *     from it
     * @param savingsPercent how much less the price is than that; whole percent, rounded down
     * @param floor the least price; a replayed one may lie below
     * @param cap the most anybody pays
     */
    public record PoolView(
            String availabilityZone,
            String instanceType,
            String os,
            String price,
            Instant since,
            @Nullable String onDemand,
            @Nullable Integer savingsPercent,
            @Nullable String floor,
            @Nullable String cap,
            PolicyView policy) {}

    /**
     * How a price comes about.
     *
     * @param policy {@code auction}, {@code smoothed} or {@code trace}
     * @param percent of itself that a smoothed price changes at most in one step
     * @param intervalSeconds from one such step to the next
     * @param traceId the history that is replayed
     * @param from the moment of the history at which that began
     * @param at when it began
     * @param speed how many seconds of the history pass in one second
     */
    public record PolicyView(
            String policy,
            @Nullable Integer percent,
            @Nullable Long intervalSeconds,
            @Nullable String traceId,
            @Nullable Instant from,
            @Nullable Instant at,
            @Nullable Integer speed) {

        static PolicyView of(PricingPolicy policy) {
            return switch (policy) {
                case PricingPolicy.Auction auction -> new PolicyView("auction", null, null, null, null, null, null);
                case PricingPolicy.Smoothed(int percent, Duration interval) ->
                    new PolicyView("smoothed", percent, interval.toSeconds(), null, null, null, null);
                case PricingPolicy.Trace(String traceId, Instant from, Instant at, int speed) ->
                    new PolicyView("trace", null, null, traceId, from, at, speed);
            };
        }
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(List<PoolView> spotPools, @Nullable String nextToken) {}

    /** How a pool is to be priced. */
    public record PolicyBody(
            @Schema(required = true, examples = "smoothed", description = "auction, smoothed or trace") @Nullable
            String policy,

            @Schema(
                    description = "smoothed: by how much of itself the price changes at most in one step, 1 to 100",
                    examples = "5")
            @Nullable
            Integer percent,

            @Schema(
                    description =
                            "smoothed: from one step to the next, 1 to 86400; steps fall on its multiples since 1970,"
                                    + " and a clock that is moved stops at each",
                    examples = "300")
            @Nullable
            Integer intervalSeconds,

            @Schema(description = "trace: the history") @Nullable
            String traceId,

            @Schema(description = "trace: how many seconds of the history pass in one; 1 if not said") @Nullable
            Integer speed,

            @Schema(description = "trace: the moment of the history it begins at; its first change if not said")
            @Nullable
            Instant from,

            @Schema(description = "Least price, USD per hour; the configured share of on-demand if not said") @Nullable
            String floor,

            @Schema(description = "Most anybody pays, USD per hour; on-demand if not said") @Nullable
            String cap) {

        Wish wish() {
            return switch (policy == null ? "" : policy) {
                case "auction" -> {
                    none("percent", percent);
                    none("intervalSeconds", intervalSeconds);
                    noTrace();
                    yield new Wish.Auction();
                }
                case "smoothed" -> {
                    noTrace();
                    yield new Wish.Smoothed(new PricingPolicy.Smoothed(
                            between("percent", percent, 100),
                            Duration.ofSeconds(between("intervalSeconds", intervalSeconds, LONGEST_INTERVAL_SECONDS))));
                }
                case "trace" -> {
                    none("percent", percent);
                    none("intervalSeconds", intervalSeconds);
                    if (traceId == null) {
                        throw refuse(ErrorCode.MISSING_PARAMETER, "traceId", "Missing: traceId");
                    }
                    yield new Wish.Trace(traceId, speedOf(speed), fromOf(from));
                }
                case "" -> throw refuse(ErrorCode.MISSING_PARAMETER, "policy", "Missing: policy");
                default ->
                    throw refuse(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "policy",
                            "It is auction, smoothed or trace, not " + policy);
            };
        }

        private void noTrace() {
            none("traceId", traceId);
            none("speed", speed);
            none("from", from);
        }

        private void none(String field, @Nullable Object value) {
            if (value != null) {
                throw refuse(
                        ErrorCode.INVALID_PARAMETER_COMBINATION, field, "The policy " + policy + " takes no " + field);
            }
        }
    }

    /** The speed of a replay; 1 if it isn't said. */
    static int speedOf(@Nullable Integer speed) {
        return speed == null ? 1 : between("speed", speed, HIGHEST_SPEED);
    }

    /** The moment at which a replay begins in its history: one that a history may have. */
    static @Nullable Instant fromOf(@Nullable Instant from) {
        return Times.near("from", from);
    }

    private static int between(String field, @Nullable Integer value, int most) {
        if (value == null) {
            throw refuse(ErrorCode.MISSING_PARAMETER, field, "Missing: " + field);
        }
        if (value < 1 || value > most) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, field, "It is 1 to " + most + ", not " + value);
        }
        return value;
    }

    @GET
    @AllowedQuery({"availabilityZone", "instanceType", "os", "maxResults", "nextToken"})
    @Operation(summary = "Lists the region's pools, by name, with their prices and how these come about")
    public Page list(
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        PoolNames.check(caller.region(), availabilityZone, instanceType, os);
        List<PoolPricing.Priced> asked = pricing.page(
                caller.region(),
                new PoolList.Filter(availabilityZone, instanceType, os),
                paging.afterKey(),
                paging.sizeToAsk());
        return new Page(
                paging.page(asked).stream().map(SpotPoolResource::view).toList(),
                paging.nextToken(asked, priced -> priced.pool().id().toString()));
    }

    @GET
    @Path("/{availabilityZone}/{instanceType}/{os}")
    @Operation(summary = "Shows a pool")
    public PoolView get(
            @PathParam("availabilityZone") String availabilityZone,
            @PathParam("instanceType") String instanceType,
            @PathParam("os") String os) {
        return view(pricing.find(pool(availabilityZone, instanceType, os)).orThrow());
    }

    @PUT
    @Path("/{availabilityZone}/{instanceType}/{os}")
    @Consumes(MediaType.APPLICATION_JSON)
    @OperatorOnly
    @Operation(
            summary = "Sets how a pool is priced, and clears it",
            description =
                    "What isn't said is as configured. A pool that no host has yet is made, if its kind of instance"
                            + " is on offer. A history that the pool replayed it leaves.")
    public PoolView set(
            @PathParam("availabilityZone") String availabilityZone,
            @PathParam("instanceType") String instanceType,
            @PathParam("os") String os,
            @NotNull PolicyBody body) {
        return view(pricing.set(
                        pool(availabilityZone, instanceType, os),
                        body.wish(),
                        price("floor", body.floor()),
                        price("cap", body.cap()))
                .orThrow());
    }

    @DELETE
    @Path("/{availabilityZone}/{instanceType}/{os}")
    @OperatorOnly
    @Operation(
            summary = "Has a pool priced as configured, and clears it",
            description = "Its own policy, floor and cap go. A history that the pool replayed it leaves.")
    public PoolView reset(
            @PathParam("availabilityZone") String availabilityZone,
            @PathParam("instanceType") String instanceType,
            @PathParam("os") String os) {
        return view(pricing.reset(pool(availabilityZone, instanceType, os)).orThrow());
    }

    private PoolId pool(String availabilityZone, String instanceType, String os) {
        return PoolNames.pool(caller.region(), availabilityZone, instanceType, os);
    }

    private static @Nullable HourlyRate price(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!HourlyRate.isValid(text)) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field,
                    "It is USD per hour as a decimal such as 0.0500, not " + text);
        }
        return HourlyRate.of(text);
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }

    private static PoolView view(PoolPricing.Priced priced) {
        PoolId id = priced.pool().id();
        HourlyRate price = priced.pool().price();
        HourlyRate onDemand = priced.onDemand();
        return new PoolView(
                id.zone().value(),
                id.type().value(),
                id.os().code(),
                price.toString(),
                priced.since(),
                text(onDemand),
                onDemand == null || onDemand.isZero() ? null : savingsPercent(price, onDemand),
                text(priced.floor()),
                text(priced.cap()),
                PolicyView.of(priced.pool().policy()));
    }

    private static @Nullable String text(@Nullable HourlyRate rate) {
        return rate == null ? null : rate.toString();
    }

    private static int savingsPercent(HourlyRate price, HourlyRate onDemand) {
        return onDemand.usd()
                .subtract(price.usd())
                .multiply(BigDecimal.valueOf(100))
                .divide(onDemand.usd(), 0, RoundingMode.FLOOR)
                .intValueExact();
    }
}
