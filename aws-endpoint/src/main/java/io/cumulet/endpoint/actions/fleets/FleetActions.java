package io.cumulet.endpoint.actions.fleets;

import static io.cumulet.endpoint.actions.fleets.FleetRest.FLEET;
import static io.cumulet.endpoint.actions.fleets.FleetRest.put;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.Pages;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** EC2 Fleets. */
@ApplicationScoped
public class FleetActions implements ActionSet {

    /** Whose tags are for whatever volumes instances come with; there are none. */
    private static final String VOLUME = "volume";

    private static final String CONFIGS = "LaunchTemplateConfigs";
    private static final String ON_DEMAND = "OnDemandOptions";
    private static final String CAPACITY = "TargetCapacitySpecification";
    private static final Shape ACTIVE_INSTANCE = Api.EC2.model().shape("ActiveInstance");
    private static final String SPECIFICATION = "LaunchTemplateSpecification";
    /** The template of each configuration with the version that it meant. */
    private static final String RESOLVED = "ResolvedTemplates";

    private static final String LOWEST_PRICE = "lowestPrice";
    private static final int PAGE = 1_000;

    private final TemplateConfigs templates;
    private final StackClock clock;

    FleetActions(TemplateConfigs templates, StackClock clock) {
        this.templates = templates;
        this.clock = clock;
    }

    @Override
    public void addTo(Actions actions) {
        actions.ec2(
                "CreateFleet",
                call -> create(call.said()),
                "all instances alike but for type, place, price and weight; of OnDemandOptions the AllocationStrategy");
        actions.ec2("DescribeFleets", FleetActions::describe);
        actions.ec2("DescribeFleetInstances", FleetActions::describeInstances);
        actions.ec2("DescribeFleetHistory", this::describeHistory);
        actions.ec2("ModifyFleet", FleetActions::modify);
        actions.ec2("DeleteFleets", FleetActions::delete);
    }

    private ObjectNode create(Call call) {
        if (call.flag("ReplaceUnhealthyInstances", false)) {
            throw AwsError.unsupported("Instances have no health here: ReplaceUnhealthyInstances is not supported");
        }
        FleetLaunch launch = new FleetLaunch();
        ArrayNode configs = templates.addTo(launch, call, call.get(CONFIGS), "MaxPrice", MissingNode.getInstance());
        ObjectNode body = Call.answer();
        launch.putInto(body, TagSpecifications.of(call, "instance", "fleet", VOLUME));
        body.set("tags", TagSpecifications.of(call, "fleet", "instance", VOLUME));
        Capacity capacity = Capacity.of(call.get(CAPACITY));
        capacity.putInto(body);
        put(body, "type", call.get("Type"));
        put(body, "validFrom", call.get("ValidFrom"));
        put(body, "validUntil", call.get("ValidUntil"));
        put(body, "clientToken", call.get("ClientToken"));
        put(body, "excessCapacityTerminationPolicy", call.get("ExcessCapacityTerminationPolicy"));
        put(body, "terminateInstancesWithExpiration", call.get("TerminateInstancesWithExpiration"));
        JsonNode spot = call.get("SpotOptions");
        put(body, "allocationStrategy", spot.path("AllocationStrategy"));
        put(body, "interruptionBehavior", spot.path("InstanceInterruptionBehavior"));
        put(body, "instancePoolsToUseCount", spot.path("InstancePoolsToUseCount"));
        put(body, "singleInstanceType", spot.path("SingleInstanceType"));
        put(body, "singleAvailabilityZone", spot.path("SingleAvailabilityZone"));
        if (spot.path("MinTargetCapacity").asInt() != 0) {
            body.set("minTargetCapacity", spot.path("MinTargetCapacity"));
        }
        put(body, "maxTotalPrice", spot.path("MaxTotalPrice"));
        JsonNode rebalance = spot.path("MaintenanceStrategies").path("CapacityRebalance");
        put(body, "capacityRebalance", rebalance.path("ReplacementStrategy"));
        put(body, "terminationDelaySeconds", rebalance.path("TerminationDelay"));
        JsonNode onDemand = call.get(ON_DEMAND);
        onDemand.properties().forEach(option -> {
            boolean saysNothing =
                    option.getValue().isBoolean() && !option.getValue().asBoolean()
                            || option.getValue().isNumber() && option.getValue().asInt() == 0;
            if (!option.getKey().equals("AllocationStrategy")
                    && !saysNothing
                    && capacity.onDemand().signum() > 0) {
                throw AwsError.unsupported(
                        "The parameter OnDemandOptions." + option.getKey() + " is not supported here");
            }
        });
        if (onDemand.has("AllocationStrategy")) {
            body.putObject("onDemandOptions").set("allocationStrategy", onDemand.path("AllocationStrategy"));
        }
        ObjectNode recorded = body.putObject("requestedAs");
        // Shown as they were said; what is launched is told of the versions that they meant.
        recorded.set(CONFIGS, call.get(CONFIGS));
        ArrayNode meant = recorded.putArray(RESOLVED);
        configs.forEach(config -> meant.add(config.path(SPECIFICATION)));
        ArrayNode kinds = recorded.putArray(Origins.TEMPLATES);
        configs.forEach(config -> kinds.add(config.path("Template")));
        recorded.set(CAPACITY, call.get(CAPACITY));
        for (String member : List.of(ON_DEMAND, "SpotOptions", "ClientToken", "Context")) {
            put(recorded, member, call.get(member));
        }
        JsonNode created = call.spotMarket().post(FleetRest.PATH, body);
        JsonNode fleet = created.path("fleet");
        ObjectNode answer = Call.answer().put("FleetId", fleet.path("fleetId").asText());
        if (fleet.path("type").asText().equals("instant")) {
            Origins origins = origins(call, fleet);
            answer.set("Instances", instances(origins, created.path("instances")));
            answer.set("Errors", errors(origins, fleet));
        }
        return answer;
    }

    /** How much of each kind is wanted. */
    private record Capacity(JsonNode total, BigDecimal onDemand, BigDecimal spot) {

        static Capacity of(JsonNode said) {
            if (!said.path("TargetCapacityUnitType").asText("units").equals("units")) {
                throw AwsError.unsupported(
                        "Capacity is counted in units: TargetCapacityUnitType is not supported here");
            }
            JsonNode total = said.path("TotalTargetCapacity");
            BigDecimal all = total.decimalValue();
            String usual = said.path("DefaultTargetCapacityType").asText("on-demand");
            if (usual.equals("capacity-block")) {
                throw AwsError.unsupported("There are no capacity blocks");
            }
            BigDecimal onDemand = said.path("OnDemandTargetCapacity").decimalValue();
            BigDecimal spot = said.path("SpotTargetCapacity").decimalValue();
            BigDecimal rest = all.subtract(onDemand).subtract(spot);
            if (rest.signum() < 0) {
                throw AwsError.of(
                        "InvalidParameterValue",
                        "The sum of OnDemandTargetCapacity and SpotTargetCapacity is above TotalTargetCapacity");
            }
            return usual.equals("spot")
                    ? new Capacity(total, onDemand, spot.add(rest))
                    : new Capacity(total, onDemand.add(rest), spot);
        }

        void putInto(ObjectNode body) {
            body.put("targetCapacity", spot).put("onDemandTargetCapacity", onDemand);
        }
    }

    private static ObjectNode describe(Call call) {
        Set<String> named = Set.copyOf(call.texts("FleetIds"));
        List<ObjectNode> fleets = FLEET.list(call).stream()
                // As in EC2 those of type instant are shown to who names them.
                .filter(fleet -> named.contains(fleet.path("fleetId").asText())
                        || !fleet.path("type").asText().equals("instant"))
                .map(fleet -> fleet(call, fleet))
                .toList();
        return Listing.of(call, "Fleets", "FleetId")
                .ids("FleetIds", FLEET.notFoundCode(), FLEET.notFoundMessage())
                .answer(fleets);
    }

    private static ObjectNode fleet(Call call, JsonNode view) {
        JsonNode recorded = view.path("requestedAs");
        ObjectNode fleet = Call.answer()
                .put("FleetId", view.path("fleetId").asText())
                .put("FleetState", underscored(view.path("state")))
                .put("ActivityStatus", view.path("activityStatus").asText())
                .put("CreateTime", view.path("createdAt").asText())
                .put("Type", view.path("type").asText())
                .put(
                        "ExcessCapacityTerminationPolicy",
                        view.path("excessCapacityTerminationPolicy").asText())
                .put(
                        "TerminateInstancesWithExpiration",
                        view.path("terminateInstancesWithExpiration").asBoolean())
                .put("ReplaceUnhealthyInstances", false)
                .put(
                        "FulfilledCapacity",
                        view.path("fulfilledCapacity")
                                .decimalValue()
                                .add(view.path("fulfilledOnDemandCapacity").decimalValue()))
                .put(
                        "FulfilledOnDemandCapacity",
                        view.path("fulfilledOnDemandCapacity").decimalValue());
        put(fleet, "ValidFrom", view.path("validFrom"));
        put(fleet, "ValidUntil", view.path("validUntil"));
        put(fleet, "ClientToken", recorded.path("ClientToken"));
        put(fleet, "Context", recorded.path("Context"));
        put(fleet, CONFIGS, recorded.path(CONFIGS));
        fleet.putObject(ON_DEMAND)
                .put(
                        "AllocationStrategy",
                        shownStrategy(view.path("onDemandOptions").path("allocationStrategy")));
        BigDecimal spotTarget = view.path("targetCapacity").decimalValue();
        BigDecimal onDemandTarget = view.path("onDemandTargetCapacity").decimalValue();
        fleet.putObject(CAPACITY)
                .put("TotalTargetCapacity", spotTarget.add(onDemandTarget))
                .put("OnDemandTargetCapacity", onDemandTarget)
                .put("SpotTargetCapacity", spotTarget)
                .put(
                        "DefaultTargetCapacityType",
                        recorded.path(CAPACITY)
                                .path("DefaultTargetCapacityType")
                                .asText("spot"));
        ObjectNode spot = fleet.putObject("SpotOptions");
        spot.put("AllocationStrategy", shownStrategy(view.path("allocationStrategy")))
                .put(
                        "InstanceInterruptionBehavior",
                        view.path("interruptionBehavior").asText());
        put(spot, "InstancePoolsToUseCount", view.path("instancePoolsToUseCount"));
        put(spot, "MaxTotalPrice", view.path("maxTotalPrice"));
        put(spot, "MinTargetCapacity", view.path("minTargetCapacity"));
        put(spot, "SingleInstanceType", recorded.path("SpotOptions").path("SingleInstanceType"));
        put(spot, "SingleAvailabilityZone", recorded.path("SpotOptions").path("SingleAvailabilityZone"));
        put(spot, "MaintenanceStrategies", recorded.path("SpotOptions").path("MaintenanceStrategies"));
        fleet.set("Tags", Names.tagList(view.path("tags")));
        if (view.path("type").asText().equals("instant")) {
            Origins origins = origins(call, view);
            fleet.set("Errors", errors(origins, view));
            ArrayNode its = JsonNodeFactory.instance.arrayNode();
            FLEET.instances(call, view.path("fleetId").asText()).forEach(its::add);
            fleet.set("Instances", instances(origins, its));
        }
        return fleet;
    }

    /** EC2 shows the one in the spelling of Spot Fleets, as Terraform's provider knows. */
    private static String shownStrategy(JsonNode strategy) {
        return strategy.asText().equals("lowest-price") ? LOWEST_PRICE : strategy.asText();
    }

    private static String underscored(JsonNode state) {
        return state.asText().replace('-', '_');
    }

    private static Origins origins(Call call, JsonNode fleet) {
        return Origins.of(call, fleet, CONFIGS, RESOLVED);
    }

    /** What is launched of a type in a zone and in one way, together. */
    private static ArrayNode instances(Origins origins, JsonNode instances) {
        Map<String, ObjectNode> groups = new LinkedHashMap<>();
        for (JsonNode instance : instances) {
            String type = instance.path("instanceType").asText();
            String zone = instance.path("availabilityZone").asText();
            String market = instance.path("market").asText();
            ObjectNode group = groups.computeIfAbsent(type + '/' + zone + '/' + market, unused -> {
                ObjectNode made = Call.answer().put("InstanceType", type).put("Lifecycle", market);
                made.set("LaunchTemplateAndOverrides", origins.of(type, zone));
                made.putArray("InstanceIds");
                return made;
            });
            ((ArrayNode) group.path("InstanceIds"))
                    .add(instance.path("instanceId").asText());
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        groups.values().forEach(all::add);
        return all;
    }

    private static ArrayNode errors(Origins origins, JsonNode fleet) {
        ArrayNode errors = JsonNodeFactory.instance.arrayNode();
        for (JsonNode error : fleet.path("errors")) {
            errors.addObject()
                    .put("ErrorCode", error.path("code").asText())
                    .put("ErrorMessage", error.path("message").asText())
                    .put("Lifecycle", error.path("market").asText("spot"))
                    .set(
                            "LaunchTemplateAndOverrides",
                            origins.of(
                                    error.path("instanceType").asText(),
                                    error.path("availabilityZone").asText()));
        }
        return errors;
    }

    private static ObjectNode describeInstances(Call call) {
        String id = call.requiredText("FleetId");
        FLEET.get(call, id);
        Filters filters = Filters.of(call);
        return Pages.answer(
                        call,
                        "ActiveInstances",
                        call.spotMarket(),
                        FleetRest.path(id) + "/instances",
                        List.of(Query.none()),
                        "instances",
                        PAGE,
                        view -> {
                            ObjectNode active = FleetRest.active(view);
                            return filters.pass(active, ACTIVE_INSTANCE, Map.of()) ? active : null;
                        })
                .put("FleetId", id);
    }

    private ObjectNode describeHistory(Call call) {
        String id = call.requiredText("FleetId");
        FLEET.get(call, id);
        Query query = Query.none().and("startTime", call.text("StartTime")).and("eventType", call.text("EventType"));
        ObjectNode answer = Pages.answer(
                        call,
                        "HistoryRecords",
                        call.spotMarket(),
                        FleetRest.path(id) + "/history",
                        List.of(query),
                        "historyRecords",
                        PAGE,
                        view -> {
                            ObjectNode happening = Call.answer()
                                    .put("EventType", view.path("eventType").asText())
                                    .put("Timestamp", view.path("timestamp").asText());
                            happening.set("EventInformation", FleetRest.information(view));
                            return happening;
                        })
                .put("FleetId", id)
                .put("StartTime", call.text("StartTime"));
        return answer.has("NextToken")
                ? answer
                : answer.put("LastEvaluatedTime", clock.instant().toString());
    }

    private static ObjectNode modify(Call call) {
        if (call.has(CONFIGS)) {
            throw AwsError.unsupported(
                    "What a fleet launches can't be changed: LaunchTemplateConfigs is not supported");
        }
        String id = call.requiredText("FleetId");
        JsonNode before = FLEET.get(call, id);
        ObjectNode body = Call.answer();
        put(body, "excessCapacityTerminationPolicy", call.get("ExcessCapacityTerminationPolicy"));
        if (call.has(CAPACITY)) {
            ObjectNode said = call.get(CAPACITY).deepCopy();
            if (!said.has("DefaultTargetCapacityType")) {
                said.set(
                        "DefaultTargetCapacityType",
                        before.path("requestedAs").path(CAPACITY).path("DefaultTargetCapacityType"));
            }
            Capacity.of(said).putInto(body);
        }
        call.spotMarket().patch(FleetRest.path(id), body);
        return call.done();
    }

    /** Each by itself, as in EC2. */
    private static ObjectNode delete(Call call) {
        ObjectNode answer = Call.answer();
        ArrayNode deleted = answer.putArray("SuccessfulFleetDeletions");
        ArrayNode kept = answer.putArray("UnsuccessfulFleetDeletions");
        boolean terminates = call.flag("TerminateInstances", false);
        for (String id : call.texts("FleetIds")) {
            try {
                String before = underscored(FLEET.get(call, id).path("state"));
                JsonNode after = call.spotMarket()
                        .delete(FleetRest.path(id), Query.none().and("terminateInstances", terminates));
                deleted.addObject()
                        .put("FleetId", id)
                        .put("PreviousFleetState", before)
                        .put("CurrentFleetState", underscored(after.path("state")));
            } catch (AwsError e) {
                if (e.status() >= 500) {
                    throw e;
                }
                kept.addObject()
                        .put("FleetId", id)
                        .putObject("Error")
                        .put("Code", errorCode(e))
                        .put("Message", e.getMessage());
            }
        }
        return answer;
    }

    private static String errorCode(AwsError e) {
        if (e.isNotFound()) {
            return "fleetIdDoesNotExist";
        }
        return e.code().endsWith("Malformed") ? "fleetIdMalformed" : "fleetNotInDeletableState";
    }
}
