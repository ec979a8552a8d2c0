package io.cumulet.localstack.cli;

import io.cumulet.localstack.LocalStack;
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
        LocalStack stack = CumuletCommand.stack();
        stack.up(CumuletCommand.screen());
        return 0;
    }
}
