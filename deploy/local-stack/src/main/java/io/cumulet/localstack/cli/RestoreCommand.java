package io.cumulet.localstack.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts a backup back. */
@Command(
        name = "restore",
        description = "Puts a backup in the place of all data of the stack, which is down; what was there is gone.")
final class RestoreCommand implements Runnable {

    @Parameters(paramLabel = "DIRECTORY", description = "made by ./cumulet backup; it stays")
    @SuppressWarnings("NullAway.Init") // picocli asks for it.
    Path directory;

    @Override
    public void run() {
        CumuletCommand.stack().restore(directory, CumuletCommand.screen());
        System.out.println("The stack's data is as it was. Go on: ./cumulet up");
    }
}
