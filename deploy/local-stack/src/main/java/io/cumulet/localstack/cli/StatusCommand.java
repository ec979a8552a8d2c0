package io.cumulet.localstack.cli;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.LocalStack.PartStatus;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** What runs. Exits 0 only if all of it is ready. */
@Command(name = "status", description = "Says what runs and where; exits 0 only if all of it is ready.")
final class StatusCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        LocalStack stack = CumuletCommand.stack();
        List<PartStatus> parts = stack.status();
        for (PartStatus part : parts) {
            String state = part.pid().isEmpty() ? "down" : part.ready() ? "ready" : "not ready";
            System.out.printf(
                    "%-15s %-10s %-14s %s%n",
                    part.name(), state, part.pid().map(pid -> "process " + pid).orElse("-"), part.address());
        }
        boolean allReady = parts.stream().allMatch(PartStatus::ready);
        if (stack.isReady(Service.INSTANCES)) {
            StackApi.Clock clock =
                    StackApi.of(stack.settings(), StackApi.OPERATOR).clock();
            System.out.printf("%-15s %-10s %s%n", "clock", clock.mode(), clock.now());
        }
        if (!allReady) {
            System.out.println();
            System.out.println(
                    "Logs are in " + parts.getFirst().log().getParent() + ". ./cumulet up starts what is down.");
        }
        return allReady ? 0 : 1;
    }
}
