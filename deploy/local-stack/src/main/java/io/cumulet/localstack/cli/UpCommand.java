package io.cumulet.localstack.cli;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackSettings;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts what is missing. */
@Command(name = "up", description = "Starts the stack, joins it if it is up, repairs it if something is missing.")
final class UpCommand implements Runnable {

    @Option(
            names = "--endpoint-only",
            description = "Return as soon as AWS clients can launch instances; billing and spot market follow.")
    private boolean endpointOnly;

    @Override
    public void run() {
        long start = System.nanoTime();
        LocalStack stack = CumuletCommand.stack();
        if (endpointOnly) {
            stack.upForClients(CumuletCommand.screen());
        } else {
            stack.up(CumuletCommand.screen());
        }
        StackSettings settings = stack.settings();
        System.out.printf(
                Locale.ROOT,
                "%n%s (%.1f s).%n%n",
                endpointOnly ? "AWS clients can call" : "The stack is up",
                (System.nanoTime() - start) / 1e9);
        for (Service service : Service.values()) {
            System.out.printf("  %-12s %s/q/swagger-ui%n", service.serviceName(), settings.url(service));
        }
        System.out.printf("  %-12s %s%n", "Kafka", settings.bootstrapServers());
        System.out.printf("  %-12s 127.0.0.1:%d%n%n", "PostgreSQL", settings.postgresPort());
        System.out.println("Next: ./cumulet demo, ./cumulet events --follow, ./cumulet down (data stays)");
    }
}
