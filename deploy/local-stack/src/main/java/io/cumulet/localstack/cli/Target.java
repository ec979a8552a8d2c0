package io.cumulet.localstack.cli;

import io.cumulet.localstack.StackSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which stack a command is about: the local one, or one that somebody else runs. */
final class Target {

    /** A stack that {@code ./cumulet} neither starts nor stops. */
    enum Other {
        /** The containers of {@code docker-compose.yml}, on the ports of the same environment variables. */
        COMPOSE
    }

    @Option(
            names = "--against",
            // Also after the subcommands: ./cumulet clock advance 2h --against compose
            scope = ScopeType.INHERIT,
            paramLabel = "STACK",
            description = "compose: the containers of docker-compose.yml, instead of the local stack.")
    private @Nullable Other other;

    boolean isLocal() {
        return other == null;
    }

    /**
     * Where the stack is. A local one must run; whether another does is found out by calling it.
     *
     * @throws io.cumulet.localstack.StackFailure if the local stack does not run
     */
    StackSettings settings() {
        return isLocal() ? CumuletCommand.running() : CumuletCommand.settings();
    }
}
