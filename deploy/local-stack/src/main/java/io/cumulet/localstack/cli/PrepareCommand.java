package io.cumulet.localstack.cli;

import io.cumulet.localstack.Training;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Makes the next starts faster. */
@Command(
        name = "prepare",
        description = "Makes the stack start faster until the next build, by AOT caches from a training run (Java 25).")
final class PrepareCommand implements Runnable {

    @Override
    public void run() {
        long start = System.nanoTime();
        new Training(CumuletCommand.settings()).run(CumuletCommand.screen());
        System.out.printf(
                Locale.ROOT,
                "The next ./cumulet up starts from the caches (made in %.0f s).%n",
                (System.nanoTime() - start) / 1e9);
    }
}
