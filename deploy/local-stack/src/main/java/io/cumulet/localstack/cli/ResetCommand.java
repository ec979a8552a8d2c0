package io.cumulet.localstack.cli;

import io.cumulet.localstack.StackApi;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Empties the stack. */
@Command(
        name = "reset",
        description = "Empties everything: every table, every topic. The clock runs in real time again.")
final class ResetCommand implements Runnable {

    @Mixin
    private final Target target = new Target();

    @Override
    public void run() {
        StackApi api = StackApi.of(target.settings(), StackApi.OPERATOR);
        long start = System.nanoTime();
        StackApi.Clock clock = api.reset();
        System.out.printf(
                Locale.ROOT,
                "The stack is empty (%.1f s). Its clock is %s at %s.%n",
                (System.nanoTime() - start) / 1e9,
                clock.mode(),
                clock.now());
    }
}
