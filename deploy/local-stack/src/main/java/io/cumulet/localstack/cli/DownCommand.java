package io.cumulet.localstack.cli;

import picocli.CommandLine.Command;

/** Stops all processes. */
@Command(name = "down", description = "Stops the stack; data stays.")
final class DownCommand implements Runnable {

    @Override
    public void run() {
        CumuletCommand.stack().down(CumuletCommand.screen());
        System.out.println("The stack is down; its data stays in "
                + CumuletCommand.settings().home() + ".");
    }
}
