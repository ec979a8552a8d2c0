package io.cumulet.localstack.cli;

import io.cumulet.localstack.StackFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stands here for the list of commands; the script {@code ./cumulet} runs Maven itself, for there may be nothing built yet. */
@Command(name = "test", description = "Builds everything and runs all tests; further arguments go to Maven.")
final class TestCommand implements Runnable {

    @Parameters(arity = "0..*", paramLabel = "ARGUMENT", description = "For Maven, such as -pl billing-service -am")
    private @Nullable List<String> arguments;

    @Override
    public void run() {
        throw new StackFailure(
                "Run it by the script: ./cumulet test" + (arguments == null ? "" : " " + String.join(" ", arguments)));
    }
}
