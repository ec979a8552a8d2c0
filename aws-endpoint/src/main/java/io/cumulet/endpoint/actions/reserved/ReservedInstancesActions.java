package io.cumulet.endpoint.actions.reserved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.Products;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** An account's Reserved Instances: looking, modifying, exchanging, taking a queued purchase back. */
@ApplicationScoped
public class ReservedInstancesActions implements ActionSet {

    private static final String PATH = "/v1/reserved-instances";
    private static final String MODIFICATIONS = PATH + "/modifications";
    private static final String NOT_FOUND = "InvalidReservedInstancesId";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeReservedInstances", ReservedInstancesActions::describe);
        actions.ec2("ModifyReservedInstances", ReservedInstancesActions::modify);
        actions.ec2("DescribeReservedInstancesModifications", ReservedInstancesActions::describeModifications);
        actions.ec2("GetReservedInstancesExchangeQuote", ReservedInstancesActions::quote);
        actions.ec2("AcceptReservedInstancesExchangeQuote", ReservedInstancesActions::exchange);
        actions.ec2("DeleteQueuedReservedInstances", ReservedInstancesActions::deleteQueued);
    }

    private static ObjectNode describe(Call call) {
        String payment = call.has("OfferingType") ? Words.payment(call.requiredText("OfferingType")) : null;
        List<ObjectNode> bought = call.billing().list(PATH, "reservedInstances").stream()
                .filter(view ->
                        payment == null || view.path("paymentOption").asText().equals(payment))
                .filter(view -> !call.has("OfferingClass")
                        || view.path("offeringClass").asText().equals(call.text("OfferingClass")))
                .map(ReservedInstancesActions::bought)
                .toList();
        return Listing.of(call, "ReservedInstances", "ReservedInstancesId")
                .ids("ReservedInstancesIds", NOT_FOUND, "The reserved instances id '%s' does not exist")
                .filter("product-description", Products::names)
                .answer(bought);
    }

    private static ObjectNode bought(JsonNode view) {
        ObjectNode item = Words.common(view)
                .put("ReservedInstancesId", view.path("id").asText())
                .put("State", view.path("state").asText())
                .put("InstanceCount", view.path("instanceCount").asInt())
                .put("Start", view.path("startsAt").asText())
                .put("End", view.path("endsAt").asText());
        item.set("Tags", Names.tagList(view.path("tags")));
        return item;
    }

    private static ObjectNode modify(Call call) {
        List<String> ids = call.texts("ReservedInstancesIds");
        ObjectNode body = Call.answer().put("clientToken", call.text("ClientToken"));
        body.set("reservedInstancesIds", call.get("ReservedInstancesIds"));
        ArrayNode targets = body.putArray("targetConfigurations");
        for (JsonNode target : call.get("TargetConfigurations")) {
            targets.add(target(call, ids, target));
        }
        return Call.answer()
                .put(
                        "ReservedInstancesModificationId",
                        call.billing().post(MODIFICATIONS, body).path("id").asText());
    }

    /** What a target doesn't say is as it was. */
    private static ObjectNode target(Call call, List<String> ids, JsonNode target) {
        if (target.path("Platform").asText("EC2-VPC").equals("EC2-Classic")) {
            throw AwsError.unsupported("There is no EC2-Classic");
        }
        ObjectNode body = Call.answer();
        boolean saysPlace = target.has("AvailabilityZone") || target.has("Scope");
        JsonNode before = saysPlace && target.has("InstanceType") || ids.isEmpty()
                ? Call.answer()
                : call.billing().get(PATH + "/" + RestService.segment(ids.getFirst()));
        body.put(
                "instanceType",
                target.path("InstanceType").asText(before.path("instanceType").asText(null)));
        if (target.has("InstanceCount")) {
            body.put("instanceCount", target.path("InstanceCount").asInt());
        }
        JsonNode zone = saysPlace ? target.path("AvailabilityZone") : before.path("availabilityZone");
        if (zone.isTextual()) {
            body.put("availabilityZone", zone.asText());
        }
        if (target.path("Scope")
                .asText(zone.isTextual() ? Words.ZONE : Words.REGION)
                .equals(Words.REGION)) {
            body.put("scope", "region");
        }
        return body;
    }

    private static ObjectNode describeModifications(Call call) {
        List<ObjectNode> modifications = call.billing().list(MODIFICATIONS, "modifications").stream()
                .map(ReservedInstancesActions::modification)
                .toList();
        return Listing.of(call, "ReservedInstancesModifications", "ReservedInstancesModificationId")
                .ids(
                        "ReservedInstancesModificationIds",
                        "InvalidReservedInstancesModificationId",
                        "The reserved instances modification id '%s' does not exist")
                .filter("reserved-instances-id", Filters.at("ReservedInstancesIds.ReservedInstancesId"))
                .filter(
                        "modification-result.reserved-instances-id",
                        Filters.at("ModificationResults.ReservedInstancesId"))
                .filter(
                        "modification-result.target-configuration.availability-zone",
                        Filters.at("ModificationResults.TargetConfiguration.AvailabilityZone"))
                .filter(
                        "modification-result.target-configuration.instance-count",
                        Filters.at("ModificationResults.TargetConfiguration.InstanceCount"))
                .filter(
                        "modification-result.target-configuration.instance-type",
                        Filters.at("ModificationResults.TargetConfiguration.InstanceType"))
                .answer(modifications);
    }

    private static ObjectNode modification(JsonNode view) {
        ObjectNode modification = Call.answer()
                .put("ReservedInstancesModificationId", view.path("id").asText())
                .put("Status", view.path("status").asText())
                .put("CreateDate", view.path("createdAt").asText())
                .put("UpdateDate", view.path("createdAt").asText())
                .put("EffectiveDate", view.path("effectiveAt").asText());
        ArrayNode ids = modification.putArray("ReservedInstancesIds");
        view.path("reservedInstancesIds").forEach(id -> ids.addObject().put("ReservedInstancesId", id.asText()));
        ArrayNode results = modification.putArray("ModificationResults");
        for (JsonNode result : view.path("modificationResults")) {
            JsonNode target = result.path("targetConfiguration");
            ObjectNode configuration = results.addObject()
                    .put(
                            "ReservedInstancesId",
                            result.path("reservedInstancesId").asText())
                    .putObject("TargetConfiguration")
                    .put("InstanceType", target.path("instanceType").asText())
                    .put("InstanceCount", target.path("instanceCount").asInt())
                    .put("Platform", "EC2-VPC");
            if (target.path("availabilityZone").isTextual()) {
                configuration
                        .put("AvailabilityZone", target.path("availabilityZone").asText())
                        .put("Scope", Words.ZONE);
            } else {
                configuration.put("Scope", Words.REGION);
            }
        }
        return modification;
    }

    private static ObjectNode exchangeBody(Call call) {
        ObjectNode body = Call.answer();
        body.set("reservedInstancesIds", call.get("ReservedInstanceIds"));
        ArrayNode targets = body.putArray("targetOfferings");
        for (JsonNode target : call.get("TargetConfigurations")) {
            ObjectNode offering = targets.addObject()
                    .put("offeringId", target.path("OfferingId").asText());
            if (target.has("InstanceCount")) {
                offering.put("instanceCount", target.path("InstanceCount").asInt());
            }
        }
        return body;
    }

    private static ObjectNode quote(Call call) {
        JsonNode quote = call.billing().post(PATH + "/exchange-quotes", exchangeBody(call));
        ObjectNode answer = Call.answer()
                .put("CurrencyCode", "USD")
                .put("IsValidExchange", quote.path("isValidExchange").asBoolean());
        if (quote.hasNonNull("validationFailureReason")) {
            answer.put(
                    "ValidationFailureReason",
                    quote.path("validationFailureReason").asText());
        }
        if (quote.hasNonNull("paymentDue")) {
            answer.put("PaymentDue", quote.path("paymentDue").asText())
                    .put(
                            "OutputReservedInstancesWillExpireAt",
                            quote.path("outputReservedInstancesWillExpireAt").asText());
            answer.set("ReservedInstanceValueRollup", value(quote.path("reservedInstancesValueRollup")));
            answer.set("TargetConfigurationValueRollup", value(quote.path("targetConfigurationValueRollup")));
            ArrayNode targets = answer.putArray("TargetConfigurationValueSet");
            for (JsonNode target : quote.path("targets")) {
                targets.addObject()
                        .putObject("TargetConfiguration")
                        .put("OfferingId", target.path("offeringId").asText())
                        .put("InstanceCount", target.path("instanceCount").asInt());
            }
        }
        return answer;
    }

    private static ObjectNode value(JsonNode rollup) {
        return Call.answer()
                .put("RemainingTotalValue", rollup.path("remainingTotalValue").asText())
                .put(
                        "RemainingUpfrontValue",
                        rollup.path("remainingUpfrontValue").asText());
    }

    private static ObjectNode exchange(Call call) {
        return Call.answer()
                .put(
                        "ExchangeId",
                        call.billing()
                                .post(PATH + "/exchanges", exchangeBody(call))
                                .path("exchangeId")
                                .asText());
    }

    /** Each by itself, as in EC2: one that can't be deleted keeps no other from being deleted. */
    private static ObjectNode deleteQueued(Call call) {
        ObjectNode answer = Call.answer();
        ArrayNode gone = answer.putArray("SuccessfulQueuedPurchaseDeletions");
        ArrayNode kept = answer.putArray("FailedQueuedPurchaseDeletions");
        for (String id : call.texts("ReservedInstancesIds")) {
            try {
                call.billing().delete(PATH + "/" + RestService.segment(id));
                gone.addObject().put("ReservedInstancesId", id);
            } catch (AwsError e) {
                if (e.status() >= 500) {
                    throw e;
                }
                kept.addObject()
                        .put("ReservedInstancesId", id)
                        .putObject("Error")
                        .put(
                                "Code",
                                e.code().equals(NOT_FOUND)
                                        ? "reserved-instances-id-invalid"
                                        : "reserved-instances-not-in-queued-state")
                        .put("Message", e.getMessage());
            }
        }
        return answer;
    }
}
