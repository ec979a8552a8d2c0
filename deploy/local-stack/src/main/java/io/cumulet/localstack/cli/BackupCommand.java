package io.cumulet.localstack.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies the data of the stack. */
@Command(name = "backup", description = "Copies all data of the stack, which is down, to a new directory.")
final class BackupCommand implements Runnable {

    @Parameters(paramLabel = "DIRECTORY", description = "does not exist yet")
    @SuppressWarnings("NullAway.Init") // picocli asks for it.
    Path directory;

    @Override
    public void run() {
        CumuletCommand.stack().backUp(directory, CumuletCommand.screen());
        System.out.println("All data of the stack is in " + directory + ", too.");
    }
}
