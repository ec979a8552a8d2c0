package io.cumulet.localstack.cli;

import io.cumulet.localstack.StackApi;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Empties the stack. */
@Command(
        name = "reset",
        description =
                "Empties everything, every table and topic, and the clock runs in real time again; or one account.")
final class ResetCommand implements Runnable {

    @Mixin
    private final Target target = new Target();

    @Option(
            names = "--account",
            paramLabel = "ACCOUNT",
            description = "Only what this account has (12 digits); others, and the clock, go on.")
    private @Nullable String account;

    @Override
    public void run() {
        StackApi api = StackApi.of(target.settings(), StackApi.OPERATOR);
        long start = System.nanoTime();
        if (account != null) {
            api.reset(account);
            System.out.printf(
                    Locale.ROOT, "Account %s is empty (%.1f s).%n", account, (System.nanoTime() - start) / 1e9);
            return;
        }
        StackApi.Clock clock = api.reset();
        System.out.printf(
                Locale.ROOT,
                "The stack is empty (%.1f s). Its clock is %s at %s.%n",
                (System.nanoTime() - start) / 1e9,
                clock.mode(),
                clock.now());
    }
}
