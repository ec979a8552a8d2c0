package io.cumulet.spotmarket.api;

import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.spotmarket.app.PoolAdvice;
import io.cumulet.spotmarket.app.PoolAdvice.Advised;
import io.cumulet.spotmarket.app.PoolFacts;
import io.cumulet.spotmarket.domain.advice.InterruptionFrequency;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.RoundingMode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How often pools interrupt and what they save: public to all accounts. */
@Path("/v1/spot-advisor")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Spot advisor")
public class SpotAdvisorResource {

    private static final int PRICE_DECIMALS = 6;

    private final Caller caller;
    private final PoolAdvice advice;

    public SpotAdvisorResource(Caller caller, PoolAdvice advice) {
        this.caller = caller;
        this.advice = advice;
    }

    /**
     * A pool over the last 30 days, or since it is there.
     *
     * @param interruptionFrequency {@code <5%}, {@code 5-10%}, {@code 10-15%}, {@code 15-20%} or {@code >20%}; missing if
     *     nothing ran
     * @param runs how many units ran at some time
     * @param interruptedRuns those of them that the market took back, for its price or for want of room
     * @param averageSpotPrice USD per hour, weighted by time, 6 decimals
     * @param onDemandPrice USD per hour, in force now
     * @param savingsPercent the average against on-demand, whole percent
     */
    public record PoolView(
            String availabilityZone,
            String instanceType,
            String os,
            int vcpus,
            int memoryMib,
            @Nullable String interruptionFrequency,
            long runs,
            long interruptedRuns,
            String averageSpotPrice,
            String onDemandPrice,
            int savingsPercent) {

        private static PoolView of(Advised advised) {
            PoolFacts.Facts facts = advised.facts();
            PoolId pool = facts.id();
            InterruptionFrequency frequency = advised.frequency();
            return new PoolView(
                    pool.zone().value(),
                    pool.type().value(),
                    pool.os().code(),
                    advised.vcpus(),
                    advised.memoryMib(),
                    frequency == null ? null : frequency.label(),
                    facts.runs(),
                    facts.interrupted(),
                    facts.averagePrice()
                            .setScale(PRICE_DECIMALS, RoundingMode.HALF_EVEN)
                            .toPlainString(),
                    advised.onDemand().toString(),
                    advised.savingsPercent().intValueExact());
        }
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(List<PoolView> pools, @Nullable String nextToken) {}

    @GET
    @AllowedQuery({"availabilityZone", "instanceType", "os", "maxResults", "nextToken"})
    @Operation(
            summary = "Says of the region's pools how often they interrupt and what they save",
            description =
                    "Over the last 30 days, by name. Interruptions count that the market made for its price or for want"
                            + " of room; not those that somebody ordered, nor those of other members of a launch group.")
    public Page list(
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        Region region = caller.region();
        PoolFacts.Filter filter = new PoolFacts.Filter(
                PoolNames.zone(region, availabilityZone), PoolNames.type(instanceType), PoolNames.os(os));
        List<Advised> asked = advice.page(region, filter, paging.afterKey(), paging.sizeToAsk());
        return new Page(
                paging.page(asked).stream().map(PoolView::of).toList(),
                paging.nextToken(asked, advised -> advised.facts().id().toString()));
    }
}
