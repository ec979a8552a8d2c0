package io.cumulet.localstack.cli;

import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackApi.Clock;
import io.cumulet.localstack.StackDuration;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The stack's time. */
@Command(name = "clock", description = "Shows the stack's time, stops it, lets it run, or moves it forward.")
final class ClockCommand implements Runnable {

    @Mixin
    private final Target target = new Target();

    @Override
    public void run() {
        now();
    }

    @Command(name = "now", description = "Shows the stack's time.")
    void now() {
        show(StackApi::clock);
    }

    @Command(name = "freeze", description = "Stops the clock where it stands.")
    void freeze() {
        show(StackApi::freezeClock);
    }

    @Command(name = "run", description = "Lets the clock run on from where it stands.")
    void runOn() {
        show(StackApi::runClock);
    }

    @Command(name = "advance", description = "Moves the clock forward; timers fire in order on the way.")
    void advance(@Parameters(paramLabel = "DURATION", description = "90m, 2h, 30d, 1d12h or PT2H") String duration) {
        show(api -> api.advanceClock(StackDuration.parse(duration)));
    }

    private void show(Function<StackApi, Clock> action) {
        Clock clock = action.apply(StackApi.of(target.settings(), StackApi.OPERATOR));
        System.out.println(clock.now() + " (" + clock.mode() + ")");
    }
}
