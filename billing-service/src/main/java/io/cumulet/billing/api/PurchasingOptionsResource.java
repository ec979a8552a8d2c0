package io.cumulet.billing.api;

import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.WhatIfs;
import io.cumulet.billing.app.WhatIfs.Portfolio;
import io.cumulet.billing.app.WhatIfs.Result;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import io.cumulet.plumbing.api.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Which purchasing option is right for what an account uses. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Purchasing options")
public class PurchasingOptionsResource {

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int MOST_PORTFOLIOS = 50;

    private final WhatIfs whatIfs;
    private final Offerings offerings;
    private final Caller caller;
    private final InstantSource clock;

    public PurchasingOptionsResource(WhatIfs whatIfs, Offerings offerings, Caller caller, InstantSource clock) {
        this.whatIfs = whatIfs;
        this.offerings = offerings;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(name = "WhatIfRequest")
    public record WhatIf(
            @Schema(required = true, description = "On the hour") @Nullable
            Instant from,

            @Schema(required = true, description = "On the hour, not behind the present, at most 366 days behind from")
            @Nullable
            Instant until,

            @Schema(required = true) @Nullable List<PortfolioRequest> portfolios) {}

    @Schema(description = "How the usage might have been paid for; with nothing but a name, all on demand")
    public record PortfolioRequest(
            @Schema(required = true) @Nullable String name,

            @Schema(description = "Whether what was bought stays; false if not said") @Nullable
            Boolean keepBought,

            @Schema(description = "Bought when the period begins, at the prices of that moment") @Nullable
            List<ReservedRequest> reservedInstances,

            @Schema(description = "Bought when the period begins, at the rates of that moment") @Nullable
            List<PlanRequest> savingsPlans,

            @Schema(description = "Puts all instances on the spot market, or none: spot or on-demand") @Nullable
            String market,

            @Schema(description = "Gives all instances this tenancy: default or dedicated") @Nullable
            String tenancy) {}

    @Schema(description = "Reserved Instances of the call's region")
    public record ReservedRequest(
            @Schema(required = true) @Nullable String instanceType,

            @Schema(description = "linux if not said") @Nullable
            String os,

            @Schema(required = true, description = "standard or convertible") @Nullable
            String offeringClass,

            @Schema(required = true) @Nullable String paymentOption,

            @Schema(required = true) @Nullable Integer termYears,

            @Schema(description = "Makes them zonal") @Nullable
            String availabilityZone,

            @Schema(description = "1 if not said") @Nullable Integer instanceCount) {}

    @Schema(description = "A Savings Plan; one for a family is for the call's region")
    public record PlanRequest(
            @Schema(required = true, description = "ec2-instance or compute") @Nullable
            String planType,

            @Nullable String family,

            @Schema(required = true) @Nullable String commitmentHourly,

            @Schema(required = true) @Nullable String paymentOption,

            @Schema(required = true) @Nullable Integer termYears) {}

    public record WhatIfAnswer(
            Instant from,
            Instant until,
            String currency,

            @Schema(description = "In the order asked for") List<PortfolioView> portfolios) {}

    @Schema(description = "What a portfolio would have cost the account for what it used itself")
    public record PortfolioView(
            String name,
            CostsView totals,
            Map<String, CostsView> byCategory,

            @Schema(description = "Effective cost by the hour of the period, to ten places")
            String effectiveCostHourly,

            @Schema(description = "List cost less effective cost")
            String savingsAgainstOnDemand,

            @Schema(description = "Usage that the portfolio has no price for; it is in no cost")
            List<BillView.UnratedView> unrated) {

        static PortfolioView of(Result result, Interval period) {
            Map<String, CostsView> byCategory = new TreeMap<>();
            for (Map.Entry<Category, Costs> one : result.byCategory().entrySet()) {
                byCategory.put(one.getKey().code(), CostsView.of(one.getValue()));
            }
            BigDecimal hours = BigDecimal.valueOf(period.length().toHours());
            return new PortfolioView(
                    result.name(),
                    CostsView.of(result.totals()),
                    byCategory,
                    result.totals()
                            .effective()
                            .usd()
                            .divide(hours, 10, RoundingMode.HALF_EVEN)
                            .toPlainString(),
                    result.totals().list().minus(result.totals().effective()).toString(),
                    result.unrated().stream().map(BillView.UnratedView::of).toList());
        }
    }

    @POST
    @Path("what-ifs")
    @Operation(
            summary = "Rates recorded usage as if something else had been bought for it",
            description =
                    "Portfolios side by side, for what the caller used itself. Nothing is stored. Instances put on"
                            + " the spot market are never interrupted: they pay each hour's price from the recorded history.")
    public WhatIfAnswer whatIf(@NotNull WhatIf body) {
        Interval period = period(Query.required("from", body.from()), Query.required("until", body.until()));
        List<PortfolioRequest> requests = Query.required("portfolios", body.portfolios());
        if (requests.isEmpty() || requests.size() > MOST_PORTFOLIOS) {
            throw Query.refused("portfolios", "There are 1 to " + MOST_PORTFOLIOS + ", not " + requests.size());
        }
        List<Portfolio> portfolios = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < requests.size(); i++) {
            String place = "portfolios[" + i + "].";
            Portfolio portfolio = portfolio(requests.get(i), place, period.from());
            if (!names.add(portfolio.name())) {
                throw Query.refused(place + "name", "Two portfolios are called " + portfolio.name());
            }
            portfolios.add(portfolio);
        }
        return new WhatIfAnswer(
                period.from(),
                period.until(),
                "USD",
                whatIfs.compare(caller.account(), period, portfolios).stream()
                        .map(result -> PortfolioView.of(result, period))
                        .toList());
    }

    private Interval period(Instant from, Instant until) {
        for (Map.Entry<String, Instant> end :
                Map.of("from", from, "until", until).entrySet()) {
            if (!end.getValue().equals(end.getValue().truncatedTo(ChronoUnit.HOURS))) {
                throw Query.refused(end.getKey(), "It is on the hour, not " + end.getValue());
            }
        }
        if (!from.isBefore(until) || Duration.between(from, until).compareTo(LONGEST) > 0) {
            throw Query.refused("until", "It lies behind from, by " + LONGEST.toDays() + " days at most");
        }
        if (until.isAfter(clock.instant())) {
            throw Query.refused("until", "What will be used isn't recorded yet");
        }
        return new Interval(from, until);
    }

    private Portfolio portfolio(PortfolioRequest request, String place, Instant at) {
        List<Terms> purchases = new ArrayList<>();
        List<ReservedRequest> reserved = orNone(request.reservedInstances());
        for (int i = 0; i < reserved.size(); i++) {
            purchases.add(reservedTerms(reserved.get(i), place + "reservedInstances[" + i + "].", at));
        }
        List<PlanRequest> plans = orNone(request.savingsPlans());
        for (int i = 0; i < plans.size(); i++) {
            purchases.add(planTerms(plans.get(i), place + "savingsPlans[" + i + "]."));
        }
        Tenancy tenancy = Query.named(place + "tenancy", request.tenancy(), Tenancy::ofCode);
        if (tenancy == Tenancy.HOST) {
            throw Query.refused(place + "tenancy", "It is default or dedicated: hosts would have to be chosen, too");
        }
        return new Portfolio(
                Query.required(place + "name", request.name()),
                Boolean.TRUE.equals(request.keepBought()),
                purchases,
                Query.named(place + "market", request.market(), Market::ofCode),
                tenancy);
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private Terms reservedTerms(ReservedRequest request, String place, Instant at) {
        Region region = caller.region();
        String os = request.os() == null ? OperatingSystem.LINUX.code() : request.os();
        String years = String.valueOf(Query.required(place + "termYears", request.termYears()));
        ReservedPrices.Key key = new ReservedPrices.Key(
                region,
                Query.requiredNamed(
                        place + "instanceType",
                        request.instanceType(),
                        type -> InstanceTypes.find(type).map(InstanceTypeFacts::type)),
                Query.requiredNamed(place + "os", os, OperatingSystem::ofCode),
                Query.requiredNamed(place + "offeringClass", request.offeringClass(), OfferingClass::ofCode),
                Query.requiredNamed(place + "termYears", years, OfferingsResource::years),
                Query.requiredNamed(place + "paymentOption", request.paymentOption(), PaymentOption::ofCode));
        AvailabilityZone zone = Query.named(
                place + "availabilityZone", request.availabilityZone(), name -> OfferingsResource.zone(region, name));
        int count = request.instanceCount() == null ? 1 : request.instanceCount();
        if (count < 1) {
            throw Query.refused(place + "instanceCount", "It is at least 1, not " + count);
        }
        return offerings.reservedInstances(key, zone, count, at).orThrow();
    }

    private Terms planTerms(PlanRequest request, String place) {
        PlanTerms.Plan plan =
                new PlanTerms.Plan(request.planType(), request.family(), request.paymentOption(), request.termYears());
        return PlanTerms.of(plan, place, caller.region(), offerings)
                .with(PlanTerms.commitment(
                        Query.required(place + "commitmentHourly", request.commitmentHourly()), place));
    }
}
