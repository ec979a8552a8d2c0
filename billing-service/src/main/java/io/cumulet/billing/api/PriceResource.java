package io.cumulet.billing.api;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The dated price list. */
@Path("/v1/prices")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Prices")
public class PriceResource {

    private final OnDemandPrices prices;
    private final Caller caller;
    private final InstantSource clock;

    public PriceResource(OnDemandPrices prices, Caller caller, InstantSource clock) {
        this.prices = prices;
        this.caller = caller;
        this.clock = clock;
    }

    public record PricePage(
            List<PriceView> prices, @Nullable String nextToken) {}

    @Schema(description = "The on-demand price of a kind of instance")
    public record PriceView(
            String region,
            String instanceType,
            String os,
            String tenancy,
            @Schema(description = "USD an hour") String hourly,

            @Schema(description = "The date of the price list; in force from that day")
            LocalDate asOf,

            @Schema(description = "Where the price list comes from, and its licence")
            String source) {

        static PriceView of(OnDemandPrice price) {
            return new PriceView(
                    price.region().value(),
                    price.instanceType().value(),
                    price.os().code(),
                    price.tenancy().code(),
                    price.hourly().toString(),
                    price.asOf(),
                    price.source());
        }
    }

    @GET
    @AllowedQuery({"instanceType", "os", "tenancy", "at", "maxResults", "nextToken"})
    @Operation(summary = "Lists on-demand prices in a region, in force now or at another moment")
    @Parameter(name = "region", in = ParameterIn.QUERY, description = "us-east-1 if not said")
    public PricePage list(
            @QueryParam("instanceType") @Nullable String instanceType,
            @Parameter(description = "linux, windows, rhel or suse") @QueryParam("os") @Nullable String os,
            @Parameter(description = "default or dedicated") @QueryParam("tenancy") @Nullable String tenancy,
            @Parameter(description = "The moment the prices are asked for; now if not said") @QueryParam("at") @Nullable
                    String at,
            @Parameter(description = "At most 1000; 100 if not said") @QueryParam("maxResults") @Nullable
                    String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Region region = caller.region();
        InstanceType type = Query.named("instanceType", instanceType, PriceResource::type);
        OperatingSystem system = Query.named("os", os, OperatingSystem::ofCode);
        Tenancy wantedTenancy =
                Query.named("tenancy", tenancy, code -> Tenancy.ofCode(code).filter(known -> known != Tenancy.HOST));
        Instant moment = Query.instant("at", at);
        Paging paging = Paging.of(maxResults, nextToken);

        List<OnDemandPrice> matching = new ArrayList<>(prices.listAt(
                region,
                moment == null ? clock.instant() : moment,
                price -> (type == null || price.instanceType().equals(type))
                        && (system == null || price.os() == system)
                        && (wantedTenancy == null || price.tenancy() == wantedTenancy)));
        matching.sort(Comparator.comparing(PriceResource::key));
        List<OnDemandPrice> asked = paging.ask(matching, PriceResource::key);
        return new PricePage(
                paging.page(asked).stream().map(PriceView::of).toList(), paging.nextToken(asked, PriceResource::key));
    }

    private static Optional<InstanceType> type(String text) {
        return InstanceTypes.find(text).map(InstanceTypeFacts::type);
    }

    private static String key(OnDemandPrice price) {
        return price.instanceType() + " " + price.os() + " " + price.tenancy();
    }
}
