package io.cumulet.billing.api;

import io.cumulet.billing.app.CommitmentPurchases;
import io.cumulet.billing.app.CommitmentPurchases.Order;
import io.cumulet.billing.app.CommitmentPurchases.Which;
import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.Offerings.Offering;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.ReservedPrice;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Reserved Instances: what is on offer, buying, looking. */
@Path("/v1/reserved-instances")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Reserved Instances")
public class ReservedInstancesResource {

    private static final Set<Terms.Kind> KINDS = Set.of(Terms.Kind.RESERVED_INSTANCES);
    private static final int MOST_AT_ONCE = 10_000;

    private final CommitmentPurchases purchases;
    private final Offerings offerings;
    private final Caller caller;
    private final InstantSource clock;

    public ReservedInstancesResource(
            CommitmentPurchases purchases, Offerings offerings, Caller caller, InstantSource clock) {
        this.purchases = purchases;
        this.offerings = offerings;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(name = "PurchaseReservedInstancesRequest")
    public record Purchase(
            @Schema(required = true, description = "As the offerings list has it") @Nullable
            String offeringId,

            @Schema(description = "How many; 1 if not said") @Nullable
            Integer instanceCount,

            @Schema(description = "Queues the purchase: its term begins then, at most three years ahead") @Nullable
            Instant purchaseTime,

            @Schema(description = "The same token and request buy once") @Nullable
            String clientToken) {

        int count() {
            int count = instanceCount == null ? 1 : instanceCount;
            if (count < 1 || count > MOST_AT_ONCE) {
                throw Query.refused("instanceCount", "It is 1 to " + MOST_AT_ONCE + ", not " + count);
            }
            return count;
        }

        Purchase withoutToken() {
            return new Purchase(offeringId, instanceCount, purchaseTime, null);
        }
    }

    public record Page(
            List<CommitmentView> reservedInstances,
            @Nullable String nextToken) {}

    public record OfferingPage(
            List<OfferingView> offerings, @Nullable String nextToken) {}

    @Schema(description = "Reserved Instances that can be bought")
    public record OfferingView(
            String offeringId,
            String region,

            @Schema(description = "Of a zonal offering only") @Nullable
            String availabilityZone,

            String instanceType,
            String os,
            String tenancy,

            @Schema(description = "standard or convertible") String offeringClass,

            @Schema(description = "no-upfront, partial-upfront or all-upfront")
            String paymentOption,

            int termYears,

            @Schema(description = "USD for one, once") String upfront,

            @Schema(description = "USD for one in each hour of the term")
            String hourly,

            @Schema(description = "The date of the price list")
            LocalDate asOf,

            @Schema(description = "Where the price list comes from, and its licence")
            String source) {

        static OfferingView of(Offering offering) {
            ReservedPrice price = offering.price();
            return new OfferingView(
                    offering.id(),
                    price.region().value(),
                    offering.zone() == null ? null : offering.zone().value(),
                    price.instanceType().value(),
                    price.os().code(),
                    "default",
                    price.offeringClass().code(),
                    price.paymentOption().code(),
                    price.years(),
                    price.upfront().toPlainString(),
                    price.hourly().toPlainString(),
                    price.asOf(),
                    price.source());
        }
    }

    @GET
    @Path("offerings")
    @AllowedQuery({
        "instanceType",
        "os",
        "offeringClass",
        "paymentOption",
        "termYears",
        "availabilityZone",
        "maxResults",
        "nextToken"
    })
    @Operation(
            summary = "Lists what can be bought in a region, at today's prices",
            description = "Regional offerings, or with availabilityZone those for that zone. An offering keeps its id"
                    + " when its price changes.")
    @Parameter(name = "region", description = "us-east-1 if not said")
    public OfferingPage offerings(
            @QueryParam("instanceType") @Nullable String instanceType,
            @QueryParam("os") @Nullable String os,
            @QueryParam("offeringClass") @Nullable String offeringClass,
            @QueryParam("paymentOption") @Nullable String paymentOption,
            @QueryParam("termYears") @Nullable String termYears,
            @QueryParam("availabilityZone") @Nullable String availabilityZone,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Region region = caller.region();
        InstanceType type = Query.named("instanceType", instanceType, ReservedInstancesResource::type);
        OperatingSystem system = Query.named("os", os, OperatingSystem::ofCode);
        OfferingClass wantedClass = Query.named("offeringClass", offeringClass, OfferingClass::ofCode);
        PaymentOption payment = Query.named("paymentOption", paymentOption, PaymentOption::ofCode);
        Integer years = Query.named("termYears", termYears, ReservedInstancesResource::years);
        AvailabilityZone zone = Query.named("availabilityZone", availabilityZone, name -> zone(region, name));
        Paging paging = Paging.of(maxResults, nextToken);
        List<Offering> asked = paging.ask(
                offerings.list(
                        region,
                        zone,
                        clock.instant(),
                        key -> (type == null || key.instanceType().equals(type))
                                && (system == null || key.os() == system)
                                && (wantedClass == null || key.offeringClass() == wantedClass)
                                && (payment == null || key.paymentOption() == payment)
                                && (years == null || key.years() == years)),
                Offering::id);
        return new OfferingPage(
                paging.page(asked).stream().map(OfferingView::of).toList(), paging.nextToken(asked, Offering::id));
    }

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Buys Reserved Instances of an offering, now or queued for later")
    public CommitmentView buy(@NotNull Purchase body) {
        String offeringId = Query.required("offeringId", body.offeringId());
        Region region = caller.region();
        Order order = new Order(caller.account(), region, body.purchaseTime(), body.clientToken(), body.withoutToken());
        return view(purchases
                .buy(order, now -> offerings.reservedInstances(region, offeringId, body.count(), now))
                .orThrow());
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the account's Reserved Instances in a region, by id")
    public Page list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<PurchasedCommitment> asked = purchases.list(which(), paging.afterKey(), paging.sizeToAsk());
        return new Page(
                paging.page(asked).stream().map(this::view).toList(), paging.nextToken(asked, PurchasedCommitment::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows Reserved Instances that were bought together")
    public CommitmentView get(@PathParam("id") String id) {
        return view(purchases.find(which(), id).orThrow());
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Deletes a queued purchase")
    public CommitmentView delete(@PathParam("id") String id) {
        return view(purchases.cancel(which(), id).orThrow());
    }

    private Which which() {
        return new Which(caller.account(), KINDS, caller.region(), ErrorCode.RESERVED_INSTANCES_NOT_FOUND);
    }

    private CommitmentView view(PurchasedCommitment commitment) {
        return CommitmentView.of(commitment, clock.instant());
    }

    private static Optional<InstanceType> type(String text) {
        return InstanceTypes.find(text).map(InstanceTypeFacts::type);
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
