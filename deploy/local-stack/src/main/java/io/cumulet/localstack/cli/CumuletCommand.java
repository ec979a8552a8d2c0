package io.cumulet.localstack.cli;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Progress;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackFailure;
import io.cumulet.localstack.StackSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line; {@code ./cumulet} starts it with the project's directory in the system property {@code cumulet.project}. */
@Command(
        name = "cumulet",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        description = "Cumulet on this machine: a real Kafka, a real PostgreSQL and the five services.",
        subcommands = {
            UpCommand.class,
            EnvCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            TopicsCommand.class,
            EventsCommand.class,
            ResetCommand.class,
            ClockCommand.class,
            DeadLettersCommand.class,
            RebuildCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            DemoCommand.class,
            TestCommand.class,
            ImagesCommand.class,
            SpotHistoryCommand.class
        },
        footer = {
            "",
            "Settings (environment variables):",
            "  CUMULET_HOME                data, logs and process ids (.cumulet in the project)",
            "  CUMULET_KAFKA_PORT          9092    CUMULET_KAFKA_CONTROLLER_PORT  19092",
            "  CUMULET_POSTGRES_PORT       15432",
            "  CUMULET_INSTANCES_PORT      8081    CUMULET_BILLING_PORT           8082",
            "  CUMULET_FIREWALL_PORT       8083    CUMULET_SPOT_MARKET_PORT       8084",
            "  CUMULET_ENDPOINT_PORT       8080    (for AWS clients)",
            "  JAVA_HOME                   a JDK of version 21 or newer; found by itself if not set"
        })
public final class CumuletCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public static void main(String[] args) {
        CommandLine line = new CommandLine(new CumuletCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            PrintWriter out = command.getErr();
            if (exception instanceof StackFailure failure) {
                out.println(failure.getMessage());
            } else {
                exception.printStackTrace(out);
            }
            out.flush();
            return 1;
        });
        System.exit(line.execute(args));
    }

    /** Without a command there is only help. */
    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** The stack this call is about. */
    static LocalStack stack() {
        return LocalStack.find(settings());
    }

    /** The settings of this call's environment. */
    static StackSettings settings() {
        return StackSettings.of(Path.of(System.getProperty("cumulet.project", ".")), System.getenv());
    }

    /** The settings of the stack, which must run. */
    static StackSettings running() {
        LocalStack stack = stack();
        if (!stack.runsAtAll()) {
            throw new StackFailure("The stack does not run. Start it: ./cumulet up");
        }
        return stack.settings();
    }

    /** A service by its name. */
    static Service service(String name) {
        return Service.ofName(name)
                .orElseThrow(() -> new StackFailure("There is no service " + name + "; there are "
                        + Stream.of(Service.values()).map(Service::serviceName).collect(Collectors.joining(", "))
                        + "."));
    }

    /** Lines on the screen as they come. */
    static Progress screen() {
        return System.out::println;
    }
}
