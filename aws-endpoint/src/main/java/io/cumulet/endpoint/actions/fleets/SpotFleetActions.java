package io.cumulet.endpoint.actions.fleets;

import static io.cumulet.endpoint.actions.fleets.FleetRest.SPOT_FLEET;
import static io.cumulet.endpoint.actions.fleets.FleetRest.put;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.Pages;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Spot Fleets: fleets under their older name. */
@ApplicationScoped
public class SpotFleetActions implements ActionSet {

    private static final String CONFIG = "SpotFleetRequestConfig";
    private static final String SPECIFICATIONS = "LaunchSpecifications";
    private static final String CONFIGS = "LaunchTemplateConfigs";
    private static final int PAGE = 1_000;

    /** Spot Fleet's words for kinds of events, by ours. */
    private static final Map<String, String> EVENT_TYPES = Map.of(
            "fleet-change", "fleetRequestChange",
            "instance-change", "instanceChange",
            "service-error", "error");

    private final TemplateConfigs templates;
    private final StackClock clock;

    SpotFleetActions(TemplateConfigs templates, StackClock clock) {
        this.templates = templates;
        this.clock = clock;
    }

    @Override
    public void addTo(Actions actions) {
        actions.ec2(
                "RequestSpotFleet",
                this::request,
                "all instances alike but for type, place, price and weight; IamFleetRole is recorded");
        actions.ec2("DescribeSpotFleetRequests", SpotFleetActions::describe);
        actions.ec2("DescribeSpotFleetInstances", SpotFleetActions::describeInstances);
        actions.ec2("DescribeSpotFleetRequestHistory", this::describeHistory);
        actions.ec2("ModifySpotFleetRequest", SpotFleetActions::modify);
        actions.ec2("CancelSpotFleetRequests", SpotFleetActions::cancel);
    }

    private ObjectNode request(Call asked) {
        Call call = asked.said();
        ObjectNode config = call.get(CONFIG).deepCopy();
        refuseUnsupported(config);
        FleetLaunch launch = new FleetLaunch();
        for (JsonNode specification : config.path(SPECIFICATIONS)) {
            JsonNode price =
                    specification.has("SpotPrice") ? specification.path("SpotPrice") : config.path("SpotPrice");
            launch.add(call, specification, price, specification.path("WeightedCapacity"), MissingNode.getInstance());
        }
        templates.addTo(launch, call, config.path(CONFIGS), "SpotPrice", config.path("SpotPrice"));
        ObjectNode body = Call.answer().put("kind", "spot-fleet-request");
        launch.putInto(body, null);
        body.set("tags", TagSpecifications.of(call.with(config), "spot-fleet-request"));
        BigDecimal onDemand = config.path("OnDemandTargetCapacity").decimalValue();
        body.put("targetCapacity", config.path("TargetCapacity").decimalValue().subtract(onDemand));
        body.put("onDemandTargetCapacity", onDemand);
        if (config.has("OnDemandAllocationStrategy")) {
            body.putObject("onDemandOptions")
                    .put(
                            "allocationStrategy",
                            kebab(config.path("OnDemandAllocationStrategy").asText()));
        }
        if (config.has("OnDemandMaxTotalPrice")) {
            throw AwsError.unsupported("The parameter OnDemandMaxTotalPrice is not supported here");
        }
        body.put("allocationStrategy", kebab(config.path("AllocationStrategy").asText("lowestPrice")));
        put(body, "type", config.path("Type"));
        put(body, "validFrom", config.path("ValidFrom"));
        put(body, "validUntil", config.path("ValidUntil"));
        put(body, "clientToken", config.path("ClientToken"));
        put(body, "interruptionBehavior", config.path("InstanceInterruptionBehavior"));
        put(body, "instancePoolsToUseCount", config.path("InstancePoolsToUseCount"));
        put(body, "maxTotalPrice", config.path("SpotMaxTotalPrice"));
        put(body, "terminateInstancesWithExpiration", config.path("TerminateInstancesWithExpiration"));
        if (config.has("ExcessCapacityTerminationPolicy")) {
            body.put("excessCapacityTerminationPolicy", policy(config.path("ExcessCapacityTerminationPolicy")));
        }
        JsonNode rebalance = config.path("SpotMaintenanceStrategies").path("CapacityRebalance");
        put(body, "capacityRebalance", rebalance.path("ReplacementStrategy"));
        put(body, "terminationDelaySeconds", rebalance.path("TerminationDelay"));
        // What is empty, too, is shown as it was said.
        body.set("requestedAs", withoutSecrets(asked.get(CONFIG)));
        return Call.answer()
                .put(
                        "SpotFleetRequestId",
                        call.spotMarket()
                                .post(FleetRest.PATH, body)
                                .path("fleet")
                                .path("fleetId")
                                .asText());
    }

    private static void refuseUnsupported(ObjectNode config) {
        if (config.path("Type").asText("").equals("instant")) {
            throw AwsError.invalidValue("type", "instant", "A Spot Fleet is of type request or maintain");
        }
        if (config.path("ReplaceUnhealthyInstances").asBoolean(false)) {
            throw AwsError.unsupported("Instances have no health here: ReplaceUnhealthyInstances is not supported");
        }
        if (config.has("LoadBalancersConfig")) {
            throw AwsError.unsupported("There are no load balancers: LoadBalancersConfig is not supported");
        }
        if (!config.path("TargetCapacityUnitType").asText("units").equals("units")) {
            throw AwsError.unsupported("Capacity is counted in units: TargetCapacityUnitType is not supported here");
        }
        if (config.has(SPECIFICATIONS) == config.has(CONFIGS)) {
            throw config.has(CONFIGS)
                    ? AwsError.combination("Either LaunchSpecifications or LaunchTemplateConfigs are given")
                    : AwsError.missing("SpotFleetRequestConfig.LaunchSpecifications");
        }
    }

    /** User data is shown to nobody. */
    private static ObjectNode withoutSecrets(JsonNode config) {
        ObjectNode shown = config.deepCopy();
        shown.path(SPECIFICATIONS).forEach(one -> ((ObjectNode) one).remove("UserData"));
        return shown;
    }

    /** {@code lowest-price} of {@code lowestPrice}. */
    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String policy(JsonNode said) {
        return said.asText().equalsIgnoreCase("noTermination") ? "no-termination" : "termination";
    }

    /** As it was said, with a capital letter or without: Terraform writes {@code Default}. */
    private static String shownPolicy(String policy, String said) {
        String word = policy.equals("no-termination") ? "noTermination" : "default";
        return !said.isEmpty() && Character.isUpperCase(said.charAt(0))
                ? Character.toUpperCase(word.charAt(0)) + word.substring(1)
                : word;
    }

    private static String state(JsonNode view) {
        return view.path("state").asText().replace("deleted", "cancelled").replace('-', '_');
    }

    private static ObjectNode describe(Call call) {
        List<ObjectNode> fleets =
                SPOT_FLEET.list(call).stream().map(SpotFleetActions::fleet).toList();
        return Listing.of(call, "SpotFleetRequestConfigs", "SpotFleetRequestId")
                .ids("SpotFleetRequestIds", SPOT_FLEET.notFoundCode(), SPOT_FLEET.notFoundMessage())
                .answer(fleets);
    }

    private static ObjectNode fleet(JsonNode view) {
        ObjectNode config = view.path("requestedAs").deepCopy();
        BigDecimal onDemandTarget = view.path("onDemandTargetCapacity").decimalValue();
        BigDecimal onDemandFulfilled = view.path("fulfilledOnDemandCapacity").decimalValue();
        config.put("TargetCapacity", view.path("targetCapacity").decimalValue().add(onDemandTarget))
                .put(
                        "FulfilledCapacity",
                        view.path("fulfilledCapacity").decimalValue().add(onDemandFulfilled))
                .put("OnDemandTargetCapacity", onDemandTarget)
                .put("OnDemandFulfilledCapacity", onDemandFulfilled)
                .put("Type", view.path("type").asText())
                .put(
                        "TerminateInstancesWithExpiration",
                        view.path("terminateInstancesWithExpiration").asBoolean())
                .put("ReplaceUnhealthyInstances", false)
                .put(
                        "ExcessCapacityTerminationPolicy",
                        shownPolicy(
                                view.path("excessCapacityTerminationPolicy").asText(),
                                config.path("ExcessCapacityTerminationPolicy").asText()))
                .put(
                        "InstanceInterruptionBehavior",
                        view.path("interruptionBehavior").asText());
        if (!config.has("AllocationStrategy")) {
            config.put("AllocationStrategy", "lowestPrice");
        }
        ObjectNode fleet = Call.answer()
                .put("SpotFleetRequestId", view.path("fleetId").asText())
                .put("SpotFleetRequestState", state(view))
                .put("ActivityStatus", view.path("activityStatus").asText())
                .put("CreateTime", view.path("createdAt").asText());
        fleet.set(CONFIG, config);
        fleet.set("Tags", Names.tagList(view.path("tags")));
        return fleet;
    }

    private static ObjectNode describeInstances(Call call) {
        String id = call.requiredText("SpotFleetRequestId");
        SPOT_FLEET.get(call, id);
        return Pages.answer(
                        call,
                        "ActiveInstances",
                        call.spotMarket(),
                        FleetRest.path(id) + "/instances",
                        List.of(Query.none()),
                        "instances",
                        PAGE,
                        FleetRest::active)
                .put("SpotFleetRequestId", id);
    }

    private ObjectNode describeHistory(Call call) {
        String id = call.requiredText("SpotFleetRequestId");
        SPOT_FLEET.get(call, id);
        Query all = Query.none().and("startTime", call.text("StartTime"));
        // Nothing is told as mere information here: of that type there is no list.
        List<Query> lists = call.has("EventType")
                ? EVENT_TYPES.entrySet().stream()
                        .filter(type -> type.getValue().equals(call.text("EventType")))
                        .map(type -> all.copy().and("eventType", type.getKey()))
                        .toList()
                : List.of(all);
        ObjectNode answer = Pages.answer(
                        call,
                        "HistoryRecords",
                        call.spotMarket(),
                        FleetRest.path(id) + "/history",
                        lists,
                        "historyRecords",
                        PAGE,
                        SpotFleetActions::happening)
                .put("SpotFleetRequestId", id)
                .put("StartTime", call.text("StartTime"));
        return answer.has("NextToken")
                ? answer
                : answer.put("LastEvaluatedTime", clock.instant().toString());
    }

    private static ObjectNode happening(JsonNode view) {
        ObjectNode information = FleetRest.information(view);
        information.put(
                "EventSubType", information.path("EventSubType").asText().replace("deleted", "cancelled"));
        ObjectNode happening = Call.answer()
                .put("Timestamp", view.path("timestamp").asText())
                .put(
                        "EventType",
                        Objects.requireNonNull(
                                EVENT_TYPES.get(view.path("eventType").asText())));
        happening.set("EventInformation", information);
        return happening;
    }

    private static ObjectNode modify(Call call) {
        if (call.has(CONFIGS)) {
            throw AwsError.unsupported(
                    "What a fleet launches can't be changed: LaunchTemplateConfigs is not supported");
        }
        String id = call.requiredText("SpotFleetRequestId");
        JsonNode before = SPOT_FLEET.get(call, id);
        ObjectNode body = Call.answer();
        if (call.has("TargetCapacity") || call.has("OnDemandTargetCapacity")) {
            BigDecimal onDemandBefore = before.path("onDemandTargetCapacity").decimalValue();
            BigDecimal onDemand = call.has("OnDemandTargetCapacity")
                    ? call.get("OnDemandTargetCapacity").decimalValue()
                    : onDemandBefore;
            BigDecimal total = call.has("TargetCapacity")
                    ? call.get("TargetCapacity").decimalValue()
                    : before.path("targetCapacity").decimalValue().add(onDemandBefore);
            body.put("targetCapacity", total.subtract(onDemand)).put("onDemandTargetCapacity", onDemand);
        }
        if (call.has("ExcessCapacityTerminationPolicy")) {
            body.put("excessCapacityTerminationPolicy", policy(call.get("ExcessCapacityTerminationPolicy")));
        }
        call.spotMarket().patch(FleetRest.path(id), body);
        return call.done();
    }

    /** Each by itself, as in EC2. */
    private static ObjectNode cancel(Call call) {
        ObjectNode answer = Call.answer();
        ArrayNode cancelled = answer.putArray("SuccessfulFleetRequests");
        ArrayNode kept = answer.putArray("UnsuccessfulFleetRequests");
        boolean terminates = call.flag("TerminateInstances", false);
        for (String id : call.texts("SpotFleetRequestIds")) {
            try {
                String before = state(SPOT_FLEET.get(call, id));
                JsonNode after = call.spotMarket()
                        .delete(FleetRest.path(id), Query.none().and("terminateInstances", terminates));
                cancelled
                        .addObject()
                        .put("SpotFleetRequestId", id)
                        .put("PreviousSpotFleetRequestState", before)
                        .put("CurrentSpotFleetRequestState", state(after));
            } catch (AwsError e) {
                if (e.status() >= 500) {
                    throw e;
                }
                kept.addObject()
                        .put("SpotFleetRequestId", id)
                        .putObject("Error")
                        .put("Code", errorCode(e))
                        .put("Message", e.getMessage());
            }
        }
        return answer;
    }

    private static String errorCode(AwsError e) {
        if (e.isNotFound()) {
            return "fleetRequestIdDoesNotExist";
        }
        return e.code().endsWith("Malformed") ? "fleetRequestIdMalformed" : "fleetRequestNotInCancellableState";
    }
}
