package io.cumulet.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes what services know from topics anew. */
@Command(
        name = "rebuild",
        description = "Makes what services have made from topics anew, while they run; nothing is published.")
final class RebuildCommand implements Runnable {

    @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "one service; all if it isn't said")
    @Nullable
    String service;

    @Override
    public void run() {
        StackSettings settings = CumuletCommand.running();
        StackApi operator = StackApi.of(settings, StackApi.OPERATOR);
        List<Service> services = service == null ? List.of(Service.values()) : List.of(CumuletCommand.service(service));
        for (Service one : services) {
            for (JsonNode projection :
                    StackApi.list(operator.get(one, "/v1/projections").path("projections"))) {
                String name = projection.path("name").asText();
                JsonNode rebuilt = operator.post(one, "/v1/projections/" + name + "/rebuild", List.of());
                System.out.printf(
                        "%-12s %-22s from %s events of %s%n",
                        one.serviceName(),
                        name,
                        rebuilt.path("events").asText(),
                        rebuilt.path("topic").asText());
            }
        }
    }
}
