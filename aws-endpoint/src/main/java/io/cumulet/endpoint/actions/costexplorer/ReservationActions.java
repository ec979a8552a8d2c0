package io.cumulet.endpoint.actions.costexplorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How Reserved Instances are used, and what they cover. */
@ApplicationScoped
public class ReservationActions implements ActionSet {

    /** Scheduled ones are sold no more and have reports of their own in REST. */
    static final ObjectNode RESERVED = Expressions.is("commitment-kind", "reserved-instances");

    private static final Set<String> GRANULARITIES = Set.of("daily", "monthly", CostRequest.WHOLE);
    private static final Set<String> METRICS = Set.of("Hour", "Unit", "Cost");

    /** What is told of Reserved Instances: billing's dimensions by the names of attributes. */
    private static final List<String> OF_ONE =
            List.of("LINKED_ACCOUNT", "REGION", "AZ", "INSTANCE_TYPE", "PLATFORM", "TENANCY", "SCOPE");

    @Override
    public void addTo(Actions actions) {
        actions.add(
                Api.COST_EXPLORER,
                "GetReservationUtilization",
                ReservationActions::utilization,
                false,
                "without potential and unrealized savings: what was never used has no price on demand");
        actions.add(
                Api.COST_EXPLORER,
                "GetReservationCoverage",
                ReservationActions::coverage,
                false,
                "what Savings Plans cover is neither reserved nor on demand");
    }

    private static ObjectNode utilization(Call call) {
        DimensionActions.refuseSorting(call);
        boolean grouped = isGrouped(call);
        CostRequest request = CostRequest.of(call, grouped ? CostRequest.WHOLE : "daily", GRANULARITIES);
        List<CostDimension> dimensions = new ArrayList<>();
        if (grouped) {
            dimensions.add(CostDimension.of("SUBSCRIPTION_ID"));
            OF_ONE.forEach(key -> dimensions.add(CostDimension.of(key)));
        }
        JsonNode report = call.billing()
                .post(
                        "/v1/cost-reports/utilization",
                        request.body(
                                dimensions.stream().map(CostDimension::rest).toList(),
                                Expressions.all(RESERVED, Expressions.of(call))));
        ObjectNode answer = Call.answer();
        ArrayNode times = answer.putArray("UtilizationsByTime");
        for (JsonNode period : report.path("periods")) {
            ObjectNode time = times.addObject();
            time.set("TimePeriod", request.timePeriod(period));
            ArrayNode groups = time.putArray("Groups");
            if (grouped) {
                period.path("groups").forEach(group -> groups.add(ofOne(group, dimensions)));
            }
            time.set("Total", use(period.path("totals")));
        }
        answer.set("Total", use(report.path("totals")));
        return answer;
    }

    private static boolean isGrouped(Call call) {
        JsonNode groupBy = call.get("GroupBy");
        if (groupBy.isEmpty()) {
            return false;
        }
        if (groupBy.size() > 1 || !groupBy.get(0).path("Key").asText().equals("SUBSCRIPTION_ID")) {
            throw Expressions.invalid("GroupBy is SUBSCRIPTION_ID alone");
        }
        return true;
    }

    private static ObjectNode ofOne(JsonNode group, List<CostDimension> dimensions) {
        JsonNode keys = group.path("keys");
        ObjectNode one = Call.answer()
                .put("Key", "SUBSCRIPTION_ID")
                .put("Value", keys.path("reservation").asText());
        one.set("Attributes", attributes(keys, dimensions.subList(1, dimensions.size())));
        one.set("Utilization", use(group.path("value")));
        return one;
    }

    /** What a group is of, by the names that attributes have. */
    static ObjectNode attributes(JsonNode keys, List<CostDimension> dimensions) {
        ObjectNode attributes = Call.answer();
        for (CostDimension dimension : dimensions) {
            if (keys.has(dimension.rest())) {
                attributes.put(
                        dimension.attribute(),
                        dimension.word(keys.path(dimension.rest()).asText()));
            }
        }
        return attributes;
    }

    private static ObjectNode use(JsonNode view) {
        JsonNode fees = view.path("fees");
        BigDecimal purchased = Amounts.of(view.path("purchasedHours"));
        BigDecimal used = Amounts.of(view.path("usedHours"));
        BigDecimal units = Amounts.of(view.path("purchasedUnits"));
        BigDecimal usedUnits = Amounts.of(view.path("usedUnits"));
        BigDecimal onDemand = Amounts.of(fees.path("onDemandCostEquivalent"));
        return Call.answer()
                .put("UtilizationPercentage", view.path("usedHoursPercentage").asText("0"))
                .put(
                        "UtilizationPercentageInUnits",
                        view.path("usedUnitsPercentage").asText("0"))
                .put("PurchasedHours", Amounts.text(purchased))
                .put("PurchasedUnits", Amounts.text(units))
                .put("TotalActualHours", Amounts.text(used))
                .put("TotalActualUnits", Amounts.text(usedUnits))
                .put("UnusedHours", Amounts.text(purchased.subtract(used)))
                .put("UnusedUnits", Amounts.text(units.subtract(usedUnits)))
                .put("OnDemandCostOfRIHoursUsed", Amounts.text(onDemand))
                .put("NetRISavings", fees.path("netSavings").asText())
                .put("AmortizedUpfrontFee", view.path("spreadUpfrontFees").asText())
                .put("AmortizedRecurringFee", view.path("recurringFees").asText())
                .put("TotalAmortizedFee", fees.path("totalAmortizedCommitment").asText())
                .put("RICostForUnusedHours", fees.path("unusedCommitment").asText())
                .put("RealizedSavings", Amounts.text(onDemand.subtract(Amounts.of(fees.path("usedCommitment")))));
    }

    private static ObjectNode coverage(Call call) {
        DimensionActions.refuseSorting(call);
        List<String> metrics = call.texts("Metrics");
        if (!METRICS.containsAll(metrics)) {
            throw Expressions.invalid("Metrics are Hour, Unit and Cost, not " + String.join(", ", metrics));
        }
        List<CostDimension> dimensions = dimensions(call);
        CostRequest request = CostRequest.of(call, dimensions.isEmpty() ? "daily" : CostRequest.WHOLE, GRANULARITIES);
        JsonNode report = call.billing()
                .post(
                        "/v1/cost-reports/coverage",
                        request.body(
                                dimensions.stream().map(CostDimension::rest).toList(), Expressions.of(call)));
        ObjectNode answer = Call.answer();
        ArrayNode times = answer.putArray("CoveragesByTime");
        for (JsonNode period : report.path("periods")) {
            ObjectNode time = times.addObject();
            time.set("TimePeriod", request.timePeriod(period));
            ArrayNode groups = time.putArray("Groups");
            if (!dimensions.isEmpty()) {
                for (JsonNode group : period.path("groups")) {
                    ObjectNode one = groups.addObject();
                    one.set("Attributes", attributes(group.path("keys"), dimensions));
                    one.set("Coverage", covered(group.path("value"), metrics));
                }
            }
            time.set("Total", covered(period.path("totals"), metrics));
        }
        answer.set("Total", covered(report.path("totals"), metrics));
        return answer;
    }

    /** What a coverage is grouped by. */
    static List<CostDimension> dimensions(Call call) {
        List<CostDimension> dimensions = new ArrayList<>();
        for (JsonNode definition : call.get("GroupBy")) {
            if (!definition.path("Type").asText("DIMENSION").equals("DIMENSION")) {
                throw Expressions.invalid("Coverage is grouped by dimensions alone");
            }
            dimensions.add(CostDimension.of(definition.path("Key").asText()));
        }
        return dimensions;
    }

    private static ObjectNode covered(JsonNode view, List<String> metrics) {
        ObjectNode coverage = Call.answer();
        if (metrics.isEmpty() || metrics.contains("Hour")) {
            coverage.set("CoverageHours", part(view, "seconds", "Hours"));
        }
        if (metrics.isEmpty() || metrics.contains("Unit")) {
            coverage.set("CoverageNormalizedUnits", part(view, "normalizedSeconds", "NormalizedUnits"));
        }
        if (metrics.isEmpty() || metrics.contains("Cost")) {
            coverage.putObject("CoverageCost")
                    .put("OnDemandCost", view.path("onDemand").path("listCost").asText());
        }
        return coverage;
    }

    private static ObjectNode part(JsonNode view, String field, String name) {
        BigDecimal onDemand = Amounts.of(view.path("onDemand").path(field));
        BigDecimal reserved = Amounts.of(view.path("reserved").path(field));
        String percentage = Amounts.percentage(reserved, reserved.add(onDemand));
        return Call.answer()
                .put("OnDemand" + name, Amounts.hours(onDemand))
                .put("Reserved" + name, Amounts.hours(reserved))
                .put("TotalRunning" + name, Amounts.hours(reserved.add(onDemand)))
                .put("Coverage" + name + "Percentage", percentage == null ? "0" : percentage);
    }
}
