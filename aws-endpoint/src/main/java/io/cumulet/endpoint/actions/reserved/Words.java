package io.cumulet.endpoint.actions.reserved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Products;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;

/** EC2's words for what billing sells, and what all that is sold has in common. */
final class Words {

    static final String REGION = "Region";
    static final String ZONE = "Availability Zone";

    private static final long SECONDS_PER_YEAR = 365L * 24 * 3600;
    private static final long SECONDS_PER_MONTH = 730L * 3600;
    private static final Map<String, String> PAYMENTS = Map.of(
            "no-upfront", "No Upfront",
            "partial-upfront", "Partial Upfront",
            "all-upfront", "All Upfront");

    private Words() {}

    /** Whether it is sold still: {@code Heavy Utilization} and its like were until 2014. */
    static boolean isSold(String offeringType) {
        return PAYMENTS.containsValue(offeringType);
    }

    /** {@code no-upfront} of {@code No Upfront}. */
    static String payment(String offeringType) {
        return offeringType.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** The members of an offering and of what was bought alike. */
    static ObjectNode common(JsonNode view) {
        ObjectNode item = Call.answer();
        String zone = view.path("availabilityZone").asText("");
        if (!zone.isEmpty() && !view.path("availabilityZone").isNull()) {
            item.put("AvailabilityZone", zone);
        }
        item.put("Scope", item.has("AvailabilityZone") ? ZONE : REGION)
                .put("InstanceType", view.path("instanceType").asText())
                .put("ProductDescription", Products.of(view.path("os").asText()))
                .put("InstanceTenancy", "default")
                .put("CurrencyCode", "USD")
                .put("OfferingClass", view.path("offeringClass").asText())
                .put("OfferingType", PAYMENTS.get(view.path("paymentOption").asText()))
                .put("FixedPrice", decimal(view.path("upfront")))
                .put("UsagePrice", BigDecimal.ZERO)
                .put(
                        "Duration",
                        view.hasNonNull("monthsLeft")
                                ? view.path("monthsLeft").asLong() * SECONDS_PER_MONTH
                                : view.path("termYears").asLong() * SECONDS_PER_YEAR);
        item.putArray("RecurringCharges")
                .addObject()
                .put("Frequency", "Hourly")
                .put("Amount", decimal(view.path("hourly")));
        return item;
    }

    static BigDecimal decimal(JsonNode text) {
        return new BigDecimal(text.asText("0"));
    }
}
