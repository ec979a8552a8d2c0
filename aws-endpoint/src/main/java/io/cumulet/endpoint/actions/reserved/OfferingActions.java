package io.cumulet.endpoint.actions.reserved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Pages;
import io.cumulet.endpoint.actions.Products;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Reserved Instances can be bought, and buying them. */
@ApplicationScoped
public class OfferingActions implements ActionSet {

    private static final String PATH = "/v1/reserved-instances/offerings";
    private static final Shape OFFERING = Api.EC2.model().shape("ReservedInstancesOffering");
    /** EC2's; its pages have at most a hundred, too. */
    private static final int PAGE = 100;

    private static final Map<String, Filters.Values> OWN = Map.of(
            "product-description",
            Products::names,
            "fixed-price",
            item -> List.of(
                    plain(item.path("FixedPrice")), item.path("FixedPrice").asText()),
            "usage-price",
            item -> List.of("0", "0.0", "0.00"));

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeReservedInstancesOfferings", OfferingActions::describe);
        actions.ec2("PurchaseReservedInstancesOffering", OfferingActions::purchase);
    }

    private static String plain(JsonNode number) {
        return number.decimalValue().stripTrailingZeros().toPlainString();
    }

    private static ObjectNode describe(Call call) {
        Filters filters = Filters.of(call);
        List<String> ids = call.texts("ReservedInstancesOfferingIds");
        if (!ids.isEmpty()) {
            return byId(call, ids, filters);
        }
        return Pages.answer(
                call,
                "ReservedInstancesOfferings",
                call.billing(),
                PATH,
                lists(call, filters),
                "offerings",
                PAGE,
                view -> wanted(call, filters, view));
    }

    private static ObjectNode byId(Call call, List<String> ids, Filters filters) {
        ObjectNode answer = Call.answer();
        ArrayNode offerings = answer.putArray("ReservedInstancesOfferings");
        for (String id : new LinkedHashSet<>(ids)) {
            ObjectNode offering = wanted(call, filters, call.billing().get(PATH + "/" + RestService.segment(id)));
            if (offering != null) {
                offerings.add(offering);
            }
        }
        return answer;
    }

    /** The lists that may have what is asked for: of the region, of its zones, of the Marketplace. */
    private static List<Query> lists(Call call, Filters filters) {
        String product = call.text("ProductDescription");
        String os = product == null ? null : Products.system(product);
        if (product != null && os == null
                || call.has("OfferingType") && !Words.isSold(call.requiredText("OfferingType"))
                || !call.get("InstanceTenancy").asText("default").equals("default")) {
            return List.of();
        }
        Query common = Query.none()
                .and("instanceType", instanceType(call, filters))
                .and("os", os)
                .and("offeringClass", call.text("OfferingClass"))
                .and(
                        "paymentOption",
                        call.has("OfferingType") ? Words.payment(call.requiredText("OfferingType")) : null);
        List<Query> lists = new ArrayList<>();
        if (call.has("AvailabilityZone")) {
            lists.add(common.copy().and("availabilityZone", call.text("AvailabilityZone")));
        } else {
            lists.add(common.copy());
            call.instances()
                    .get("/v1/availability-zones")
                    .path("availabilityZones")
                    .forEach(zone -> lists.add(common.copy()
                            .and(
                                    "availabilityZone",
                                    zone.path("availabilityZone").asText())));
        }
        if (call.flag("IncludeMarketplace", false)) {
            lists.add(common.copy().and("marketplace", true).and("availabilityZone", call.text("AvailabilityZone")));
        }
        return lists;
    }

    private static @Nullable String instanceType(Call call, Filters filters) {
        if (call.has("InstanceType")) {
            return call.text("InstanceType");
        }
        List<String> named = filters.wanted().getOrDefault("instance-type", List.of());
        // One that doesn't exist finds nothing as a filter, where the service would refuse it.
        return named.size() == 1 && exists(call, named.getFirst()) ? named.getFirst() : null;
    }

    private static boolean exists(Call call, String type) {
        return type.matches("[a-z0-9.-]+")
                && call.instances()
                        .find("/v1/instance-types/" + RestService.segment(type))
                        .isPresent();
    }

    private static @Nullable ObjectNode wanted(Call call, Filters filters, JsonNode view) {
        ObjectNode offering = offering(view);
        long seconds = offering.path("Duration").asLong();
        boolean fits = (!call.has("MinDuration")
                        || seconds >= call.get("MinDuration").asLong())
                && (!call.has("MaxDuration")
                        || seconds <= call.get("MaxDuration").asLong())
                && (!call.has("MaxInstanceCount")
                        || count(offering) <= call.get("MaxInstanceCount").asInt());
        return fits && filters.pass(offering, OFFERING, OWN) ? asAsked(call, offering) : null;
    }

    /** How many a seller in the Marketplace offers; of AWS's own offerings there is no end, and no limit leaves them out. */
    private static int count(ObjectNode offering) {
        int count = 0;
        if (offering.path("Marketplace").asBoolean()) {
            for (JsonNode detail : offering.path("PricingDetails")) {
                count += detail.path("Count").asInt();
            }
        }
        return count;
    }

    private static ObjectNode asAsked(Call call, ObjectNode offering) {
        return call.has("ProductDescription")
                ? offering.put("ProductDescription", call.text("ProductDescription"))
                : offering;
    }

    private static ObjectNode offering(JsonNode view) {
        ObjectNode offering = Words.common(view)
                .put("ReservedInstancesOfferingId", view.path("offeringId").asText())
                .put("Marketplace", view.path("marketplace").asBoolean());
        ArrayNode pricing = offering.putArray("PricingDetails");
        for (JsonNode detail : view.path("pricingDetails")) {
            pricing.addObject()
                    .put("Count", detail.path("count").asInt())
                    .put("Price", Words.decimal(detail.path("upfront")));
        }
        return offering;
    }

    private static ObjectNode purchase(Call call) {
        ObjectNode body = Call.answer()
                .put("offeringId", call.requiredText("ReservedInstancesOfferingId"))
                .put("instanceCount", call.get("InstanceCount").asInt());
        if (call.has("PurchaseTime")) {
            body.put("purchaseTime", call.text("PurchaseTime"));
        }
        JsonNode limit = call.get("LimitPrice").path("Amount");
        if (limit.isNumber()) {
            body.put("limitPrice", limit.decimalValue().toPlainString());
        }
        return Call.answer()
                .put(
                        "ReservedInstancesId",
                        call.billing()
                                .post("/v1/reserved-instances", body)
                                .path("id")
                                .asText());
    }
}
