package io.cumulet.billing.api;

import io.cumulet.billing.app.PlanOfferings;
import io.cumulet.billing.app.PlanOfferings.PlanOffering;
import io.cumulet.billing.app.PlanOfferings.PlanRate;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Savings Plans that can be bought, in all regions, and their rates. */
@Path("/v1/savings-plans/offerings")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Savings Plans")
public class SavingsPlansOfferingsResource {

    private final PlanOfferings offerings;
    private final InstantSource clock;

    public SavingsPlansOfferingsResource(PlanOfferings offerings, InstantSource clock) {
        this.offerings = offerings;
        this.clock = clock;
    }

    @Schema(name = "SavingsPlanOffering")
    public record OfferingView(
            String offeringId,
            @Schema(description = "ec2-instance or compute") String planType,

            @Schema(description = "Of an EC2 Instance Savings Plan, as is the family") @Nullable
            String region,

            @Nullable String family,
            String paymentOption,
            int termYears) {

        static OfferingView of(PlanOffering offering) {
            return new OfferingView(
                    offering.id(),
                    type(offering.kind()),
                    offering.region() == null ? null : offering.region().value(),
                    offering.family(),
                    offering.paymentOption().code(),
                    offering.years());
        }
    }

    @Schema(name = "SavingsPlanRate")
    public record RateView(
            OfferingView offering,
            String region,
            String instanceType,
            String os,
            @Schema(description = "USD an hour") String hourly) {

        static RateView of(PlanRate rate) {
            return new RateView(
                    OfferingView.of(rate.offering()),
                    rate.region().value(),
                    rate.instanceType().value(),
                    rate.os().code(),
                    rate.hourly().toString());
        }
    }

    public record OfferingPage(
            List<OfferingView> offerings, @Nullable String nextToken) {}

    public record RatePage(List<RateView> rates, @Nullable String nextToken) {

        static RatePage of(List<PlanRate> rates, Paging paging) {
            List<PlanRate> asked = paging.ask(rates, PlanRate::key);
            return new RatePage(
                    paging.page(asked).stream().map(RateView::of).toList(), paging.nextToken(asked, PlanRate::key));
        }
    }

    @GET
    @AllowedQuery({"planType", "family", "paymentOption", "termYears", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists the Savings Plans that can be bought, of all regions, by id",
            description = "An offering keeps its id when its rates change.")
    public OfferingPage list(
            @Parameter(description = "ec2-instance or compute") @QueryParam("planType") @Nullable String planType,
            @QueryParam("family") @Nullable String family,
            @QueryParam("paymentOption") @Nullable String paymentOption,
            @QueryParam("termYears") @Nullable String termYears,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<PlanOffering> asked =
                paging.ask(offerings.list(wanted(planType, family, paymentOption, termYears)), PlanOffering::id);
        return new OfferingPage(
                paging.page(asked).stream().map(OfferingView::of).toList(), paging.nextToken(asked, PlanOffering::id));
    }

    @GET
    @Path("rates")
    @AllowedQuery({"offeringId", "planType", "family", "paymentOption", "termYears", "maxResults", "nextToken"})
    @Operation(summary = "Lists what Savings Plans that are bought now charge for what they cover")
    public RatePage rates(
            @Parameter(description = "May be repeated") @QueryParam("offeringId") List<String> offeringIds,
            @QueryParam("planType") @Nullable String planType,
            @QueryParam("family") @Nullable String family,
            @QueryParam("paymentOption") @Nullable String paymentOption,
            @QueryParam("termYears") @Nullable String termYears,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Predicate<PlanOffering> wanted = wanted(planType, family, paymentOption, termYears);
        return RatePage.of(
                offerings.rates(
                        offering ->
                                (offeringIds.isEmpty() || offeringIds.contains(offering.id())) && wanted.test(offering),
                        clock.instant()),
                Paging.of(maxResults, nextToken));
    }

    private static Predicate<PlanOffering> wanted(
            @Nullable String planType,
            @Nullable String family,
            @Nullable String paymentOption,
            @Nullable String termYears) {
        Terms.Kind kind = Query.named("planType", planType, SavingsPlansOfferingsResource::kind);
        PaymentOption payment = Query.named("paymentOption", paymentOption, PaymentOption::ofCode);
        Integer years = Query.named("termYears", termYears, OfferingsResource::years);
        return offering -> (kind == null || kind == offering.kind())
                && (family == null || family.equals(offering.family()))
                && (payment == null || payment == offering.paymentOption())
                && (years == null || years == offering.years());
    }

    private static Optional<Terms.Kind> kind(String planType) {
        return switch (planType) {
            case PlanTerms.EC2_INSTANCE -> Optional.of(Terms.Kind.EC2_INSTANCE_SAVINGS_PLAN);
            case PlanTerms.COMPUTE -> Optional.of(Terms.Kind.COMPUTE_SAVINGS_PLAN);
            default -> Optional.empty();
        };
    }

    private static String type(Terms.Kind kind) {
        return kind == Terms.Kind.COMPUTE_SAVINGS_PLAN ? PlanTerms.COMPUTE : PlanTerms.EC2_INSTANCE;
    }
}
