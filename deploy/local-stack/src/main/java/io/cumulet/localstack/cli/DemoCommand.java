package io.cumulet.localstack.cli;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.StackSettings;
import io.cumulet.localstack.demo.Demo;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The main job on screen. */
@Command(
        name = "demo",
        description =
                "Shows the main job: launch, meter, bill, and a spot instance taken back. Exits 0 only if every figure"
                        + " is right.")
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private final Target target = new Target();

    @Override
    public Integer call() {
        long start = System.nanoTime();
        boolean allRight = new Demo(stack()).play().isEmpty();
        System.out.printf(Locale.ROOT, "%.0f s in all.", (System.nanoTime() - start) / 1e9);
        System.out.println(target.isLocal() ? " The stack stays up: ./cumulet down stops it." : "");
        return allRight ? 0 : 1;
    }

    private StackSettings stack() {
        if (!target.isLocal()) {
            return target.settings();
        }
        LocalStack local = CumuletCommand.stack();
        local.up(CumuletCommand.screen());
        return local.settings();
    }
}
