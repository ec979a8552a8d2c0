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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What there is to filter by: the values of dimensions, and tags. */
@ApplicationScoped
public class DimensionActions implements ActionSet {

    private static final Set<String> WHOLE = Set.of(CostRequest.WHOLE);

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.COST_EXPLORER, "GetDimensionValues", DimensionActions::dimensionValues);
        actions.add(Api.COST_EXPLORER, "GetTags", DimensionActions::tags);
    }

    private static ObjectNode dimensionValues(Call call) {
        refuseSorting(call);
        CostRequest request = CostRequest.of(call, CostRequest.WHOLE, WHOLE);
        CostDimension dimension = CostDimension.of(call.requiredText("Dimension"));
        String path = "/v1/cost-reports";
        ObjectNode filter = Expressions.of(call);
        switch (call.has("Context") ? call.requiredText("Context") : "COST_AND_USAGE") {
            case "RESERVATIONS" -> {
                path += "/utilization";
                filter = Expressions.all(ReservationActions.RESERVED, filter);
            }
            case "SAVINGS_PLANS" -> {
                path += "/utilization";
                filter = Expressions.all(PlanUseActions.PLANS, filter);
            }
            default -> {}
        }
        JsonNode report = call.billing().post(path, request.body(List.of("account", dimension.rest()), filter));
        SortedSet<String> values = new TreeSet<>();
        for (JsonNode period : report.path("periods")) {
            for (JsonNode group : period.path("groups")) {
                String value = group.path("keys").path(dimension.rest()).asText(null);
                if (value != null) {
                    values.add(
                            dimension.key().equals("SAVINGS_PLAN_ARN")
                                    ? PlanWords.arn(
                                            group.path("keys").path("account").asText(), value)
                                    : dimension.word(value));
                }
            }
        }
        return answer(call, searched(call, values), "DimensionValues", value -> {
            ObjectNode one = Call.answer().put("Value", value);
            ObjectNode attributes = one.putObject("Attributes");
            if (dimension.key().startsWith("LINKED_ACCOUNT")) {
                attributes.put("description", value);
            }
            return one;
        });
    }

    private static ObjectNode tags(Call call) {
        refuseSorting(call);
        CostRequest request = CostRequest.of(call, CostRequest.WHOLE, WHOLE);
        JsonNode tags = call.billing()
                .post("/v1/cost-reports/tags", request.body(List.of(), Expressions.of(call)))
                .path("tags");
        SortedSet<String> found = new TreeSet<>();
        String key = call.text("TagKey");
        if (key == null) {
            tags.fieldNames().forEachRemaining(found::add);
        } else {
            tags.path(key).forEach(value -> found.add(value.asText()));
        }
        return answer(call, searched(call, found), "Tags", null);
    }

    private static List<String> searched(Call call, SortedSet<String> found) {
        String search =
                call.has("SearchString") ? call.requiredText("SearchString").toLowerCase(Locale.ROOT) : "";
        List<String> matching = new ArrayList<>(found);
        matching.removeIf(value -> !value.toLowerCase(Locale.ROOT).contains(search));
        return matching;
    }

    /** @param item of a value; null if the values themselves are listed */
    private static ObjectNode answer(
            Call call, List<String> found, String member, @Nullable Function<String, ObjectNode> item) {
        Paged<String> page = Paged.of(call, "NextPageToken", call.number("MaxResults", 0), found, Function.identity());
        ObjectNode answer = Call.answer();
        ArrayNode values = answer.putArray(member);
        for (String value : page.items()) {
            if (item == null) {
                values.add(value);
            } else {
                values.add(item.apply(value));
            }
        }
        return answer.put("ReturnSize", page.items().size())
                .put("TotalSize", found.size())
                .put("NextPageToken", page.nextToken());
    }

    static void refuseSorting(Call call) {
        if (!call.get("SortBy").isEmpty()) {
            throw AwsError.unsupported("SortBy is not supported here; answers are in the order of their keys");
        }
    }
}
