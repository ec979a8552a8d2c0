package io.cumulet.endpoint.actions.reserved;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Pages;
import io.cumulet.endpoint.actions.Products;
import io.cumulet.endpoint.actions.spot.LaunchSpecification;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Scheduled Instances: what can be bought, buying, looking, launching. */
@ApplicationScoped
public class ScheduledInstancesActions implements ActionSet {

    private static final String PATH = "/v1/scheduled-instances";
    private static final Shape AVAILABILITY = Api.EC2.model().shape("ScheduledInstanceAvailability");
    private static final int PAGE = 300;
    private static final int LONGEST_SLOT = 24;

    private final ObjectMapper json;

    public ScheduledInstancesActions(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public void addTo(Actions actions) {
        actions.ec2(
                "DescribeScheduledInstanceAvailability",
                this::describeAvailability,
                "needs the filter instance-type and a length of slots");
        actions.ec2("PurchaseScheduledInstances", this::purchase);
        actions.ec2("DescribeScheduledInstances", ScheduledInstancesActions::describe);
        actions.ec2("RunScheduledInstances", ScheduledInstancesActions::run);
    }

    private ObjectNode describeAvailability(Call call) {
        Filters filters = Filters.of(call);
        List<Query> lists = new ArrayList<>();
        for (String type : filters.wanted().getOrDefault("instance-type", List.of())) {
            slotLengths(call).forEach(hours -> lists.add(query(call, type, hours)));
        }
        if (lists.isEmpty()) {
            throw AwsError.unsupported("Name instance types by the filter instance-type");
        }
        return Pages.answer(
                call,
                "ScheduledInstanceAvailabilitySet",
                call.billing(),
                PATH + "/availability",
                lists,
                "scheduledInstanceAvailability",
                PAGE,
                view -> {
                    ObjectNode available = available(view);
                    return filters.pass(available, AVAILABILITY, Map.of()) ? available : null;
                });
    }

    private static IntStream slotLengths(Call call) {
        if (!call.has("MinSlotDurationInHours") && !call.has("MaxSlotDurationInHours")) {
            throw AwsError.unsupported("Say how long slots are by MinSlotDurationInHours or MaxSlotDurationInHours");
        }
        int min = call.number("MinSlotDurationInHours", call.number("MaxSlotDurationInHours", 1));
        int max = call.number("MaxSlotDurationInHours", min);
        if (min < 1 || max < min || max - min > LONGEST_SLOT) {
            throw AwsError.of(
                    "InvalidParameterValue",
                    "The slots' lengths are from 1 hour, and at most " + LONGEST_SLOT + " different ones; not " + min
                            + " to " + max);
        }
        return IntStream.rangeClosed(min, max);
    }

    private static Query query(Call call, String type, int hours) {
        JsonNode range = call.get("FirstSlotStartTimeRange");
        JsonNode recurrence = recurrence(call.get("Recurrence"));
        Query query = Query.none()
                .and("instanceType", type)
                .and("slotDurationInHours", hours)
                .and("earliestTime", range.path("EarliestTime").asText())
                .and("latestTime", range.path("LatestTime").asText())
                .and("frequency", recurrence.path("frequency").asText())
                .and("interval", recurrence.path("interval").asInt(1));
        recurrence.path("occurrenceDays").forEach(day -> query.and("occurrenceDays", day.asInt()));
        return query;
    }

    private static ObjectNode recurrence(JsonNode asked) {
        if (asked.path("OccurrenceRelativeToEnd").asBoolean(false)) {
            throw AwsError.unsupported("Days are counted from the beginning: OccurrenceRelativeToEnd is false");
        }
        String unit = asked.path("OccurrenceUnit").asText("DayOfWeek");
        boolean isMonthly = asked.path("Frequency").asText("").equalsIgnoreCase("Monthly");
        if (isMonthly && unit.equals("DayOfWeek") && asked.has("OccurrenceUnit")) {
            throw AwsError.unsupported("Monthly slots are on days of the month: OccurrenceUnit is DayOfMonth");
        }
        ObjectNode recurrence = Call.answer()
                .put("frequency", asked.path("Frequency").asText("").toLowerCase(Locale.ROOT))
                .put("interval", asked.path("Interval").asInt(1));
        ArrayNode days = recurrence.putArray("occurrenceDays");
        asked.path("OccurrenceDays").forEach(day -> days.add(day.asInt()));
        return recurrence;
    }

    private ObjectNode available(JsonNode view) {
        ObjectNode available = common(view)
                .put("FirstSlotStartTime", view.path("firstSlotStartTime").asText())
                .put("MinTermDurationInDays", view.path("termDurationInDays").asInt())
                .put("MaxTermDurationInDays", view.path("termDurationInDays").asInt());
        ObjectNode bought = Call.answer();
        for (String field : List.of(
                "availabilityZone", "instanceType", "os", "recurrence", "slotDurationInHours", "firstSlotStartTime")) {
            bought.set(field, view.path(field));
        }
        return available.put(
                "PurchaseToken",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bought.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** A token says all that is bought; the service checks it like any other purchase. */
    private ObjectNode purchase(Call call) {
        ObjectNode body = Call.answer().put("clientToken", call.text("ClientToken"));
        ArrayNode purchases = body.putArray("purchases");
        call.get("PurchaseRequests").forEach(wanted -> purchases.add(purchase(wanted)));
        if (purchases.isEmpty()) {
            throw AwsError.missing("PurchaseRequests");
        }
        ObjectNode answer = Call.answer();
        ArrayNode bought = answer.putArray("ScheduledInstanceSet");
        call.billing()
                .post(PATH + "/purchases", body)
                .path("scheduledInstances")
                .forEach(view -> bought.add(scheduled(view)));
        return answer;
    }

    private ObjectNode purchase(JsonNode wanted) {
        String token = wanted.path("PurchaseToken").asText();
        ObjectNode body;
        try {
            body = json.readTree(Base64.getUrlDecoder().decode(token)) instanceof ObjectNode read
                    ? read
                    : Call.answer();
        } catch (IllegalArgumentException | IOException e) {
            body = Call.answer();
        }
        if (body.isEmpty()) {
            throw AwsError.invalidValue(
                    "PurchaseToken", token, "It isn't one of DescribeScheduledInstanceAvailability");
        }
        return body.put("instanceCount", wanted.path("InstanceCount").asInt());
    }

    private static ObjectNode describe(Call call) {
        JsonNode range = call.get("SlotStartTimeRange");
        List<ObjectNode> bought = call.billing().list(PATH, "scheduledInstances").stream()
                .map(ScheduledInstancesActions::scheduled)
                .filter(scheduled -> isWithin(range, scheduled.path("NextSlotStartTime")))
                .toList();
        return Listing.of(call, "ScheduledInstanceSet", "ScheduledInstanceId")
                .ids("ScheduledInstanceIds", "InvalidScheduledInstance", "The scheduled instance '%s' does not exist")
                .answer(bought);
    }

    private static boolean isWithin(JsonNode range, JsonNode next) {
        if (!range.has("EarliestTime") && !range.has("LatestTime")) {
            return true;
        }
        if (!next.isTextual()) {
            return false;
        }
        Instant start = Instant.parse(next.asText());
        return (!range.has("EarliestTime")
                        || !start.isBefore(
                                Instant.parse(range.path("EarliestTime").asText())))
                && (!range.has("LatestTime")
                        || !start.isAfter(Instant.parse(range.path("LatestTime").asText())));
    }

    private static ObjectNode scheduled(JsonNode view) {
        ObjectNode scheduled = common(view)
                .put("ScheduledInstanceId", view.path("scheduledInstanceId").asText())
                .put("InstanceCount", view.path("instanceCount").asInt())
                .put("CreateDate", view.path("createDate").asText())
                .put("TermStartDate", view.path("termStartDate").asText())
                .put("TermEndDate", view.path("termEndDate").asText());
        if (view.hasNonNull("previousSlotEndTime")) {
            scheduled.put(
                    "PreviousSlotEndTime", view.path("previousSlotEndTime").asText());
        }
        if (view.hasNonNull("nextSlotStartTime")) {
            scheduled.put("NextSlotStartTime", view.path("nextSlotStartTime").asText());
        }
        return scheduled;
    }

    private static ObjectNode common(JsonNode view) {
        ObjectNode common = Call.answer()
                .put("AvailabilityZone", view.path("availabilityZone").asText())
                .put("InstanceType", view.path("instanceType").asText())
                .put("Platform", Products.of(view.path("os").asText()))
                .put("NetworkPlatform", "EC2-VPC")
                .put("HourlyPrice", view.path("hourlyPrice").asText())
                .put("SlotDurationInHours", view.path("slotDurationInHours").asInt())
                .put(
                        "TotalScheduledInstanceHours",
                        view.path("totalScheduledInstanceHours").asLong());
        JsonNode recurrence = view.path("recurrence");
        String frequency = recurrence.path("frequency").asText("");
        ObjectNode said = common.putObject("Recurrence")
                .put("Frequency", frequency.substring(0, 1).toUpperCase(Locale.ROOT) + frequency.substring(1))
                .put("Interval", recurrence.path("interval").asInt())
                .put("OccurrenceRelativeToEnd", false);
        if (!recurrence.path("occurrenceDays").isEmpty()) {
            said.put("OccurrenceUnit", frequency.equals("monthly") ? "DayOfMonth" : "DayOfWeek")
                    .set("OccurrenceDaySet", recurrence.path("occurrenceDays"));
        }
        return common;
    }

    private static ObjectNode run(Call call) {
        LaunchSpecification specification = LaunchSpecification.of(call, call.get("LaunchSpecification"));
        ObjectNode body = specification.asLaunch();
        if (!body.has("instanceType")) {
            body.put(
                    "instanceType",
                    call.billing()
                            .get(PATH + "/" + RestService.segment(call.requiredText("ScheduledInstanceId")))
                            .path("instanceType")
                            .asText());
        }
        int count = call.number("InstanceCount", 1);
        body.put("scheduledInstanceId", call.requiredText("ScheduledInstanceId"))
                .put("minCount", count)
                .put("maxCount", count)
                .put("clientToken", call.text("ClientToken"));
        ObjectNode answer = Call.answer();
        ArrayNode ids = answer.putArray("InstanceIdSet");
        call.instances()
                .post("/v1/instances", body)
                .path("instances")
                .forEach(instance -> ids.add(instance.path("instanceId").asText()));
        return answer;
    }
}
