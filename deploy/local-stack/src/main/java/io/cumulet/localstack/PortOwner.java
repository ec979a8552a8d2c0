package io.cumulet.localstack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Finds out who listens on a port, so that an error can name the program; as far as the system tells. */
final class PortOwner {

    private static final String LISTENING = "0A";

    private PortOwner() {}

    /** Such as {@code java (process 4711)}. */
    static Optional<String> of(int port) {
        Optional<Long> pid = fromProc(port).or(() -> fromLsof(port));
        return pid.map(id -> ProcessHandle.of(id)
                .flatMap(process -> process.info().command())
                .map(command -> Path.of(command).getFileName() + " (process " + id + ")")
                .orElse("process " + id));
    }

    /** Linux: the listening socket's inode is named in /proc/net/tcp and linked from its process' open files. */
    private static Optional<Long> fromProc(int port) {
        Set<String> sockets = new HashSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            try {
                for (String line : Files.readAllLines(Path.of(table))) {
                    String[] fields = line.strip().split("\\s+");
                    if (fields.length > 9
                            && fields[1].endsWith(String.format(Locale.ROOT, ":%04X", port))
                            && fields[3].equals(LISTENING)) {
                        sockets.add("socket:[" + fields[9] + "]");
                    }
                }
            } catch (IOException e) {
                // Another system, or no right to look.
            }
        }
        return sockets.isEmpty()
                ? Optional.empty()
                : ProcessHandle.allProcesses()
                        .map(ProcessHandle::pid)
                        .filter(pid -> hasOpen(pid, sockets))
                        .findFirst();
    }

    private static boolean hasOpen(long pid, Set<String> sockets) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path file : files) {
                if (sockets.contains(Files.readSymbolicLink(file).toString())) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Not our process, or gone.
        }
        return false;
    }

    private static Optional<Long> fromLsof(int port) {
        try {
            Process lsof = new ProcessBuilder("lsof", "-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-t")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(lsof.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            lsof.waitFor(5, TimeUnit.SECONDS);
            return answer.lines().findFirst().map(line -> Long.parseLong(line.strip()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
