package io.cumulet.endpoint.actions.reserved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;

/** What an account sells on the Reserved Instance Marketplace. */
@ApplicationScoped
public class ListingActions implements ActionSet {

    private static final String PATH = "/v1/reserved-instances/listings";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateReservedInstancesListing", ListingActions::create);
        actions.ec2("DescribeReservedInstancesListings", ListingActions::describe);
        actions.ec2("CancelReservedInstancesListing", ListingActions::cancel);
    }

    private static ObjectNode create(Call call) {
        ObjectNode body = Call.answer()
                .put("reservedInstancesId", call.requiredText("ReservedInstancesId"))
                .put("instanceCount", call.get("InstanceCount").asInt())
                .put("clientToken", call.text("ClientToken"));
        ArrayNode prices = body.putArray("priceSchedules");
        for (JsonNode schedule : call.get("PriceSchedules")) {
            ObjectNode price = prices.addObject();
            if (schedule.has("Term")) {
                price.put("term", schedule.path("Term").asInt());
            }
            if (schedule.has("Price")) {
                price.put(
                        "price",
                        schedule.path("Price")
                                .decimalValue()
                                .stripTrailingZeros()
                                .toPlainString());
            }
        }
        return one(call.billing().post(PATH, body));
    }

    private static ObjectNode describe(Call call) {
        String bought = call.text("ReservedInstancesId");
        String id = call.text("ReservedInstancesListingId");
        List<JsonNode> views = id == null
                ? call.billing().list(PATH, "listings")
                : List.of(call.billing().get(PATH + "/" + RestService.segment(id)));
        return Listing.of(call, "ReservedInstancesListings", "ReservedInstancesListingId")
                .answer(views.stream()
                        .filter(view -> bought == null
                                || view.path("reservedInstancesId").asText().equals(bought))
                        .map(ListingActions::listing)
                        .toList());
    }

    private static ObjectNode cancel(Call call) {
        String id = call.requiredText("ReservedInstancesListingId");
        JsonNode before = call.billing().get(PATH + "/" + RestService.segment(id));
        if (!before.path("status").asText().equals("active")) {
            throw AwsError.of(
                    "InvalidParameterValue",
                    "The listing " + id + " is " + before.path("status").asText() + " and can't be cancelled");
        }
        return one(call.billing().delete(PATH + "/" + RestService.segment(id)));
    }

    private static ObjectNode one(JsonNode view) {
        ObjectNode answer = Call.answer();
        answer.putArray("ReservedInstancesListings").add(listing(view));
        return answer;
    }

    private static ObjectNode listing(JsonNode view) {
        String status = view.path("status").asText();
        ObjectNode listing = Call.answer()
                .put("ReservedInstancesListingId", view.path("id").asText())
                .put("ReservedInstancesId", view.path("reservedInstancesId").asText())
                .put("Status", status)
                .put("StatusMessage", status.toUpperCase(Locale.ROOT))
                .put("CreateDate", view.path("createdAt").asText())
                .put("UpdateDate", view.path("updatedAt").asText());
        ArrayNode counts = listing.putArray("InstanceCounts");
        JsonNode known = view.path("instanceCounts");
        for (String state : List.of("available", "sold", "cancelled", "pending")) {
            counts.addObject()
                    .put("State", state)
                    .put("InstanceCount", known.path(state).asInt(0));
        }
        ArrayNode prices = listing.putArray("PriceSchedules");
        for (JsonNode schedule : view.path("priceSchedules")) {
            prices.addObject()
                    .put("Term", schedule.path("term").asLong())
                    .put("Price", Words.decimal(schedule.path("price")))
                    .put("CurrencyCode", "USD");
        }
        return listing;
    }
}
