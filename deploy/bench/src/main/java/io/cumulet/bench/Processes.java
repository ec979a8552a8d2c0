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

    private final Map<String, List<Long>> pids = new LinkedHashMap<>();

    /** @param pidFiles a directory with a file {@code <name>.pid} for each process of the stack */
    Processes(Path pidFiles) throws IOException {
        if (Files.isDirectory(pidFiles)) {
            try (Stream<Path> files = Files.list(pidFiles)) {
                for (Path file : files.sorted()
                        .filter(path -> path.toString().endsWith(".pid"))
                        .toList()) {
                    String name = file.getFileName().toString().replace(".pid", "");
                    long pid = Long.parseLong(
                            Files.readString(file).trim().lines().findFirst().orElse("0"));
                    pids.put(name, List.of(pid));
                    List<Long> postgres = ProcessHandle.of(pid).stream()
                            .flatMap(ProcessHandle::descendants)
                            .filter(child -> child.info().command().orElse("").contains("postgres"))
                            .map(ProcessHandle::pid)
                            .toList();
                    if (!postgres.isEmpty()) {
                        pids.put("postgresql", postgres);
                    }
                }
            }
        }
        pids.put("load generator", List.of(ProcessHandle.current().pid()));
    }

    /** The id of a process of the stack; empty if its file wasn't there. */
    OptionalLong pid(String name) {
        return pids.getOrDefault(name, List.of()).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** CPU milliseconds used so far, by process. */
    Map<String, Double> cpuMillis() throws IOException {
        Map<String, Double> cpu = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> process : pids.entrySet()) {
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
        for (Map.Entry<String, List<Long>> process : pids.entrySet()) {
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
