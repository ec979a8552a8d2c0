package io.cumulet.endpoint.actions.costexplorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Paged;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was charged. Nothing is negotiated or blended here, so that net and blended costs are the others'. What a commitment
 * covers costs nothing unblended, since its fees are charged.
 */
@ApplicationScoped
public class CostActions implements ActionSet {

    private static final Set<String> GRANULARITIES = Set.of("hourly", "daily", "monthly");
    private static final int MOST_GROUPS = 2;
    /** As many groups as a page has. */
    private static final int PAGE = 5_000;

    /** A metric's word, in which of billing's sums it is, and its unit. */
    private enum Metric {
        AMORTIZED_COST("AmortizedCost", "effectiveCost", "USD"),
        BLENDED_COST("BlendedCost", "billedCost", "USD"),
        NET_AMORTIZED_COST("NetAmortizedCost", "effectiveCost", "USD"),
        NET_UNBLENDED_COST("NetUnblendedCost", "billedCost", "USD"),
        NORMALIZED_USAGE_AMOUNT("NormalizedUsageAmount", "normalizedSeconds", "N/A"),
        UNBLENDED_COST("UnblendedCost", "billedCost", "USD"),
        USAGE_QUANTITY("UsageQuantity", "seconds", "Hrs");

        private final String word;
        private final String field;
        private final String unit;

        Metric(String word, String field, String unit) {
            this.word = word;
            this.field = field;
            this.unit = unit;
        }

        static Metric of(String name) {
            for (Metric metric : values()) {
                if (metric.word.equals(name) || metric.name().equals(name)) {
                    return metric;
                }
            }
            throw Expressions.invalid("There is no metric " + name);
        }

        ObjectNode value(BigDecimal sum) {
            return Call.answer()
                    .put("Amount", field.endsWith("econds") ? Amounts.hours(sum) : Amounts.text(sum))
                    .put("Unit", unit);
        }
    }

    /** What is grouped by: one of billing's dimensions, and the text of a key. */
    record Group(
            String rest,
            BiFunction<String, JsonNode, String> key,
            @Nullable CostDimension dimension) {

        String keyOf(JsonNode keys) {
            return key.apply(rest, keys);
        }

        static Group of(JsonNode definition) {
            String key = definition.path("Key").asText();
            return switch (definition.path("Type").asText()) {
                case "DIMENSION" -> {
                    CostDimension dimension = CostDimension.of(key);
                    yield new Group(
                            dimension.rest(),
                            (rest, keys) -> dimension.word(keys.path(rest).asText(null)),
                            dimension);
                }
                case "TAG" ->
                    new Group(
                            "tag:" + key,
                            (rest, keys) -> key + "$" + keys.path(rest).asText(""),
                            null);
                default -> throw Expressions.invalid("GroupBy has a Type DIMENSION or TAG, and a Key");
            };
        }
    }

    /** One line of an answer: a group in a period. */
    private record Line(JsonNode period, List<String> keys, Map<Metric, BigDecimal> sums) {

        String place() {
            return period.path("start").asText() + '\n' + String.join("\n", keys);
        }
    }

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.COST_EXPLORER, "GetCostAndUsage", CostActions::costAndUsage);
    }

    private static ObjectNode costAndUsage(Call call) {
        CostRequest request = CostRequest.of(call, "daily", GRANULARITIES);
        List<Metric> metrics = call.texts("Metrics").stream().map(Metric::of).toList();
        if (metrics.isEmpty()) {
            throw Expressions.invalid("Metrics are needed");
        }
        List<Group> groups = new ArrayList<>();
        call.get("GroupBy").forEach(definition -> groups.add(Group.of(definition)));
        if (groups.size() > MOST_GROUPS) {
            throw Expressions.invalid("GroupBy has at most " + MOST_GROUPS + " parts");
        }
        JsonNode report = call.billing()
                .post(
                        "/v1/cost-reports",
                        request.body(groups.stream().map(Group::rest).toList(), Expressions.of(call)));
        ObjectNode answer = Call.answer();
        if (!groups.isEmpty()) {
            answer.set("GroupDefinitions", call.get("GroupBy"));
        }
        Paged<Line> page = Paged.of(call, "NextPageToken", PAGE, lines(report, groups, metrics), Line::place);
        answer.put("NextPageToken", page.nextToken());
        addResults(answer.putArray("ResultsByTime"), request, report, groups, page.items());
        addAccounts(answer.putArray("DimensionValueAttributes"), groups, page.items());
        return answer;
    }

    /** Groups that Cost Explorer has one word for become one; a period without any has one without keys. */
    private static List<Line> lines(JsonNode report, List<Group> groups, List<Metric> metrics) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode period : report.path("periods")) {
            Map<List<String>, Map<Metric, BigDecimal>> sums = new LinkedHashMap<>();
            sums.put(List.of(), sums(metrics, Call.answer()));
            for (JsonNode group : period.path("groups")) {
                List<String> keys =
                        groups.stream().map(by -> by.keyOf(group.path("keys"))).toList();
                sums.merge(keys, sums(metrics, group), (one, other) -> {
                    Map<Metric, BigDecimal> both = new LinkedHashMap<>(one);
                    other.forEach((metric, sum) -> both.merge(metric, sum, BigDecimal::add));
                    return both;
                });
            }
            sums.forEach((keys, sum) -> lines.add(new Line(period, keys, sum)));
        }
        return lines;
    }

    private static Map<Metric, BigDecimal> sums(List<Metric> metrics, JsonNode group) {
        Map<Metric, BigDecimal> sums = new LinkedHashMap<>();
        metrics.forEach(metric -> sums.put(metric, Amounts.of(group.path(metric.field))));
        return sums;
    }

    private static void addResults(
            ArrayNode results, CostRequest request, JsonNode report, List<Group> groups, List<Line> lines) {
        Map<String, ObjectNode> byPeriod = new LinkedHashMap<>();
        for (Line line : lines) {
            ObjectNode result =
                    byPeriod.computeIfAbsent(line.period().path("start").asText(), start -> {
                        ObjectNode made = results.addObject();
                        made.set("TimePeriod", request.timePeriod(line.period()));
                        made.putObject("Total");
                        made.putArray("Groups");
                        return made.put("Estimated", CostRequest.isEstimated(report, line.period()));
                    });
            ObjectNode values = Call.answer();
            line.sums().forEach((metric, sum) -> values.set(metric.word, metric.value(sum)));
            if (groups.isEmpty()) {
                result.set("Total", values);
            } else if (!line.keys().isEmpty()) {
                ObjectNode group = result.withArray("Groups").addObject();
                line.keys().forEach(group.putArray("Keys")::add);
                group.set("Metrics", values);
            }
        }
    }

    /** Accounts have no names here: they are described by their ids. */
    private static void addAccounts(ArrayNode attributes, List<Group> groups, List<Line> lines) {
        Map<String, ObjectNode> accounts = new TreeMap<>();
        for (int i = 0; i < groups.size(); i++) {
            CostDimension dimension = groups.get(i).dimension();
            if (dimension != null && dimension.key().equals("LINKED_ACCOUNT")) {
                for (Line line : lines) {
                    if (!line.keys().isEmpty()) {
                        String account = line.keys().get(i);
                        ObjectNode value = Call.answer().put("Value", account);
                        value.putObject("Attributes").put("description", account);
                        accounts.put(account, value);
                    }
                }
            }
        }
        accounts.values().forEach(attributes::add);
    }
}
