package io.cumulet.localstack.cli;

import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.LocalStack.PartStatus;
import io.cumulet.localstack.StackFailure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The end of the logs. */
@Command(name = "logs", description = "Prints the end of the logs, of all processes or of one.")
final class LogsCommand implements Runnable {

    private static final int POLL_MILLIS = 300;

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "infrastructure, instances, billing, firewall, spot-market or postgres")
    private @Nullable String service;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what is written from now on.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "50",
            description = "How many lines of each log (${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public void run() {
        List<Path> logs = chosen();
        Map<Path, Long> read = new HashMap<>();
        for (Path log : logs) {
            String text = from(log, 0);
            read.put(log, (long) text.getBytes(StandardCharsets.UTF_8).length);
            List<String> all = text.lines().toList();
            print(log, all.subList(Math.max(0, all.size() - lines), all.size()), logs.size() > 1);
        }
        while (follow) {
            for (Path log : logs) {
                String text = from(log, read.getOrDefault(log, 0L));
                // A line is printed once it is whole.
                String whole = text.substring(0, text.lastIndexOf('\n') + 1);
                read.merge(log, (long) whole.getBytes(StandardCharsets.UTF_8).length, Long::sum);
                print(log, whole.lines().toList(), logs.size() > 1);
            }
            pause();
        }
    }

    private List<Path> chosen() {
        LocalStack stack = CumuletCommand.stack();
        List<Path> all =
                new ArrayList<>(stack.status().stream().map(PartStatus::log).toList());
        all.add(stack.infrastructure().log().resolveSibling("postgres.log"));
        if (service == null) {
            return all;
        }
        String wanted = service.replaceAll("-service$", "").replaceAll("^instance$", "instances");
        List<Path> one = all.stream().filter(log -> name(log).equals(wanted)).toList();
        if (one.isEmpty()) {
            throw new StackFailure("There is no log of " + service + "; there are "
                    + String.join(", ", all.stream().map(LogsCommand::name).toList()) + ".");
        }
        return one;
    }

    private static String name(Path log) {
        return log.getFileName().toString().replaceAll("\\.log$", "");
    }

    private static void print(Path log, List<String> lines, boolean named) {
        for (String line : lines) {
            System.out.println(named ? String.format("%-14s | %s", name(log), line) : line);
        }
    }

    private static String from(Path log, long offset) {
        if (!Files.exists(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = offset > file.length() ? 0 : offset;
            byte[] bytes = new byte[Math.toIntExact(file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted", e);
        }
    }
}
