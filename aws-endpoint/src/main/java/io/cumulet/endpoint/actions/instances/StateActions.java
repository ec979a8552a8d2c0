package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Commands to instances. */
@ApplicationScoped
public class StateActions implements ActionSet {

    private static final String PATH = "/v1/instance-state-changes";
    private static final String RECORDED = "Recorded and shown; nothing is measured by the minute";

    @Override
    public void addTo(Actions actions) {
        actions.ec2WithDryRun("StartInstances", call -> changes(call, "start", "StartingInstances"));
        actions.ec2WithDryRun("StopInstances", call -> changes(call, "stop", "StoppingInstances"));
        actions.ec2WithDryRun("TerminateInstances", call -> changes(call, "terminate", "TerminatingInstances"));
        actions.ec2WithDryRun("RebootInstances", call -> {
            change(call, "reboot");
            return call.done();
        });
        actions.ec2("MonitorInstances", call -> monitorings(call, "monitor", "enabled"), RECORDED);
        actions.ec2("UnmonitorInstances", call -> monitorings(call, "unmonitor", "disabled"), RECORDED);
    }

    private static ObjectNode changes(Call call, String action, String results) {
        ObjectNode answer = Call.answer();
        ArrayNode changed = answer.putArray(results);
        for (JsonNode change : change(call, action)) {
            ObjectNode one = changed.addObject()
                    .put("InstanceId", change.path("instanceId").asText());
            one.set(
                    "CurrentState",
                    InstanceShapes.state(change.path("currentState").asText()));
            one.set(
                    "PreviousState",
                    InstanceShapes.state(change.path("previousState").asText()));
        }
        return answer;
    }

    private static ObjectNode monitorings(Call call, String action, String state) {
        ObjectNode answer = Call.answer();
        ArrayNode monitored = answer.putArray("InstanceMonitorings");
        for (JsonNode change : change(call, action)) {
            monitored
                    .addObject()
                    .put("InstanceId", change.path("instanceId").asText())
                    .putObject("Monitoring")
                    .put("State", state);
        }
        return answer;
    }

    private static JsonNode change(Call call, String action) {
        ObjectNode body = Call.answer().put("action", action);
        List<String> ids = InstanceIds.required(call);
        ids.forEach(body.putArray("instanceIds")::add);
        if (call.flag("Hibernate", false)) {
            body.put("hibernate", true);
        }
        if (call.flag("DryRun", false)) {
            body.put("dryRun", true);
        }
        return OnTheWay.awaited(
                call, ids, () -> call.instances().post(PATH, body).path("stateChanges"));
    }
}
