package io.cumulet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** CPU time and memory of the stack's processes and this one, from {@code /proc}; nothing where that isn't there. */
final class Processes {

    private static final double TICKS_PER_SECOND = 100;

    private final Map<String, Long> pids = new LinkedHashMap<>();
    private final Path postgres;

    /** @param pidFiles a directory with a file {@code <name>.pid} for each process of the stack, beside its data */
    Processes(Path pidFiles) throws IOException {
        postgres = pidFiles.resolveSibling("data/postgres/postmaster.pid");
        if (Files.isDirectory(pidFiles)) {
            try (Stream<Path> files = Files.list(pidFiles)) {
                for (Path file : files.sorted()
                        .filter(path -> path.toString().endsWith(".pid"))
                        .toList()) {
                    pids.put(file.getFileName().toString().replace(".pid", ""), firstLine(file));
                }
            }
        }
        pids.put("load generator", ProcessHandle.current().pid());
    }

    private static long firstLine(Path file) throws IOException {
        return Long.parseLong(
                Files.readString(file).lines().findFirst().orElse("0").trim());
    }

    /** All there are now, by name. PostgreSQL has a process for each connection; they come and go, but seldom. */
    private Map<String, List<Long>> running() throws IOException {
        Map<String, List<Long>> running = new LinkedHashMap<>();
        pids.forEach((name, pid) -> running.put(name, List.of(pid)));
        if (Files.exists(postgres)) {
            running.put(
                    "postgresql",
                    ProcessHandle.of(firstLine(postgres)).stream()
                            .flatMap(parent -> Stream.concat(Stream.of(parent), parent.descendants()))
                            .map(ProcessHandle::pid)
                            .toList());
        }
        return running;
    }

    /** The id of a process of the stack; empty if its file wasn't there. */
    OptionalLong pid(String name) {
        Long pid = pids.get(name);
        return pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    /** CPU milliseconds used so far, by process. */
    Map<String, Double> cpuMillis() throws IOException {
        Map<String, Double> cpu = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> process : running().entrySet()) {
            double ticks = 0;
            for (long pid : process.getValue()) {
                Path stat = Path.of("/proc", Long.toString(pid), "stat");
                if (Files.exists(stat)) {
                    String text = Files.readString(stat);
                    // The name in parentheses may hold spaces: fields are counted from behind it.
                    List<String> fields = Arrays.asList(
                            text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
                    ticks += Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
                }
            }
            cpu.put(process.getKey(), 1000 * ticks / TICKS_PER_SECOND);
        }
        return cpu;
    }

    /** Resident memory in MiB, by process. PostgreSQL's shared memory counts once for each of its processes. */
    Map<String, Double> residentMib() throws IOException {
        Map<String, Double> memory = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> process : running().entrySet()) {
            double kib = 0;
            for (long pid : process.getValue()) {
                Path status = Path.of("/proc", Long.toString(pid), "status");
                if (Files.exists(status)) {
                    for (String line : Files.readAllLines(status)) {
                        if (line.startsWith("VmRSS:")) {
                            kib += Long.parseLong(line.replaceAll("[^0-9]", ""));
                        }
                    }
                }
            }
            memory.put(process.getKey(), kib / 1024);
        }
        return memory;
    }
}
