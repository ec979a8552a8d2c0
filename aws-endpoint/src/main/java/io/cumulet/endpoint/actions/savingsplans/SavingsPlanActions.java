package io.cumulet.endpoint.actions.savingsplans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Paged;
import io.cumulet.endpoint.protocol.AwsError;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Buying Savings Plans, and looking at them. */
@ApplicationScoped
public class SavingsPlanActions implements ActionSet {

    private static final String PATH = "/v1/savings-plans";
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final Map<String, String> FILTERS = Map.of(
            "region", "region",
            "ec2-instance-family", "ec2InstanceFamily",
            "commitment", "commitment",
            "upfront", "upfrontPaymentAmount",
            "term", "termDurationInSeconds",
            "savings-plan-type", "savingsPlanType",
            "payment-option", "paymentOption",
            "start", "start",
            "end", "end");

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.SAVINGS_PLANS, "CreateSavingsPlan", SavingsPlanActions::create);
        actions.add(Api.SAVINGS_PLANS, "DescribeSavingsPlans", SavingsPlanActions::describe);
        actions.add(Api.SAVINGS_PLANS, "DescribeSavingsPlanRates", SavingsPlanActions::rates);
        actions.add(Api.SAVINGS_PLANS, "DeleteQueuedSavingsPlan", SavingsPlanActions::deleteQueued);
        actions.add(Api.SAVINGS_PLANS, "ReturnSavingsPlan", SavingsPlanActions::giveBack);
        actions.add(Api.SAVINGS_PLANS, "TagResource", SavingsPlanActions::tag);
        actions.add(Api.SAVINGS_PLANS, "UntagResource", SavingsPlanActions::untag);
        actions.add(Api.SAVINGS_PLANS, "ListTagsForResource", SavingsPlanActions::listTags);
    }

    private static ObjectNode create(Call call) {
        String offeringId = call.requiredText("savingsPlanOfferingId");
        String commitment = call.requiredText("commitment");
        if (call.has("upfrontPaymentAmount")) {
            checkUpfront(call, offeringId, commitment);
        }
        ObjectNode body = Call.answer()
                .put("offeringId", offeringId)
                .put("commitmentHourly", commitment)
                .put("purchaseTime", call.text("purchaseTime"))
                .put("clientToken", call.text("clientToken"));
        if (call.has("tags")) {
            body.set("tags", call.get("tags"));
        }
        return Call.answer()
                .put("savingsPlanId", call.billing().post(PATH, body).path("id").asText());
    }

    /** A partial upfront payment is half of the term's commitment, neither more nor less. */
    private static void checkUpfront(Call call, String offeringId, String commitment) {
        JsonNode offering = call.billing().list(OfferingActions.PATH, "offerings").stream()
                .filter(one -> one.path("offeringId").asText().equals(offeringId))
                .findFirst()
                .orElseThrow(() -> AwsError.of("ResourceNotFoundException", "There is no offering " + offeringId));
        String given = call.requiredText("upfrontPaymentAmount");
        if (!offering.path("paymentOption").asText().equals("partial-upfront")) {
            throw AwsError.of(
                    "ValidationException", "upfrontPaymentAmount is for the payment option Partial Upfront alone");
        }
        BigDecimal half = decimal("commitment", commitment)
                .multiply(BigDecimal.valueOf(PlanWords.seconds(offering) / 3_600))
                .divide(BigDecimal.valueOf(2));
        if (decimal("upfrontPaymentAmount", given).compareTo(half) != 0) {
            throw AwsError.of(
                    "ValidationException",
                    "upfrontPaymentAmount is half of the commitment, " + half.toPlainString() + ", not " + given);
        }
    }

    private static BigDecimal decimal(String member, String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw AwsError.invalidValue(member, text, "It has to be an amount such as 0.50");
        }
    }

    private static ObjectNode describe(Call call) {
        List<String> ids = call.texts("savingsPlanIds");
        List<String> arns = call.texts("savingsPlanArns");
        List<ObjectNode> found = call.billing().list(PATH, "savingsPlans").stream()
                .map(view -> plan(call, view))
                .filter(plan ->
                        ids.isEmpty() || ids.contains(plan.path("savingsPlanId").asText()))
                .filter(plan -> arns.isEmpty()
                        || arns.contains(plan.path("savingsPlanArn").asText()))
                .filter(plan -> Wanted.is(call, "states", plan.path("state")))
                .filter(plan -> passes(call, plan))
                .toList();
        Paged<ObjectNode> page = Paged.of(
                call,
                "nextToken",
                call.number("maxResults", 0),
                found,
                plan -> plan.path("savingsPlanId").asText());
        ObjectNode answer = Call.answer().put("nextToken", page.nextToken());
        page.items().forEach(answer.putArray("savingsPlans")::add);
        return answer;
    }

    private static boolean passes(Call call, ObjectNode plan) {
        for (JsonNode filter : call.get("filters")) {
            JsonNode value = plan.path(FILTERS.getOrDefault(filter.path("name").asText(), ""));
            if (value.isMissingNode() || !Wanted.hasValue(filter, value.asText())) {
                return false;
            }
        }
        return true;
    }

    /** A plan by the names of the model. */
    private static ObjectNode plan(Call call, JsonNode view) {
        String id = view.path("id").asText();
        String type = PlanWords.type(view.path("kind").asText());
        ObjectNode plan = Call.answer()
                .put("offeringId", view.path("offeringId").asText())
                .put("savingsPlanId", id)
                .put("savingsPlanArn", PlanWords.arn(call.account().value(), id))
                .put("description", PlanWords.description(view, type))
                .put("start", time(view.path("startsAt")))
                .put("end", time(view.path("endsAt")))
                .put("state", view.path("state").asText())
                .put("returnableUntil", time(view.path("returnableUntil")))
                .put("region", view.path("region").asText(null))
                .put("ec2InstanceFamily", view.path("family").asText(null))
                .put("savingsPlanType", type)
                .put("paymentOption", PlanWords.payment(view))
                .put("currency", PlanWords.USD)
                .put("commitment", view.path("commitmentHourly").asText())
                .put("upfrontPaymentAmount", view.path("upfrontPaymentAmount").asText())
                .put(
                        "recurringPaymentAmount",
                        view.path("recurringPaymentAmount").asText())
                .put("termDurationInSeconds", PlanWords.seconds(view));
        plan.putArray("productTypes").add(PlanWords.EC2);
        plan.set("tags", view.path("tags"));
        return plan;
    }

    private static String time(JsonNode instant) {
        return MILLIS.format(Instant.parse(instant.asText()));
    }

    private static ObjectNode rates(Call call) {
        String id = PlanWords.checkedId(call.requiredText("savingsPlanId"));
        List<ObjectNode> found = call.billing().list(PATH + "/" + id + "/rates", "rates").stream()
                .map(OfferingActions::rate)
                .filter(rate -> passesRate(call, rate))
                .toList();
        Paged<ObjectNode> page = Paged.of(
                call,
                "nextToken",
                call.number("maxResults", 0),
                found,
                rate -> rate.path("usageType").asText()
                        + ' '
                        + rate.path("operation").asText());
        ObjectNode answer = Call.answer().put("savingsPlanId", id).put("nextToken", page.nextToken());
        page.items().forEach(answer.putArray("searchResults")::add);
        return answer;
    }

    private static boolean passesRate(Call call, ObjectNode rate) {
        for (JsonNode filter : call.get("filters")) {
            JsonNode own = rate.path(filter.path("name").asText());
            boolean found = !own.isMissingNode() && Wanted.hasValue(filter, own.asText());
            for (JsonNode property : rate.path("properties")) {
                found |= property.path("name")
                                .asText()
                                .equals(filter.path("name").asText())
                        && Wanted.hasValue(filter, property.path("value").asText());
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }

    private static ObjectNode tag(Call call) {
        return tagged(call, (ObjectNode) call.get("tags"));
    }

    private static ObjectNode untag(Call call) {
        ObjectNode gone = Call.answer();
        call.texts("tagKeys").forEach(gone::putNull);
        return tagged(call, gone);
    }

    private static ObjectNode tagged(Call call, ObjectNode changes) {
        ObjectNode body = Call.answer();
        body.set("tags", changes);
        call.billing().patch(pathOfResource(call), body);
        return Call.answer();
    }

    private static ObjectNode listTags(Call call) {
        ObjectNode answer = Call.answer();
        answer.set("tags", call.billing().get(pathOfResource(call)).path("tags"));
        return answer;
    }

    /** @throws AwsError {@code ResourceNotFoundException} for another account's ARN, as for one that doesn't exist */
    private static String pathOfResource(Call call) {
        String arn = call.requiredText("resourceArn");
        String id = PlanWords.checkedId(PlanWords.id(arn));
        if (!arn.equals(PlanWords.arn(call.account().value(), id))) {
            throw AwsError.of("ResourceNotFoundException", "There is no Savings Plan " + arn);
        }
        return PATH + "/" + id;
    }

    private static ObjectNode giveBack(Call call) {
        String id = PlanWords.checkedId(call.requiredText("savingsPlanId"));
        call.billing().post(PATH + "/" + id + "/return", Call.answer().put("clientToken", call.text("clientToken")));
        return Call.answer().put("savingsPlanId", id);
    }

    private static ObjectNode deleteQueued(Call call) {
        call.billing().delete(PATH + "/" + PlanWords.checkedId(call.requiredText("savingsPlanId")));
        return Call.answer();
    }
}
