package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.templates.LaunchTemplates;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Launching instances and looking at them. */
@ApplicationScoped
public class InstanceActions implements ActionSet {

    private static final Shape STATUS = Api.EC2.model().shape("InstanceStatus");
    private static final String RESERVATION = "ReservationId";
    private static final String OWNER = "OwnerId";

    /** Nothing is scheduled for instances: filters on events find nothing. */
    private static final Map<String, Filters.Values> STATUS_FILTERS = statusFilters();

    private final LaunchTemplates templates;

    public InstanceActions(LaunchTemplates templates) {
        this.templates = templates;
    }

    @Override
    public void addTo(Actions actions) {
        actions.add(
                Api.EC2,
                "RunInstances",
                templates.merging(RunInstances::run),
                true,
                "there are no volumes: BlockDeviceMappings make none");
        actions.ec2("DescribeInstances", InstanceActions::describe);
        actions.ec2("DescribeInstanceStatus", InstanceActions::describeStatus);
    }

    private static ObjectNode describe(Call call) {
        InstancePages.Page page = new InstancePages(
                        call, InstanceShapes.INSTANCE, InstanceFilters.own(), views -> instances(call, views))
                .read(null);
        ObjectNode answer = Call.answer();
        ArrayNode reservations = answer.putArray("Reservations");
        Map<String, List<ObjectNode>> byReservation = new LinkedHashMap<>();
        // EC2 promises no order; suites take the first to be the one launched first. Pages follow the ids.
        List<ObjectNode> byLaunch = new ArrayList<>(page.items());
        byLaunch.sort(Comparator.comparing(
                instance -> Instant.parse(instance.path("LaunchTime").asText())));
        for (ObjectNode instance : byLaunch) {
            byReservation
                    .computeIfAbsent(instance.path(RESERVATION).asText(), id -> new ArrayList<>())
                    .add(instance);
        }
        byReservation.forEach((id, ofIt) -> {
            ObjectNode reservation = reservations.addObject();
            reservation.put(RESERVATION, id).put(OWNER, call.account().value());
            reservation.putArray("Groups");
            ArrayNode list = reservation.putArray("Instances");
            ofIt.sort(Comparator.comparingInt(
                    instance -> instance.path("AmiLaunchIndex").asInt()));
            ofIt.forEach(instance -> list.add(instance.without(List.of(RESERVATION, OWNER))));
        });
        return answer.put("NextToken", page.nextToken());
    }

    /** With what their reservation says of them, for the filters. */
    private static List<ObjectNode> instances(Call call, List<JsonNode> views) {
        GroupNames groups = GroupNames.of(call, views);
        return views.stream()
                .map(view -> InstanceShapes.instance(view, groups)
                        .put(RESERVATION, view.path("reservationId").asText())
                        .put(OWNER, call.account().value()))
                .toList();
    }

    private static ObjectNode describeStatus(Call call) {
        InstancePages.Page page = new InstancePages(
                        call,
                        STATUS,
                        STATUS_FILTERS,
                        views -> views.stream().map(InstanceActions::status).toList())
                .read(call.flag("IncludeAllInstances", false) ? null : "running");
        ObjectNode answer = Call.answer();
        ArrayNode statuses = answer.putArray("InstanceStatuses");
        page.items().forEach(statuses::add);
        return answer.put("NextToken", page.nextToken());
    }

    /** What runs has passed its checks: it runs once its host reported it up. */
    private static ObjectNode status(JsonNode view) {
        String state = view.path("state").asText();
        ObjectNode status =
                Call.answer().put("InstanceId", view.path("instanceId").asText());
        Zones.put(status, view.path("availabilityZone").asText());
        status.set("Operator", InstanceShapes.operator());
        status.set("InstanceState", InstanceShapes.state(state));
        for (String which : List.of("InstanceStatus", "SystemStatus")) {
            ObjectNode summary = status.putObject(which);
            switch (state) {
                case "running" ->
                    summary.put("Status", "ok")
                            .putArray("Details")
                            .addObject()
                            .put("Name", "reachability")
                            .put("Status", "passed");
                case "pending" ->
                    summary.put("Status", "initializing")
                            .putArray("Details")
                            .addObject()
                            .put("Name", "reachability")
                            .put("Status", "initializing");
                default -> summary.put("Status", "not-applicable");
            }
        }
        return status;
    }

    private static Map<String, Filters.Values> statusFilters() {
        Map<String, Filters.Values> own = new HashMap<>();
        own.put("instance-state-code", Filters.at("InstanceState.Code"));
        own.put("instance-state-name", Filters.at("InstanceState.Name"));
        own.put("instance-status.status", Filters.at("InstanceStatus.Status"));
        own.put("system-status.status", Filters.at("SystemStatus.Status"));
        own.put("instance-status.reachability", Filters.at("InstanceStatus.Details.Status"));
        own.put("system-status.reachability", Filters.at("SystemStatus.Details.Status"));
        for (String event :
                List.of("code", "description", "instance-event-id", "not-after", "not-before", "not-before-deadline")) {
            own.put("event." + event, item -> List.of());
        }
        return Map.copyOf(own);
    }
}
