package io.cumulet.localstack.cli;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.demo.Demo;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The main job on screen. */
@Command(
        name = "demo",
        description =
                "Shows the main job: launch, meter, bill, and a spot instance taken back. Exits 0 only if every figure is right.")
final class DemoCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        long start = System.nanoTime();
        LocalStack stack = CumuletCommand.stack();
        stack.up(CumuletCommand.screen());
        boolean allRight = new Demo(stack.settings()).play().isEmpty();
        System.out.printf(
                Locale.ROOT,
                "%.0f s in all. The stack stays up: ./cumulet down stops it.%n",
                (System.nanoTime() - start) / 1e9);
        return allRight ? 0 : 1;
    }
}
