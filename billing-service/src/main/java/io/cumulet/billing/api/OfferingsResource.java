package io.cumulet.billing.api;

import io.cumulet.billing.app.Marketplace;
import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.Offerings.Offering;
import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.commitments.ForSale;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.ReservedPrice;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Reserved Instances that can be bought: by the price lists, or from other accounts. */
@Path("/v1/reserved-instances/offerings")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Reserved Instances")
public class OfferingsResource {

    private final Offerings offerings;
    private final Marketplace marketplace;
    private final Caller caller;
    private final InstantSource clock;

    public OfferingsResource(Offerings offerings, Marketplace marketplace, Caller caller, InstantSource clock) {
        this.offerings = offerings;
        this.marketplace = marketplace;
        this.caller = caller;
        this.clock = clock;
    }

    public record OfferingPage(
            List<OfferingView> offerings, @Nullable String nextToken) {}

    @Schema(name = "PricingDetail", description = "How many can be bought at a price, on the Marketplace")
    public record PricingView(
            @Schema(description = "USD for one, once") String upfront, int count) {}

    @Schema(name = "Offering", description = "Reserved Instances that can be bought")
    public record OfferingView(
            String offeringId,

            @Schema(description = "Whether other accounts sell them")
            boolean marketplace,

            String region,

            @Schema(description = "Of a zonal offering only") @Nullable
            String availabilityZone,

            String instanceType,
            String os,
            String tenancy,

            @Schema(description = "standard or convertible") String offeringClass,

            @Schema(description = "no-upfront, partial-upfront or all-upfront")
            String paymentOption,

            @Schema(description = "Of the whole term; on the Marketplace a part of it is left")
            int termYears,

            @Schema(description = "Whole months of 730 hours that are left, on the Marketplace") @Nullable
            Integer monthsLeft,

            @Schema(description = "USD for one, once; on the Marketplace the lowest price now")
            String upfront,

            @Schema(description = "USD for one in each hour of the term")
            String hourly,

            @Schema(description = "How many are for sale, on the Marketplace") @Nullable
            Integer instanceCount,

            @Schema(description = "On the Marketplace: lowest price first") @Nullable
            List<PricingView> pricingDetails,

            @Schema(description = "The date of the price list") @Nullable
            LocalDate asOf,

            @Schema(description = "Where the price list comes from, and its licence") @Nullable
            String source) {

        static OfferingView of(Offering offering) {
            ReservedPrice price = offering.price();
            return new OfferingView(
                    offering.id(),
                    false,
                    price.region().value(),
                    offering.zone() == null ? null : offering.zone().value(),
                    price.instanceType().value(),
                    price.os().code(),
                    "default",
                    price.offeringClass().code(),
                    price.paymentOption().code(),
                    price.years(),
                    null,
                    price.upfront().toPlainString(),
                    price.hourly().toPlainString(),
                    null,
                    null,
                    price.asOf(),
                    price.source());
        }

        /** @param forSale of one offering, cheapest first */
        static OfferingView of(String id, List<ForSale> forSale) {
            ForSale cheapest = forSale.getFirst();
            Terms.ReservedInstances terms = cheapest.terms();
            Map<Money, Integer> counts = new TreeMap<>();
            forSale.forEach(one -> counts.merge(one.price(), one.listing().available(), Integer::sum));
            List<PricingView> pricing = new ArrayList<>();
            counts.forEach((price, count) -> pricing.add(new PricingView(price.toString(), count)));
            AvailabilityZone zone = terms.zone();
            return new OfferingView(
                    id,
                    true,
                    terms.region().value(),
                    zone == null ? null : zone.value(),
                    terms.instanceType().value(),
                    terms.os().code(),
                    "default",
                    terms.offeringClass().code(),
                    terms.paymentOption().code(),
                    terms.years(),
                    cheapest.monthsLeft(),
                    cheapest.price().toString(),
                    Amounts.decimal(terms.unitFees().hourly()),
                    pricing.stream().mapToInt(PricingView::count).sum(),
                    pricing,
                    null,
                    null);
        }
    }

    /** What is asked for; null for anything. */
    private record Filter(
            @Nullable InstanceType type,
            @Nullable OperatingSystem os,
            @Nullable OfferingClass offeringClass,
            @Nullable PaymentOption payment,
            @Nullable Integer years) {

        boolean takes(
                InstanceType ofType,
                OperatingSystem ofOs,
                OfferingClass ofClass,
                PaymentOption ofPayment,
                int ofYears) {
            return (type == null || type.equals(ofType))
                    && (os == null || os == ofOs)
                    && (offeringClass == null || offeringClass == ofClass)
                    && (payment == null || payment == ofPayment)
                    && (years == null || years == ofYears);
        }
    }

    @GET
    @AllowedQuery({
        "instanceType",
        "os",
        "offeringClass",
        "paymentOption",
        "termYears",
        "availabilityZone",
        "marketplace",
        "maxResults",
        "nextToken"
    })
    @Operation(
            summary = "Lists what can be bought in a region, at today's prices",
            description = "Regional offerings, or with availabilityZone those for that zone. An offering keeps its id"
                    + " when its price changes. With marketplace=true what other accounts sell, regional and zonal; such an"
                    + " offering is another one each month, since it is shorter.")
    @Parameter(name = "region", description = "us-east-1 if not said")
    public OfferingPage offerings(
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @QueryParam("offeringClass") @Nullable String offeringClass,
            @QueryParam("paymentOption") @Nullable String paymentOption,
            @QueryParam("termYears") @Nullable String termYears,
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("marketplace") @Nullable String onMarketplace,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Region region = caller.region();
        Filter filter = new Filter(
                Query.named("instanceType", instanceType, OfferingsResource::type),
                Query.named("os", os, OperatingSystem::ofCode),
                Query.named("offeringClass", offeringClass, OfferingClass::ofCode),
                Query.named("paymentOption", paymentOption, PaymentOption::ofCode),
                Query.named("termYears", termYears, OfferingsResource::years));
        AvailabilityZone zone = Query.named("availabilityZone", availabilityZone, name -> zone(region, name));
        boolean fromOthers =
                Query.orElse(Query.named("marketplace", onMarketplace, OfferingsResource::bool), Boolean.FALSE);
        Paging paging = Paging.of(maxResults, nextToken);
        List<OfferingView> asked = paging.ask(
                fromOthers ? ofOthers(region, zone, filter) : ofLists(region, zone, filter), OfferingView::offeringId);
        return new OfferingPage(paging.page(asked), paging.nextToken(asked, OfferingView::offeringId));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows what can be bought by an offering's id, at today's price")
    @Parameter(name = "region", description = "us-east-1 if not said")
    public OfferingView offering(@PathParam("id") String id) {
        Region region = caller.region();
        List<ForSale> ofOthers = marketplace.offerings(caller.account(), region).getOrDefault(id, List.of());
        if (!ofOthers.isEmpty()) {
            return OfferingView.of(id, ofOthers);
        }
        return offerings
                .find(region, id, clock.instant())
                .map(OfferingView::of)
                .orElseThrow(() -> Refusal.of(
                                ErrorCode.OFFERING_NOT_FOUND, "id", "There is no offering " + id + " in " + region)
                        .asException());
    }

    private List<OfferingView> ofLists(Region region, @Nullable AvailabilityZone zone, Filter filter) {
        return offerings
                .list(
                        region,
                        zone,
                        clock.instant(),
                        key -> filter.takes(
                                key.instanceType(), key.os(), key.offeringClass(), key.paymentOption(), key.years()))
                .stream()
                .map(OfferingView::of)
                .toList();
    }

    private List<OfferingView> ofOthers(Region region, @Nullable AvailabilityZone zone, Filter filter) {
        return marketplace.offerings(caller.account(), region).entrySet().stream()
                .filter(offering -> {
                    Terms.ReservedInstances terms =
                            offering.getValue().getFirst().terms();
                    return (zone == null || Objects.equals(terms.zone(), zone))
                            && filter.takes(
                                    terms.instanceType(),
                                    terms.os(),
                                    terms.offeringClass(),
                                    terms.paymentOption(),
                                    terms.years());
                })
                .map(offering -> OfferingView.of(offering.getKey(), offering.getValue()))
                .sorted(Comparator.comparing(OfferingView::offeringId))
                .toList();
    }

    static Optional<InstanceType> type(String text) {
        return InstanceTypes.find(text).map(InstanceTypeFacts::type);
    }

    private static Optional<Boolean> bool(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    static Optional<Integer> years(String text) {
        return switch (text) {
            case "1" -> Optional.of(1);
            case "3" -> Optional.of(3);
            default -> Optional.empty();
        };
    }

    static Optional<AvailabilityZone> zone(Region region, String name) {
        return Optional.of(name)
                .filter(AvailabilityZone::isValid)
                .map(AvailabilityZone::new)
                .filter(zone -> Regions.exists(zone) && zone.region().equals(region));
    }
}
