package io.cumulet.e2e;

import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.localstack.LocalStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Sends signals to the stack's own processes. */
final class Signals {

    private Signals() {}

    static void pause(Collection<ProcessHandle> processes) throws IOException, InterruptedException {
        send("STOP", processes);
    }

    static void goOn(Collection<ProcessHandle> processes) throws IOException, InterruptedException {
        send("CONT", processes);
    }

    /** PostgreSQL's first process, which is the first of the list, and all that serve its clients. */
    static List<ProcessHandle> database(LocalStack stack) {
        ProcessHandle postmaster =
                EmbeddedDatabase.runningOn(stack.settings().postgresData()).orElseThrow();
        List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
        postmaster.descendants().forEach(all::add);
        return all;
    }

    private static void send(String signal, Collection<ProcessHandle> processes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        // One of many that has ended meanwhile makes kill complain, and that is all.
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
