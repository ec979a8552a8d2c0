package io.cumulet.billing.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cumulet.billing.app.CommitmentPurchases;
import io.cumulet.billing.app.CommitmentPurchases.Order;
import io.cumulet.billing.app.CommitmentPurchases.Which;
import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.PlanOfferings;
import io.cumulet.billing.app.SavingsPlanReturns;
import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.SavingsPlanReturn;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.SavingsPlan;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
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
import java.util.Objects;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Savings Plans: buying and looking. */
@Path("/v1/savings-plans")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Savings Plans")
public class SavingsPlansResource {

    private static final Set<Terms.Kind> KINDS =
            Set.of(Terms.Kind.EC2_INSTANCE_SAVINGS_PLAN, Terms.Kind.COMPUTE_SAVINGS_PLAN);
    private final CommitmentPurchases purchases;
    private final SavingsPlanReturns returns;
    private final Offerings offerings;
    private final PlanOfferings planOfferings;
    private final Caller caller;
    private final InstantSource clock;

    public SavingsPlansResource(
            CommitmentPurchases purchases,
            SavingsPlanReturns returns,
            Offerings offerings,
            PlanOfferings planOfferings,
            Caller caller,
            InstantSource clock) {
        this.purchases = purchases;
        this.returns = returns;
        this.offerings = offerings;
        this.planOfferings = planOfferings;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(name = "PurchaseSavingsPlanRequest")
    public record Purchase(
            @Schema(description = "One that is on offer, in place of planType, family, paymentOption and termYears")
            @Nullable
            String offeringId,

            @Schema(description = "ec2-instance, for a family in the region of the call, or compute") @Nullable
            String planType,

            @Schema(description = "Of an EC2 Instance Savings Plan, such as m5") @Nullable
            String family,

            @Schema(required = true, description = "USD in each hour at the plan's rates, such as \"0.50\"") @Nullable
            String commitmentHourly,

            @Schema(description = "no-upfront, partial-upfront or all-upfront") @Nullable
            String paymentOption,

            @Schema(description = "1 or 3") @Nullable Integer termYears,

            @Schema(description = "Queues the purchase: its term begins then, at most three years ahead") @Nullable
            Instant purchaseTime,

            @Nullable Map<String, String> tags,

            @Schema(description = "The same token and request buy once") @Nullable
            String clientToken) {

        PlanTerms.Plan plan() {
            return new PlanTerms.Plan(planType, family, paymentOption, termYears);
        }

        Purchase withoutToken() {
            return new Purchase(
                    offeringId, planType, family, commitmentHourly, paymentOption, termYears, purchaseTime, tags, null);
        }
    }

    @Schema(name = "SavingsPlan")
    public record PlanView(
            @JsonUnwrapped CommitmentView commitment,

            @Schema(description = "What is on offer like it")
            String offeringId,

            @Schema(description = "Until when it can be returned; its start if it never can")
            Instant returnableUntil,

            @Schema(description = "USD, once; at most 12 decimals")
            String upfrontPaymentAmount,

            @Schema(description = "USD in each hour of the term; at most 12 decimals")
            String recurringPaymentAmount) {

        static PlanView of(PurchasedCommitment plan, Map<String, String> tags, Instant now) {
            Fees fees = SavingsPlan.fees(
                    Objects.requireNonNull(plan.terms().commitment()),
                    plan.terms().paymentOption(),
                    plan.agreedTerm());
            return new PlanView(
                    CommitmentView.of(plan, tags, now),
                    PlanOfferings.idOf(plan.terms()),
                    SavingsPlanReturn.returnableUntil(plan),
                    Amounts.decimal(fees.upfront()),
                    Amounts.decimal(fees.hourly()));
        }
    }

    public record Page(
            List<PlanView> savingsPlans, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Buys a Savings Plan, now or queued for later",
            description = "An EC2 Instance Savings Plan has the effective rates of standard Reserved Instances of the"
                    + " same term and payment, a Compute Savings Plan those of convertible ones, as they are at the"
                    + " purchase; what has no such Reserved Instance on the list isn't covered.")
    public PlanView buy(@NotNull Purchase body) {
        HourlyRate commitment = PlanTerms.commitment(Query.required("commitmentHourly", body.commitmentHourly()), "");
        Terms terms = body.offeringId() == null
                ? PlanTerms.of(body.plan(), "", caller.region(), offerings).with(commitment)
                : offered(body.offeringId(), body.plan()).with(commitment);
        // A Compute plan belongs to no region; a repeat that names another one must not buy it again.
        Region region = terms.region() == null ? Region.DEFAULT : terms.region();
        Order order = new Order(
                caller.account(),
                region,
                body.purchaseTime(),
                body.clientToken(),
                Query.tags(body.tags()),
                body.withoutToken());
        return view(purchases.buy(order, now -> Outcome.done(terms)).orThrow());
    }

    @GET
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the account's Savings Plans, by id")
    public Page list(
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<PurchasedCommitment> asked = purchases.list(which(), paging.afterKey(), paging.sizeToAsk());
        return new Page(views(paging.page(asked)), paging.nextToken(asked, PurchasedCommitment::id));
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Shows a Savings Plan")
    public PlanView get(@PathParam("id") String id) {
        return view(purchases.find(which(), id).orThrow());
    }

    @PATCH
    @Path("{id}")
    @Operation(summary = "Changes the tags of a Savings Plan")
    public PlanView tag(@PathParam("id") String id, @NotNull TagPatch body) {
        return view(purchases.tag(which(), id, body.tags()).orThrow());
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Deletes a queued purchase")
    public PlanView delete(@PathParam("id") String id) {
        return view(purchases.cancel(which(), id).orThrow());
    }

    @Schema(name = "ReturnSavingsPlanRequest")
    public record Return(
            @Schema(description = "The same token returns the same plan once") @Nullable
            String clientToken) {}

    @POST
    @Path("{id}/return")
    @Operation(
            summary = "Returns a Savings Plan",
            description =
                    "Within seven days and the calendar month in which it began, if it is of 100 USD an hour at most;"
                            + " ten in a year. It costs nothing then and pays for nothing, from its first hour on.")
    public PlanView giveBack(@PathParam("id") String id, @NotNull Return body) {
        return view(returns.giveBack(which(), id, body.clientToken()).orThrow());
    }

    private Which which() {
        return new Which(caller.account(), KINDS, null, ErrorCode.SAVINGS_PLAN_NOT_FOUND);
    }

    @GET
    @Path("{id}/rates")
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists what a Savings Plan charges for what it covers: the rates at its purchase")
    public SavingsPlansOfferingsResource.RatePage rates(
            @PathParam("id") String id,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        PurchasedCommitment plan = purchases.find(which(), id).orThrow();
        String offeringId = PlanOfferings.idOf(plan.terms());
        return SavingsPlansOfferingsResource.RatePage.of(
                planOfferings.rates(offering -> offering.id().equals(offeringId), plan.purchasedAt()),
                Paging.of(maxResults, nextToken));
    }

    private PlanOfferings.PlanOffering offered(String offeringId, PlanTerms.Plan plan) {
        if (!plan.equals(new PlanTerms.Plan(null, null, null, null))) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            "offeringId",
                            "The offering says planType, family, paymentOption and termYears")
                    .asException();
        }
        return planOfferings.find(offeringId).orThrow();
    }

    private PlanView view(PurchasedCommitment commitment) {
        return views(List.of(commitment)).getFirst();
    }

    private List<PlanView> views(List<PurchasedCommitment> some) {
        Instant now = clock.instant();
        Map<String, Map<String, String>> tags =
                purchases.tags(some.stream().map(PurchasedCommitment::id).toList());
        return some.stream()
                .map(one -> PlanView.of(one, tags.getOrDefault(one.id(), Map.of()), now))
                .toList();
    }
}
