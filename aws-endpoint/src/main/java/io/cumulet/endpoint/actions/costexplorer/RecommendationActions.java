package io.cumulet.endpoint.actions.costexplorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import io.cumulet.endpoint.services.Services;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What to buy: billing's recommendations in Cost Explorer's form. Months have 730 hours. */
@ApplicationScoped
public class RecommendationActions implements ActionSet {

    private static final String PATH = "/v1/recommendations";
    private static final String NOTE = "the caller's own usage; no filters";
    private static final BigDecimal HOURS_PER_YEAR = BigDecimal.valueOf(8_760);
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private static final Map<String, Integer> DAYS = Map.of("SEVEN_DAYS", 7, "THIRTY_DAYS", 30, "SIXTY_DAYS", 60);
    private static final Map<String, Integer> YEARS = Map.of("ONE_YEAR", 1, "THREE_YEARS", 3);
    private static final Map<String, String> PAYMENTS = Map.of(
            "NO_UPFRONT", "no-upfront",
            "PARTIAL_UPFRONT", "partial-upfront",
            "ALL_UPFRONT", "all-upfront");
    /** The share of a plan's commitment that is paid in advance. */
    private static final Map<String, BigDecimal> IN_ADVANCE = Map.of(
            "NO_UPFRONT", BigDecimal.ZERO, "PARTIAL_UPFRONT", new BigDecimal("0.5"), "ALL_UPFRONT", BigDecimal.ONE);

    private final InstantSource clock;

    public RecommendationActions(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.COST_EXPLORER, "GetReservationPurchaseRecommendation", this::ofReservations, false, NOTE);
        actions.add(Api.COST_EXPLORER, "GetSavingsPlansPurchaseRecommendation", this::ofPlans, false, NOTE);
    }

    /** What a recommendation is asked for, in Cost Explorer's words. */
    private record Wish(String lookback, String term, String payment) {

        static Wish of(Call call) {
            Wish wish = new Wish(
                    orElse(call, "LookbackPeriodInDays", "SEVEN_DAYS"),
                    orElse(call, "TermInYears", "ONE_YEAR"),
                    orElse(call, "PaymentOption", "NO_UPFRONT"));
            if (!PAYMENTS.containsKey(wish.payment)) {
                throw Expressions.invalid("PaymentOption " + wish.payment + " has not been sold since 2014");
            }
            if (!call.get("Filter").isEmpty()) {
                throw AwsError.unsupported("Recommendations are not filtered here");
            }
            return wish;
        }

        int days() {
            return Objects.requireNonNull(DAYS.get(lookback));
        }

        int years() {
            return Objects.requireNonNull(YEARS.get(term));
        }

        ObjectNode body() {
            return Call.answer()
                    .put("lookbackDays", days())
                    .put("termYears", years())
                    .put("paymentOption", PAYMENTS.get(payment));
        }

        BigDecimal shareInAdvance() {
            return Objects.requireNonNull(IN_ADVANCE.get(payment));
        }

        BigDecimal hours() {
            return BigDecimal.valueOf(Duration.ofDays(days()).toHours());
        }

        BigDecimal termHours() {
            return HOURS_PER_YEAR.multiply(BigDecimal.valueOf(years()));
        }

        /** What the lookback comes to in a month. */
        BigDecimal monthly(BigDecimal inLookback) {
            return Amounts.ratio(inLookback.multiply(Amounts.HOURS_PER_MONTH), hours());
        }
    }

    private static String orElse(Call call, String member, String usual) {
        return call.has(member) ? call.requiredText(member) : usual;
    }

    private ObjectNode metadata() {
        return Call.answer()
                .put(
                        "GenerationTimestamp",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private ObjectNode ofReservations(Call call) {
        if (!call.requiredText("Service").equals(CostDimension.COMPUTE)) {
            throw Expressions.invalid("Service is " + CostDimension.COMPUTE + ", not " + call.text("Service"));
        }
        if (call.has("AccountId")
                && !call.requiredText("AccountId").equals(call.account().value())) {
            throw Expressions.invalid("AccountId is the caller's own");
        }
        Wish wish = Wish.of(call);
        String offeringClass = call.get("ServiceSpecification")
                .path("EC2Specification")
                .path("OfferingClass")
                .asText("STANDARD");
        JsonNode found =
                call.billing().post(PATH, wish.body().put("offeringClass", offeringClass.toLowerCase(Locale.ROOT)));
        ObjectNode answer = Call.answer();
        answer.set("Metadata", metadata());
        ArrayNode recommendations = answer.putArray("Recommendations");
        if (found.path("reservedInstances").isEmpty()) {
            return answer;
        }
        ObjectNode recommendation = recommendations
                .addObject()
                .put("AccountScope", orElse(call, "AccountScope", "PAYER"))
                .put("LookbackPeriodInDays", wish.lookback())
                .put("TermInYears", wish.term())
                .put("PaymentOption", wish.payment());
        recommendation
                .putObject("ServiceSpecification")
                .putObject("EC2Specification")
                .put("OfferingClass", offeringClass);
        ArrayNode details = recommendation.putArray("RecommendationDetails");
        found.path("reservedInstances").forEach(one -> details.add(detail(call, wish, one)));
        BigDecimal savings = Amounts.of(found.path("savings"));
        recommendation
                .putObject("RecommendationSummary")
                .put("TotalEstimatedMonthlySavingsAmount", Amounts.text(wish.monthly(savings)))
                .put(
                        "TotalEstimatedMonthlySavingsPercentage",
                        Amounts.percentage(savings, Amounts.of(found.path("costWithout"))))
                .put("CurrencyCode", "USD");
        return answer;
    }

    private static ObjectNode detail(Call call, Wish wish, JsonNode one) {
        String type = one.path("instanceType").asText();
        BigDecimal count = Amounts.of(one.path("instanceCount"));
        BigDecimal upfront = Amounts.of(one.path("upfront")).multiply(count);
        BigDecimal hourly = Amounts.of(one.path("hourly")).multiply(count);
        ObjectNode detail = Call.answer().put("AccountId", call.account().value());
        detail.putObject("InstanceDetails")
                .putObject("EC2InstanceDetails")
                .put("Family", type.substring(0, type.indexOf('.')))
                .put("InstanceType", type)
                .put("Region", one.path("region").asText())
                .put(
                        "Platform",
                        CostDimension.of("PLATFORM").word(one.path("os").asText()))
                .put("Tenancy", CostDimension.of("TENANCY").word("default"));
        return detail.put("RecommendedNumberOfInstancesToPurchase", Amounts.text(count))
                .put(
                        "AverageUtilization",
                        Amounts.text(Amounts.of(one.path("utilization")).multiply(HUNDRED)))
                .put("CurrencyCode", "USD")
                .put("UpfrontCost", Amounts.text(upfront))
                .put("RecurringStandardMonthlyCost", Amounts.text(hourly.multiply(Amounts.HOURS_PER_MONTH)))
                .put(
                        "EstimatedReservationCostForLookbackPeriod",
                        Amounts.text(hourly.multiply(wish.hours())
                                .add(Amounts.ratio(upfront.multiply(wish.hours()), wish.termHours()))));
    }

    private ObjectNode ofPlans(Call call) {
        String type = call.requiredText("SavingsPlansType");
        Wish wish = Wish.of(call);
        ObjectNode answer = Call.answer();
        answer.set("Metadata", metadata());
        ObjectNode recommendation = answer.putObject("SavingsPlansPurchaseRecommendation")
                .put("AccountScope", orElse(call, "AccountScope", "PAYER"))
                .put("SavingsPlansType", type)
                .put("LookbackPeriodInDays", wish.lookback())
                .put("TermInYears", wish.term())
                .put("PaymentOption", wish.payment());
        List<ObjectNode> details = switch (type) {
            case "COMPUTE_SP" ->
                planOffers(call, wish, "compute").stream()
                        .map(offer -> planDetail(call, wish, offer))
                        .toList();
            case "EC2_INSTANCE_SP" -> {
                List<String> used = familiesOnDemand(call, wish);
                yield planOffers(call, wish, "ec2-instance").stream()
                        .filter(offer -> used.contains(offer.path("region").asText()
                                + ' '
                                + offer.path("family").asText()))
                        .map(offer -> planDetail(call, wish, offer))
                        .toList();
            }
            default -> throw AwsError.unsupported("There are no plans for anything but EC2 here");
        };
        List<ObjectNode> worthwhile = details.stream()
                .filter(detail ->
                        Amounts.of(detail.path("HourlyCommitmentToPurchase")).signum() > 0)
                .toList();
        worthwhile.forEach(recommendation.putArray("SavingsPlansPurchaseRecommendationDetails")::add);
        recommendation.set("SavingsPlansPurchaseRecommendationSummary", summary(wish, worthwhile));
        return answer;
    }

    private static List<JsonNode> planOffers(Call call, Wish wish, String planType) {
        return call.billing()
                .list(
                        "/v1/savings-plans/offerings",
                        "offerings",
                        Query.none()
                                .and("planType", planType)
                                .and("termYears", wish.years())
                                .and("paymentOption", PAYMENTS.get(wish.payment())));
    }

    /** The regions and families of what was paid for on demand. */
    private List<String> familiesOnDemand(Call call, Wish wish) {
        Instant until = clock.instant().truncatedTo(ChronoUnit.HOURS);
        CostRequest request = new CostRequest(until.minus(Duration.ofDays(wish.days())), until, CostRequest.WHOLE);
        JsonNode report = call.billing()
                .post(
                        "/v1/cost-reports",
                        request.body(List.of("region", "instance-family"), Expressions.is("category", "on-demand")));
        return report.path("periods")
                .valueStream()
                .flatMap(period -> period.path("groups").valueStream())
                .map(group -> group.path("keys"))
                .map(keys -> keys.path("region").asText()
                        + ' '
                        + keys.path("instance-family").asText())
                .toList();
    }

    private static ObjectNode planDetail(Call call, Wish wish, JsonNode offer) {
        ObjectNode body = wish.body().put("planType", offer.path("planType").asText());
        Region region = call.region();
        ObjectNode detail = Call.answer();
        ObjectNode plan = detail.putObject("SavingsPlansDetails")
                .put("OfferingId", offer.path("offeringId").asText());
        if (offer.hasNonNull("family")) {
            region = new Region(offer.path("region").asText());
            body.put("family", offer.path("family").asText());
            plan.put("Region", region.value())
                    .put("InstanceFamily", offer.path("family").asText());
        }
        RestService billing = call.services().of(Services.Name.BILLING, call.account(), region);
        JsonNode found = billing.post(PATH, body);
        BigDecimal commitment = Amounts.of(found.path("commitmentHourly"));
        BigDecimal cost = commitment.multiply(wish.hours());
        BigDecimal savings = Amounts.of(found.path("savings"));
        BigDecimal without = Amounts.of(found.path("costWithout"));
        return detail.put("AccountId", call.account().value())
                .put("CurrencyCode", "USD")
                .put("HourlyCommitmentToPurchase", Amounts.text(commitment))
                .put(
                        "UpfrontCost",
                        Amounts.text(commitment.multiply(wish.shareInAdvance()).multiply(wish.termHours())))
                .put("EstimatedSPCost", Amounts.text(cost))
                .put(
                        "EstimatedOnDemandCost",
                        Amounts.text(Amounts.of(found.path("costWith")).subtract(cost)))
                .put("EstimatedOnDemandCostWithCurrentCommitment", Amounts.text(without))
                .put("EstimatedSavingsAmount", Amounts.text(savings))
                .put("EstimatedSavingsPercentage", Amounts.percentage(savings, without))
                .put("EstimatedMonthlySavingsAmount", Amounts.text(wish.monthly(savings)))
                .put("EstimatedROI", Amounts.percentage(savings, cost))
                .put(
                        "EstimatedAverageUtilization",
                        Amounts.text(Amounts.of(found.path("utilization")).multiply(HUNDRED)));
    }

    /** Plans for different families pay for different usage, so what they save adds up. */
    private static ObjectNode summary(Wish wish, List<ObjectNode> details) {
        BigDecimal commitment = sum(details, "HourlyCommitmentToPurchase");
        BigDecimal savings = sum(details, "EstimatedSavingsAmount");
        BigDecimal cost = sum(details, "EstimatedSPCost");
        BigDecimal without = details.isEmpty()
                ? BigDecimal.ZERO
                : Amounts.of(details.getFirst().path("EstimatedOnDemandCostWithCurrentCommitment"));
        return Call.answer()
                .put("CurrencyCode", "USD")
                .put("TotalRecommendationCount", String.valueOf(details.size()))
                .put("HourlyCommitmentToPurchase", Amounts.text(commitment))
                .put("DailyCommitmentToPurchase", Amounts.text(commitment.multiply(BigDecimal.valueOf(24))))
                .put("CurrentOnDemandSpend", Amounts.text(without))
                .put("EstimatedTotalCost", Amounts.text(without.subtract(savings)))
                .put("EstimatedSavingsAmount", Amounts.text(savings))
                .put("EstimatedSavingsPercentage", Amounts.percentage(savings, without))
                .put("EstimatedMonthlySavingsAmount", Amounts.text(wish.monthly(savings)))
                .put("EstimatedROI", Amounts.percentage(savings, cost))
                .put("EstimatedOnDemandCostWithCurrentCommitment", Amounts.text(without));
    }

    private static BigDecimal sum(List<ObjectNode> details, String member) {
        return details.stream().map(detail -> Amounts.of(detail.path(member))).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
