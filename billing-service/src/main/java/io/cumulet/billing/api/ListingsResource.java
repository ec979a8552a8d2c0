package io.cumulet.billing.api;

import io.cumulet.billing.app.Marketplace;
import io.cumulet.billing.app.Marketplace.Sell;
import io.cumulet.billing.domain.commitments.Listing;
import io.cumulet.billing.domain.commitments.Listing.PriceStep;
import io.cumulet.kernel.Money;
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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** What the caller sells on the Marketplace. */
@Path("/v1/reserved-instances/listings")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Reserved Instances")
public class ListingsResource {

    private static final Pattern PRICE = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,2})?");

    private final Marketplace marketplace;
    private final Caller caller;

    public ListingsResource(Marketplace marketplace, Caller caller) {
        this.marketplace = marketplace;
        this.caller = caller;
    }

    @Schema(name = "PriceSchedule", description = "A price, in force until fewer months are left than the next one's")
    public record PriceScheduleView(
            @Schema(required = true, description = "Whole months of 730 hours that are left") @Nullable
            Integer term,

            @Schema(required = true, description = "USD for one, once, in whole cents") @Nullable
            String price) {

        PriceStep step(String place) {
            return new PriceStep(
                    Query.required(place + "term", term),
                    ListingsResource.price(place + "price", Query.required(place + "price", price)));
        }
    }

    @Schema(name = "CreateReservedInstancesListingRequest")
    public record Create(
            @Schema(
                    required = true,
                    description = "Standard ones, held for 30 days, with a month or more left, whose upfront fee was"
                            + " invoiced")
            @Nullable
            String reservedInstancesId,

            @Schema(required = true, description = "How many of them") @Nullable
            Integer instanceCount,

            @Schema(
                    description =
                            "If not said, the price is what is left of the upfront fee, less each month by the same"
                                    + " amount")
            @Nullable
            List<PriceScheduleView> priceSchedules,

            @Schema(description = "The same token and request list once") @Nullable
            String clientToken) {

        Create withoutToken() {
            return new Create(reservedInstancesId, instanceCount, priceSchedules, null);
        }
    }

    @Schema(name = "InstanceCounts")
    public record CountsView(int available, int sold, int cancelled) {}

    @Schema(name = "ReservedInstancesListing")
    public record ListingView(
            String id,

            @Schema(description = "What is sold, or what sales have left of it")
            String reservedInstancesId,

            @Schema(description = "active, cancelled or closed: all is sold, or less than a month is left")
            String status,

            CountsView instanceCounts,

            @Schema(description = "A price for each number of whole months, the most first")
            List<PriceScheduleView> priceSchedules,

            Instant createdAt,
            Instant updatedAt) {

        static ListingView of(Listing listing) {
            List<PriceScheduleView> prices = new ArrayList<>();
            for (int month = listing.prices().size(); month > 0; month--) {
                prices.add(new PriceScheduleView(
                        month, listing.prices().get(month - 1).toString()));
            }
            return new ListingView(
                    listing.id(),
                    listing.commitmentId(),
                    listing.state().code(),
                    new CountsView(
                            listing.available(),
                            listing.sold(),
                            listing.state() == Listing.State.CANCELLED ? listing.listed() - listing.sold() : 0),
                    prices,
                    listing.createdAt(),
                    listing.updatedAt());
        }
    }

    public record ListingPage(
            List<ListingView> listings, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Puts standard Reserved Instances up for sale on the Marketplace",
            description =
                    "A sale counts from the start of its clock hour: what is sold is retired, the rest goes on. The"
                            + " seller is owed the price less 12 percent, which the ledger shows.")
    public ListingView create(@NotNull Create body) {
        List<PriceStep> steps = new ArrayList<>();
        if (body.priceSchedules() != null) {
            for (PriceScheduleView schedule : ModificationsResource.named("priceSchedules", body.priceSchedules())) {
                steps.add(schedule.step("priceSchedules[" + steps.size() + "]."));
            }
        }
        return ListingView.of(marketplace
                .sell(new Sell(
                        caller.account(),
                        caller.region(),
                        Query.required("reservedInstancesId", body.reservedInstancesId()),
                        Query.required("instanceCount", body.instanceCount()),
                        steps,
                        body.clientToken(),
                        body.withoutToken()))
                .orThrow());
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists what the account sells or has sold in a region, by id")
    public ListingPage list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<Listing> asked =
                marketplace.list(caller.account(), caller.region(), paging.afterKey(), paging.sizeToAsk());
        return new ListingPage(
                paging.page(asked).stream().map(ListingView::of).toList(), paging.nextToken(asked, Listing::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows a listing")
    public ListingView get(@PathParam("id") String id) {
        return ListingView.of(
                marketplace.find(caller.account(), caller.region(), id).orThrow());
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Cancels a listing: what is unsold isn't for sale any more")
    public ListingView cancel(@PathParam("id") String id) {
        return ListingView.of(
                marketplace.cancel(caller.account(), caller.region(), id).orThrow());
    }

    /** An amount in USD, in whole cents. */
    static Money price(String name, String text) {
        if (!PRICE.matcher(text).matches()) {
            throw Query.refused(name, "USD in whole cents are expected, such as \"120.50\", not " + text);
        }
        return Money.of(text);
    }
}
