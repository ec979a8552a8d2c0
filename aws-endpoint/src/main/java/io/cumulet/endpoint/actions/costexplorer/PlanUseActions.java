package io.cumulet.endpoint.actions.costexplorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Paged;
import io.cumulet.endpoint.actions.savingsplans.PlanWords;
import io.cumulet.endpoint.protocol.AwsError;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How Savings Plans are used, and what they cover. */
@ApplicationScoped
public class PlanUseActions implements ActionSet {

    static final ObjectNode PLANS =
            Expressions.is("commitment-kind", "ec2-instance-savings-plan", "compute-savings-plan");

    private static final Set<String> GRANULARITIES = Set.of("daily", "monthly");
    private static final Set<String> WHOLE = Set.of(CostRequest.WHOLE);
    private static final List<String> OF_A_PLAN =
            List.of("account", "savings-plan", "region", "instance-family", "commitment-kind", "payment-option");

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.COST_EXPLORER, "GetSavingsPlansUtilization", PlanUseActions::utilization);
        actions.add(Api.COST_EXPLORER, "GetSavingsPlansUtilizationDetails", PlanUseActions::details);
        actions.add(
                Api.COST_EXPLORER,
                "GetSavingsPlansCoverage",
                PlanUseActions::coverage,
                false,
                "what Reserved Instances cover is left out");
    }

    private static ObjectNode utilization(Call call) {
        DimensionActions.refuseSorting(call);
        CostRequest request = CostRequest.of(call, "daily", GRANULARITIES);
        JsonNode report = report(call, request, List.of());
        ObjectNode answer = Call.answer();
        ArrayNode times = answer.putArray("SavingsPlansUtilizationsByTime");
        for (JsonNode period : report.path("periods")) {
            ObjectNode time = use(period.path("totals"));
            time.set("TimePeriod", request.timePeriod(period));
            times.add(time);
        }
        answer.set("Total", use(report.path("totals")));
        return answer;
    }

    /** @throws AwsError {@code DataUnavailableException} if there was no plan, as with AWS */
    private static JsonNode report(Call call, CostRequest request, List<String> groupBy) {
        JsonNode report = call.billing()
                .post(
                        "/v1/cost-reports/utilization",
                        request.body(groupBy, Expressions.all(PLANS, Expressions.of(call))));
        for (JsonNode period : report.path("periods")) {
            if (!period.path("groups").isEmpty()) {
                return report;
            }
        }
        throw AwsError.of("DataUnavailableException", "There was no Savings Plan in this time");
    }

    private static ObjectNode use(JsonNode view) {
        JsonNode fees = view.path("fees");
        ObjectNode use = Call.answer();
        use.putObject("Utilization")
                .put("TotalCommitment", fees.path("totalAmortizedCommitment").asText())
                .put("UsedCommitment", fees.path("usedCommitment").asText())
                .put("UnusedCommitment", fees.path("unusedCommitment").asText())
                .put("UtilizationPercentage", fees.path("utilizationPercentage").asText("0"));
        use.putObject("Savings")
                .put("NetSavings", fees.path("netSavings").asText())
                .put(
                        "OnDemandCostEquivalent",
                        fees.path("onDemandCostEquivalent").asText());
        use.putObject("AmortizedCommitment")
                .put("AmortizedRecurringCommitment", view.path("recurringFees").asText())
                .put(
                        "AmortizedUpfrontCommitment",
                        view.path("spreadUpfrontFees").asText())
                .put(
                        "TotalAmortizedCommitment",
                        fees.path("totalAmortizedCommitment").asText());
        return use;
    }

    private static ObjectNode details(Call call) {
        DimensionActions.refuseSorting(call);
        CostRequest request = CostRequest.of(call, CostRequest.WHOLE, WHOLE);
        JsonNode report = report(call, request, OF_A_PLAN);
        Map<String, JsonNode> own = new HashMap<>();
        call.billing()
                .list("/v1/savings-plans", "savingsPlans")
                .forEach(plan -> own.put(plan.path("id").asText(), plan));
        List<ObjectNode> plans = new ArrayList<>();
        for (JsonNode period : report.path("periods")) {
            for (JsonNode group : period.path("groups")) {
                plans.add(detail(group, own));
            }
        }
        Paged<ObjectNode> page = Paged.of(
                call,
                "NextToken",
                call.number("MaxResults", 0),
                plans,
                plan -> plan.path("SavingsPlanArn").asText());
        ObjectNode answer = Call.answer().put("NextToken", page.nextToken());
        ArrayNode shown = answer.putArray("SavingsPlansUtilizationDetails");
        page.items().forEach(plan -> shown.add(only(plan, call.texts("DataType"))));
        answer.set("TimePeriod", request.timePeriod());
        answer.set("Total", use(report.path("totals")));
        return answer;
    }

    private static ObjectNode detail(JsonNode group, Map<String, JsonNode> own) {
        JsonNode keys = group.path("keys");
        String id = keys.path("savings-plan").asText();
        String account = keys.path("account").asText();
        ObjectNode detail = use(group.path("value"));
        detail.put("SavingsPlanArn", PlanWords.arn(account, id));
        ObjectNode attributes = detail.putObject("Attributes")
                .put("AccountId", account)
                .put("SavingsPlansType", word("SAVINGS_PLANS_TYPE", keys))
                .put("PaymentOption", word("PAYMENT_OPTION", keys));
        put(attributes, "Region", keys.path("region"));
        put(attributes, "InstanceFamily", keys.path("instance-family"));
        JsonNode plan = own.get(id);
        if (plan != null) {
            put(attributes, "HourlyCommitment", plan.path("commitmentHourly"));
            put(attributes, "UpfrontFee", plan.path("upfrontPaymentAmount"));
            put(attributes, "RecurringHourlyFee", plan.path("recurringPaymentAmount"));
            put(attributes, "StartDateTime", plan.path("startsAt"));
            put(attributes, "EndDateTime", plan.path("endsAt"));
            put(attributes, "Status", plan.path("state"));
            attributes.put("PurchaseTerm", plan.path("termYears").asText() + "yr");
        }
        return detail;
    }

    private static String word(String key, JsonNode keys) {
        CostDimension dimension = CostDimension.of(key);
        return dimension.word(keys.path(dimension.rest()).asText(null));
    }

    private static void put(ObjectNode attributes, String name, JsonNode value) {
        if (value.isValueNode() && !value.isNull()) {
            attributes.put(name, value.asText());
        }
    }

    /** @param types what is wanted of it; everything if none are said */
    private static ObjectNode only(ObjectNode detail, List<String> types) {
        if (!types.isEmpty()) {
            Map.of(
                            "ATTRIBUTES", "Attributes",
                            "UTILIZATION", "Utilization",
                            "AMORTIZED_COMMITMENT", "AmortizedCommitment",
                            "SAVINGS", "Savings")
                    .forEach((type, member) -> {
                        if (!types.contains(type)) {
                            detail.remove(member);
                        }
                    });
        }
        return detail;
    }

    private static ObjectNode coverage(Call call) {
        DimensionActions.refuseSorting(call);
        List<String> metrics = call.texts("Metrics");
        if (!List.of("SpendCoveredBySavingsPlans").containsAll(metrics)) {
            throw Expressions.invalid("Metrics is SpendCoveredBySavingsPlans, not " + String.join(", ", metrics));
        }
        CostRequest request = CostRequest.of(call, "daily", GRANULARITIES);
        List<CostDimension> dimensions = ReservationActions.dimensions(call);
        JsonNode report = call.billing()
                .post(
                        "/v1/cost-reports/coverage",
                        request.body(
                                dimensions.stream().map(CostDimension::rest).toList(), Expressions.of(call)));
        List<ObjectNode> coverages = new ArrayList<>();
        for (JsonNode period : report.path("periods")) {
            for (JsonNode group : period.path("groups")) {
                ObjectNode one = Call.answer();
                one.set("Attributes", ReservationActions.attributes(group.path("keys"), dimensions));
                one.set("Coverage", spend(group.path("value")));
                one.set("TimePeriod", request.timePeriod(period));
                coverages.add(one);
            }
        }
        Paged<ObjectNode> page = Paged.of(
                call,
                "NextToken",
                call.number("MaxResults", 0),
                coverages,
                one -> one.path("TimePeriod").path("Start").asText()
                        + one.path("Attributes").toString());
        ObjectNode answer = Call.answer().put("NextToken", page.nextToken());
        page.items().forEach(answer.putArray("SavingsPlansCoverages")::add);
        return answer;
    }

    private static ObjectNode spend(JsonNode view) {
        BigDecimal covered = Amounts.of(view.path("savingsPlans").path("listCost"));
        BigDecimal onDemand = Amounts.of(view.path("onDemand").path("listCost"));
        String percentage = Amounts.percentage(covered, covered.add(onDemand));
        return Call.answer()
                .put("SpendCoveredBySavingsPlans", Amounts.text(covered))
                .put("OnDemandCost", Amounts.text(onDemand))
                .put("TotalCost", Amounts.text(covered.add(onDemand)))
                .put("CoveragePercentage", percentage == null ? "0" : percentage);
    }
}
