package io.cumulet.billing.api;

import io.cumulet.billing.app.CommitmentPurchases;
import io.cumulet.billing.app.CommitmentPurchases.Order;
import io.cumulet.billing.app.CommitmentPurchases.Which;
import io.cumulet.billing.app.Marketplace;
import io.cumulet.billing.app.Marketplace.Buy;
import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Reserved Instances: buying and looking. */
@Path("/v1/reserved-instances")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Reserved Instances")
public class ReservedInstancesResource {

    private static final Set<Terms.Kind> KINDS = Set.of(Terms.Kind.RESERVED_INSTANCES);
    private static final int MOST_AT_ONCE = 10_000;

    private final CommitmentPurchases purchases;
    private final Offerings offerings;
    private final Marketplace marketplace;
    private final Caller caller;
    private final InstantSource clock;

    public ReservedInstancesResource(
            CommitmentPurchases purchases,
            Offerings offerings,
            Marketplace marketplace,
            Caller caller,
            InstantSource clock) {
        this.purchases = purchases;
        this.offerings = offerings;
        this.marketplace = marketplace;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(name = "PurchaseReservedInstancesRequest")
    public record Purchase(
            @Schema(required = true, description = "As the offerings list has it") @Nullable
            String offeringId,

            @Schema(description = "How many; 1 if not said") @Nullable
            Integer instanceCount,

            @Schema(
                    description = "Queues the purchase: its term begins then, at most three years ahead. Not on the"
                            + " Marketplace")
            @Nullable
            Instant purchaseTime,

            @Schema(description = "USD for all of them, on the Marketplace: at more nothing is bought") @Nullable
            String limitPrice,

            @Schema(description = "Of what is bought; none on the Marketplace") @Nullable
            Map<String, String> tags,

            @Schema(description = "The same token and request buy once") @Nullable
            String clientToken) {

        int count() {
            return Query.count("instanceCount", instanceCount, MOST_AT_ONCE);
        }

        Purchase withoutToken() {
            return new Purchase(offeringId, instanceCount, purchaseTime, limitPrice, tags, null);
        }
    }

    public record Page(
            List<CommitmentView> reservedInstances,
            @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Buys Reserved Instances of an offering, now or queued for later",
            description =
                    "Offerings of the Marketplace are bought from whoever sells cheapest, and from the next if that"
                            + " isn't enough; the answer is the first of what was bought.")
    public CommitmentView buy(@NotNull Purchase body) {
        String offeringId = Query.required("offeringId", body.offeringId());
        Region region = caller.region();
        if (!offerings.areListed(offeringId)) {
            return buyOnMarketplace(body, offeringId, region);
        }
        if (body.limitPrice() != null) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            "limitPrice",
                            "Only offerings of the Marketplace are bought with a limit; this one has its list's price")
                    .asException();
        }
        Order order = new Order(
                caller.account(),
                region,
                body.purchaseTime(),
                body.clientToken(),
                Query.tags(body.tags()),
                body.withoutToken());
        return view(purchases
                .buy(order, now -> offerings.reservedInstances(region, offeringId, body.count(), now))
                .orThrow());
    }

    private CommitmentView buyOnMarketplace(Purchase body, String offeringId, Region region) {
        if (body.purchaseTime() != null) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            "purchaseTime",
                            "Offerings of the Marketplace are bought at once")
                    .asException();
        }
        if (!Query.tags(body.tags()).isEmpty()) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            "tags",
                            "What is bought on the Marketplace gets its tags afterwards")
                    .asException();
        }
        List<PurchasedCommitment> bought = marketplace
                .buy(new Buy(
                        caller.account(),
                        region,
                        offeringId,
                        body.count(),
                        body.limitPrice() == null ? null : ListingsResource.price("limitPrice", body.limitPrice()),
                        body.clientToken(),
                        body.withoutToken()))
                .orThrow();
        CommitmentView first = view(bought.getFirst());
        return bought.size() == 1
                ? first
                : first.among(bought.stream().map(PurchasedCommitment::id).toList());
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the account's Reserved Instances in a region, by id")
    public Page list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<PurchasedCommitment> asked = purchases.list(which(), paging.afterKey(), paging.sizeToAsk());
        return new Page(views(paging.page(asked)), paging.nextToken(asked, PurchasedCommitment::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows Reserved Instances that were bought together")
    public CommitmentView get(@PathParam("id") String id) {
        return view(purchases.find(which(), id).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes the tags of Reserved Instances")
    public CommitmentView tag(@PathParam("id") String id, @NotNull TagPatch body) {
        return view(purchases.tag(which(), id, body.tags()).orThrow());
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
        return views(List.of(commitment)).getFirst();
    }

    private List<CommitmentView> views(List<PurchasedCommitment> some) {
        Instant now = clock.instant();
        Map<String, Map<String, String>> tags =
                purchases.tags(some.stream().map(PurchasedCommitment::id).toList());
        return some.stream()
                .map(one -> CommitmentView.of(one, tags.getOrDefault(one.id(), Map.of()), now))
                .toList();
    }
}
