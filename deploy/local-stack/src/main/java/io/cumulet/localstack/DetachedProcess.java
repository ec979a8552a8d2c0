package io.cumulet.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process of the stack that lives on without the command that started it, known by a file with its process id. What
 * it prints is appended to its log.
 */
public final class DetachedProcess {

    private static final long LARGE_LOG_BYTES = 20L << 20;

    private final String name;
    private final Path pidFile;
    private final Path log;
    private final String mark;

    DetachedProcess(String name, StackSettings settings) {
        this.name = name;
        this.pidFile = settings.run().resolve(name + ".pid");
        this.log = settings.logs().resolve(name + ".log");
        this.mark = "-Dcumulet.process=" + name + "@" + settings.home();
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    /** A JVM option that tells this process from any other that may get its process id one day. */
    String mark() {
        return mark;
    }

    /** The process, if it runs. */
    public Optional<ProcessHandle> running() {
        String pid;
        try {
            pid = Files.readString(pidFile).strip();
        } catch (IOException e) {
            return Optional.empty();
        }
        if (pid.isEmpty()) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(ProcessHandle::isAlive)
                .filter(this::isOurs);
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info().commandLine().map(line -> line.contains(mark)).orElse(true);
    }

    /** When it was started, if it runs. */
    public Optional<Instant> startedAt() {
        return running().flatMap(process -> process.info().startInstant());
    }

    /** Starts it, out of reach of the terminal's Ctrl-C. */
    void start(List<String> command) {
        try {
            Files.createDirectories(pidFile.getParent());
            Files.createDirectories(log.getParent());
            setLargeLogAside();
            // Job control ("set -m") gives the process a group of its own: Ctrl-C reaches only the group in front.
            List<String> line = new ArrayList<>(List.of(
                    "bash",
                    "-c",
                    "set -m; log=$1; shift; nohup \"$@\" </dev/null >>\"$log\" 2>&1 & echo $!",
                    "cumulet"));
            line.add(log.toString());
            line.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(line);
            builder.redirectError(ProcessBuilder.Redirect.DISCARD);
            // The stack's own settings are given on the command line; as variables they would only confuse a service.
            builder.environment().keySet().removeIf(key -> key.startsWith("CUMULET_") && key.endsWith("_PORT"));
            builder.environment().remove(StackSettings.HOME_VARIABLE);
            // glibc gives each thread an arena of its own, which costs a JVM some 20 MB for nothing.
            builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
            Process shell = builder.start();
            String pid = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            shell.waitFor();
            if (pid.isEmpty()) {
                throw new StackFailure("The process " + name + " could not be started: bash said nothing.");
            }
            Path fresh = pidFile.resolveSibling(name + ".pid.new");
            Files.writeString(fresh, pid + "\n");
            Files.move(fresh, pidFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The process " + name + " could not be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while starting " + name, e);
        }
    }

    private void setLargeLogAside() throws IOException {
        if (Files.exists(log) && Files.size(log) > LARGE_LOG_BYTES) {
            Files.move(log, log.resolveSibling(name + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Asks it to stop; true if it ran. {@link #awaitStop} waits for the end. */
    boolean askToStop() {
        Optional<ProcessHandle> process = running();
        process.ifPresent(ProcessHandle::destroy);
        return process.isPresent();
    }

    /** Waits until it is gone; kills it if it takes longer than that. Answers whether it ended by itself. */
    boolean awaitStop(Duration patience) {
        boolean ended = running().map(process -> ends(process, patience)).orElse(true);
        if (!ended) {
            kill();
        }
        forget();
        return ended;
    }

    /** {@code kill -9}; returns when it is gone. Nothing happens if it does not run. */
    public void kill() {
        running().ifPresent(process -> {
            process.destroyForcibly();
            if (!ends(process, Duration.ofSeconds(10))) {
                throw new StackFailure(name + " (process " + process.pid() + ") can't be killed.");
            }
        });
    }

    private static boolean ends(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while waiting for process " + process.pid(), e);
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The end of its log, to show what went wrong. */
    String lastLines(int count) {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }
}
