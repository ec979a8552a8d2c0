package io.cumulet.endpoint.actions.savingsplans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Paged;
import io.cumulet.endpoint.services.Query;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Function;

/** The Savings Plans on offer, and their rates. */
@ApplicationScoped
public class OfferingActions implements ActionSet {

    static final String PATH = "/v1/savings-plans/offerings";

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.SAVINGS_PLANS, "DescribeSavingsPlansOfferings", OfferingActions::offerings);
        actions.add(Api.SAVINGS_PLANS, "DescribeSavingsPlansOfferingRates", OfferingActions::rates);
    }

    private static ObjectNode offerings(Call call) {
        List<ObjectNode> found = call.billing().list(PATH, "offerings").stream()
                .map(OfferingActions::offering)
                .filter(offering -> isWanted(call, offering))
                .toList();
        return page(call, found, offering -> offering.path("offeringId").asText());
    }

    private static boolean isWanted(Call call, ObjectNode offering) {
        return Wanted.is(call, "offeringIds", offering.path("offeringId"))
                && Wanted.is(call, "paymentOptions", offering.path("paymentOption"))
                && Wanted.is(call, "planTypes", offering.path("planType"))
                && Wanted.is(call, "durations", offering.path("durationSeconds"))
                && Wanted.is(call, "currencies", offering.path("currency"))
                && Wanted.is(call, "descriptions", offering.path("description"))
                && Wanted.is(call, "serviceCodes", offering.path("serviceCode"))
                && Wanted.is(call, "usageTypes", offering.path("usageType"))
                && Wanted.is(call, "operations", offering.path("operation"))
                && (!call.has("productType") || PlanWords.EC2.equals(call.text("productType")))
                && Wanted.byProperties(call, offering);
    }

    private static ObjectNode offering(JsonNode view) {
        String type = PlanWords.type(view.path("planType").asText());
        ObjectNode offering = Call.answer()
                .put("offeringId", view.path("offeringId").asText())
                .put("planType", type)
                .put("description", PlanWords.description(view, type))
                .put("paymentOption", PlanWords.payment(view))
                .put("durationSeconds", PlanWords.seconds(view))
                .put("currency", PlanWords.USD)
                .put("serviceCode", "ComputeSavingsPlans")
                .put("usageType", PlanWords.usageType(view))
                .put("operation", "");
        offering.putArray("productTypes").add(PlanWords.EC2);
        ArrayNode properties = offering.putArray("properties");
        PlanWords.property(properties, "region", view.path("region").asText(null));
        PlanWords.property(properties, "instanceFamily", view.path("family").asText(null));
        return offering;
    }

    private static ObjectNode rates(Call call) {
        Query query = Query.none().andEach("offeringId", call.texts("savingsPlanOfferingIds"));
        List<ObjectNode> found = call.billing().list(PATH + "/rates", "rates", query).stream()
                .map(OfferingActions::offeringRate)
                .filter(rate -> isWantedRate(call, rate))
                .toList();
        return page(call, found, OfferingActions::key);
    }

    private static boolean isWantedRate(Call call, ObjectNode rate) {
        JsonNode offering = rate.path("savingsPlanOffering");
        return Wanted.is(call, "savingsPlanPaymentOptions", offering.path("paymentOption"))
                && Wanted.is(call, "savingsPlanTypes", offering.path("planType"))
                && Wanted.is(call, "products", rate.path("productType"))
                && Wanted.is(call, "serviceCodes", rate.path("serviceCode"))
                && Wanted.is(call, "usageTypes", rate.path("usageType"))
                && Wanted.is(call, "operations", rate.path("operation"))
                && Wanted.byProperties(call, rate);
    }

    private static String key(ObjectNode rate) {
        return rate.path("savingsPlanOffering").path("offeringId").asText()
                + ' '
                + rate.path("usageType").asText()
                + ' '
                + rate.path("operation").asText();
    }

    private static ObjectNode offeringRate(JsonNode view) {
        ObjectNode rate = rate(view);
        JsonNode offering = view.path("offering");
        String type = PlanWords.type(offering.path("planType").asText());
        rate.putObject("savingsPlanOffering")
                .put("offeringId", offering.path("offeringId").asText())
                .put("paymentOption", PlanWords.payment(offering))
                .put("planType", type)
                .put("durationSeconds", PlanWords.seconds(offering))
                .put("currency", PlanWords.USD)
                .put("planDescription", PlanWords.description(offering, type));
        return rate;
    }

    /** What offerings' rates and those of a plan have in common. */
    static ObjectNode rate(JsonNode view) {
        String os = view.path("os").asText();
        String type = view.path("instanceType").asText();
        ObjectNode rate = Call.answer()
                .put("rate", view.path("hourly").asText())
                .put("unit", PlanWords.HOURS)
                .put("productType", PlanWords.EC2)
                .put("serviceCode", PlanWords.SERVICE)
                .put("usageType", PlanWords.usageTypeOf(view))
                .put("operation", PlanWords.operation(os));
        ArrayNode properties = rate.putArray("properties");
        PlanWords.property(properties, "region", view.path("region").asText());
        PlanWords.property(properties, "instanceType", type);
        PlanWords.property(properties, "instanceFamily", type.substring(0, type.indexOf('.')));
        PlanWords.property(properties, "productDescription", PlanWords.product(os));
        PlanWords.property(properties, "tenancy", "shared");
        return rate;
    }

    private static ObjectNode page(Call call, List<ObjectNode> found, Function<ObjectNode, String> key) {
        Paged<ObjectNode> page = Paged.of(call, "nextToken", call.number("maxResults", 0), found, key);
        ObjectNode answer = Call.answer().put("nextToken", page.nextToken());
        page.items().forEach(answer.putArray("searchResults")::add);
        return answer;
    }
}
