package io.cumulet.endpoint.actions.spot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Pages;
import io.cumulet.endpoint.actions.Products;
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.actions.instancetypes.Requirements;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What spot instances cost and cost before, and where they would do well. */
@ApplicationScoped
public class SpotPriceActions implements ActionSet {

    /** They are named in a URL. */
    private static final int MOST_SCORED = 250;

    private static final Shape PRICE = Api.EC2.model().shape("SpotPrice");
    /** EC2's. */
    private static final int PAGE = 1_000;

    private static final String TYPES = "/v1/instance-types/";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeSpotPriceHistory", SpotPriceActions::history);
        actions.ec2("GetSpotPlacementScores", SpotPriceActions::scores);
    }

    private static ObjectNode history(Call call) {
        Filters filters = Filters.of(call);
        Set<String> products = new HashSet<>(call.texts("ProductDescriptions"));
        products.addAll(filters.wanted().getOrDefault("product-description", List.of()));
        Map<String, Filters.Values> own = Map.of("product-description", Products::names);
        return Pages.answer(
                call,
                "SpotPriceHistory",
                call.spotMarket(),
                "/v1/spot-prices",
                lists(call, filters),
                "spotPrices",
                PAGE,
                view -> {
                    String os = view.path("os").asText();
                    ObjectNode price = Call.answer()
                            .put("InstanceType", view.path("instanceType").asText())
                            .put("SpotPrice", view.path("price").asText())
                            .put("Timestamp", view.path("from").asText())
                            .put("ProductDescription", Products.of(os));
                    Zones.put(price, view.path("availabilityZone").asText());
                    return filters.pass(price, PRICE, own)
                            ? price.put("ProductDescription", Products.asAsked(os, products))
                            : null;
                });
    }

    /** One list for each type and system that is asked for, newest first: all of it if nothing is. */
    private static List<Query> lists(Call call, Filters filters) {
        Query common = Query.none()
                .and("availabilityZone", Zones.named(call.region(), call.input()))
                .and("from", call.text("StartTime"))
                .and("until", call.text("EndTime"));
        List<Query> byType = new ArrayList<>();
        Set<String> types = types(call, filters);
        types.forEach(type -> byType.add(common.copy().and("instanceType", type)));
        if (types.isEmpty() && !call.has("InstanceTypes") && !isPlain(filters, "instance-type")) {
            byType.add(common);
        }
        if (!call.has("ProductDescriptions")) {
            return byType;
        }
        Set<String> systems = new LinkedHashSet<>();
        for (String product : call.texts("ProductDescriptions")) {
            String system = Products.system(product);
            if (system == null) {
                throw AwsError.invalidValue("productDescription", product, "There is no such product");
            }
            systems.add(system);
        }
        return byType.stream()
                .flatMap(query -> systems.stream().map(system -> query.copy().and("os", system)))
                .toList();
    }

    private static boolean isPlain(Filters filters, String name) {
        return filters.wanted().getOrDefault(name, List.of("*")).stream()
                .allMatch(value -> value.matches("[^*?\\\\]*"));
    }

    /** Types by which the market narrows its list; one that a filter names and that doesn't exist has no price. */
    private static Set<String> types(Call call, Filters filters) {
        if (call.has("InstanceTypes")) {
            return new LinkedHashSet<>(call.texts("InstanceTypes"));
        }
        Set<String> types = new LinkedHashSet<>();
        if (isPlain(filters, "instance-type")) {
            for (String type : Objects.requireNonNull(filters.wanted().get("instance-type"))) {
                if (!type.isEmpty()
                        && call.instances()
                                .find(TYPES + RestService.segment(type))
                                .isPresent()) {
                    types.add(type);
                }
            }
        }
        return types;
    }

    private static ObjectNode scores(Call call) {
        Query query = Query.none()
                .andEach("instanceType", scoredTypes(call))
                .and("targetCapacity", call.text("TargetCapacity"))
                .and("targetCapacityUnitType", call.text("TargetCapacityUnitType"))
                .andEach("regionName", call.texts("RegionNames"))
                .and("singleAvailabilityZone", call.flag("SingleAvailabilityZone", false));
        return Pages.answer(
                call,
                "SpotPlacementScores",
                call.spotMarket(),
                "/v1/spot-placement-scores",
                List.of(query),
                "spotPlacementScores",
                PAGE,
                SpotPriceActions::score);
    }

    private static List<String> scoredTypes(Call call) {
        if (!call.has("InstanceRequirementsWithMetadata")) {
            return call.texts("InstanceTypes");
        }
        if (call.has("InstanceTypes")) {
            throw AwsError.combination("Either InstanceTypes or InstanceRequirementsWithMetadata");
        }
        List<String> types = Requirements.types(call, call.get("InstanceRequirementsWithMetadata"));
        if (types.isEmpty()) {
            throw AwsError.invalidValue(
                    "instanceRequirementsWithMetadata",
                    "InstanceRequirements",
                    "No instance type on offer has all of them");
        }
        if (types.size() > MOST_SCORED) {
            throw AwsError.unsupported("InstanceRequirements that " + types.size()
                    + " types have are not supported here: at most " + MOST_SCORED + " are compared");
        }
        return types;
    }

    private static ObjectNode score(JsonNode view) {
        ObjectNode score = Call.answer()
                .put("Region", view.path("region").asText())
                .put("Score", view.path("score").asInt());
        return view.hasNonNull("availabilityZoneId")
                ? score.put(
                        "AvailabilityZoneId", view.path("availabilityZoneId").asText())
                : score;
    }
}
