package io.cumulet.billing.api;

import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.Recommendations;
import io.cumulet.billing.app.Recommendations.OutOfSample;
import io.cumulet.billing.app.Recommendations.Purchase;
import io.cumulet.billing.app.Recommendations.Recommendation;
import io.cumulet.billing.app.Recommendations.Wish;
import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
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
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Which commitments would have cost least for what an account used. */
@Path("/v1/recommendations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Purchasing options")
public class RecommendationsResource {

    private static final Set<Integer> LOOKBACKS = Set.of(7, 30, 60);
    private static final int GAP_DECIMALS = 6;

    private final Recommendations recommendations;
    private final Offerings offerings;
    private final Caller caller;

    public RecommendationsResource(Recommendations recommendations, Offerings offerings, Caller caller) {
        this.recommendations = recommendations;
        this.offerings = offerings;
        this.caller = caller;
    }

    @Schema(name = "RecommendationRequest", description = "A planType, an offeringClass, or both")
    public record RecommendationRequest(
            @Schema(required = true, description = "7, 30 or 60") @Nullable
            Integer lookbackDays,

            @Schema(description = "A Savings Plan: ec2-instance, for a family in the call's region, or compute")
            @Nullable
            String planType,

            @Schema(description = "Of an EC2 Instance Savings Plan") @Nullable
            String family,

            @Schema(description = "Reserved Instances, in any region: standard or convertible") @Nullable
            String offeringClass,

            @Schema(required = true, description = "Of all that is bought") @Nullable
            String paymentOption,

            @Schema(required = true, description = "Of all that is bought") @Nullable
            Integer termYears) {}

    @Schema(name = "Recommendation", description = "The commitments with the least cost for what was used")
    public record RecommendationView(
            @Schema(description = "Of the Savings Plan, USD an hour; 0 if there is none")
            String commitmentHourly,

            @Schema(description = "The share of the plan's commitment that would have been used") @Nullable
            String utilization,

            @Schema(description = "Below this utilization the plan costs more than it saves") @Nullable
            String breakEvenUtilization,

            List<ReservedView> reservedInstances,
            Instant lookbackStart,
            Instant lookbackEnd,
            String currency,

            @Schema(description = "What the lookback cost, with fees spread over what they cover")
            String costWithout,

            @Schema(description = "The same with what is recommended, as rated")
            String costWith,

            String savings,

            @Schema(
                    description = "No commitments of this kind would have cost less than this; left out if that isn't"
                            + " known, since what is recommended may free commitments that come after it")
            @Nullable
            String leastPossibleCost,

            @Schema(
                    description = "The share of costWith by which it may be away from the least cost: what the search"
                            + " leaves open")
            @Nullable
            String gap,

            @Schema(description = "What is lost if nothing is used in the whole term")
            String worstCase,

            @Schema(description = "The same commitments in the history before the lookback; left out if there is none")
            @Nullable
            OutOfSampleView outOfSample) {

        static RecommendationView of(Recommendation recommendation, Function<Terms.ReservedInstances, String> id) {
            Purchase plan = recommendation.purchases().stream()
                    .filter(purchase -> purchase.terms().commitment() != null)
                    .findAny()
                    .orElse(null);
            HourlyRate commitment = plan == null ? null : plan.terms().commitment();
            Money with = recommendation.costWith();
            Money bound = recommendation.bound();
            OutOfSample outOfSample = recommendation.outOfSample();
            return new RecommendationView(
                    commitment == null ? "0" : commitment.toString(),
                    plan == null ? null : text(plan.utilization()),
                    plan == null ? null : text(plan.breakEvenUtilization()),
                    ReservedView.of(recommendation.purchases(), id),
                    recommendation.lookback().from(),
                    recommendation.lookback().until(),
                    "USD",
                    recommendation.costWithout().toString(),
                    with.toString(),
                    recommendation.costWithout().minus(with).toString(),
                    bound == null ? null : bound.toString(),
                    bound == null ? null : openShare(with, bound).toPlainString(),
                    recommendation.worstCase().toString(),
                    outOfSample == null ? null : OutOfSampleView.of(outOfSample));
        }
    }

    @Schema(name = "RecommendedReservedInstances")
    public record ReservedView(
            String offeringId,
            String region,
            String instanceType,
            String os,
            int instanceCount,

            @Schema(description = "USD for one, once") String upfront,

            @Schema(description = "USD for one in each hour of the term")
            String hourly,

            @Schema(description = "The share of them that would have been used") @Nullable
            String utilization,

            @Schema(description = "Below this utilization they cost more than they save") @Nullable
            String breakEvenUtilization) {

        static List<ReservedView> of(List<Purchase> purchases, Function<Terms.ReservedInstances, String> id) {
            return purchases.stream()
                    .filter(purchase -> purchase.terms() instanceof Terms.ReservedInstances)
                    .map(purchase -> of(purchase, (Terms.ReservedInstances) purchase.terms(), id))
                    .toList();
        }

        private static ReservedView of(
                Purchase purchase, Terms.ReservedInstances terms, Function<Terms.ReservedInstances, String> id) {
            return new ReservedView(
                    id.apply(terms),
                    terms.region().value(),
                    terms.instanceType().value(),
                    terms.os().code(),
                    terms.count(),
                    Amounts.decimal(terms.unitFees().upfront()),
                    Amounts.decimal(terms.unitFees().hourly()),
                    text(purchase.utilization()),
                    text(purchase.breakEvenUtilization()));
        }
    }

    private static BigDecimal openShare(Money cost, Money bound) {
        return cost.equals(Money.ZERO)
                ? BigDecimal.ZERO
                // Rows are rounded, the bound isn't.
                : cost.minus(bound).usd().max(BigDecimal.ZERO).divide(cost.usd(), GAP_DECIMALS, RoundingMode.UP);
    }

    private static @Nullable String text(@Nullable BigDecimal number) {
        return number == null ? null : number.toPlainString();
    }

    @Schema(description = "What was recommended, in the history before the lookback")
    public record OutOfSampleView(
            Instant from,
            Instant until,

            @Schema(description = "With what is recommended")
            String cost,

            @Schema(description = "With what would have been best there")
            String leastCost,

            @Schema(description = "The difference") String regret) {

        static OutOfSampleView of(OutOfSample outOfSample) {
            return new OutOfSampleView(
                    outOfSample.period().from(),
                    outOfSample.period().until(),
                    outOfSample.cost().toString(),
                    outOfSample.leastCost().toString(),
                    outOfSample.regret().toString());
        }
    }

    @POST
    @Operation(
            summary = "Recommends the commitments with the least cost for what was used",
            description =
                    "On top of what the account has bought, at the prices of now. A Savings Plan alone is the exact"
                            + " optimum, in steps of a tenth of a cent; Reserved Instances, alone or with a plan, are found by a"
                            + " solver, and the answer says what it leaves open. Recommended is only what rating the same usage"
                            + " confirms.")
    public RecommendationView recommend(@NotNull RecommendationRequest body) {
        int days = Query.required("lookbackDays", body.lookbackDays());
        if (!LOOKBACKS.contains(days)) {
            throw Query.refused("lookbackDays", "It is 7, 30 or 60, not " + days);
        }
        OfferingClass reserved = Query.named("offeringClass", body.offeringClass(), OfferingClass::ofCode);
        if (reserved == null && body.planType() == null) {
            throw Query.refused("planType", "Without an offeringClass a planType is needed: ec2-instance or compute");
        }
        PlanTerms.Plan plan =
                new PlanTerms.Plan(body.planType(), body.family(), body.paymentOption(), body.termYears());
        if (body.planType() == null && body.family() != null) {
            throw Query.refused("family", "It is of an EC2 Instance Savings Plan");
        }
        Wish wish = new Wish(
                reserved,
                body.planType() == null ? null : PlanTerms.of(plan, "", caller.region(), offerings)::with,
                plan.years(""),
                plan.payment(""));
        return RecommendationView.of(
                recommendations.recommend(caller.account(), Duration.ofDays(days), wish), offerings::offeringIdOf);
    }
}
