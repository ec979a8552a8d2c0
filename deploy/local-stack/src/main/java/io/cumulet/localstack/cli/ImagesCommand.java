package io.cumulet.localstack.cli;

import io.cumulet.localstack.StackFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stands here for the list of commands; the script {@code ./cumulet} runs Maven itself, as it does for the tests. */
@Command(
        name = "images",
        description = "Builds the services' images for docker-compose.yml; further arguments go to Maven.")
final class ImagesCommand implements Runnable {

    @Parameters(
            arity = "0..*",
            paramLabel = "ARGUMENT",
            description = "For Maven, such as -Dquarkus.container-image.tag=1.2")
    private @Nullable List<String> arguments;

    @Override
    public void run() {
        throw new StackFailure("Run it by the script: ./cumulet images"
                + (arguments == null ? "" : " " + String.join(" ", arguments)));
    }
}
