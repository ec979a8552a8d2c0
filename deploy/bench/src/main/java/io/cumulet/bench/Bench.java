package io.cumulet.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Puts a running stack under load and prints its figures; see deploy/bench/README.md. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Puts a running stack under load and prints its figures.")
public final class Bench implements Callable<Integer> {

    @Option(
            names = "--instances",
            defaultValue = "http://127.0.0.1:${env:CUMULET_INSTANCES_PORT:-8081}",
            description = "instance service (${DEFAULT-VALUE})")
    URI instances = URI.create("http://127.0.0.1:8081");

    @Option(
            names = "--billing",
            defaultValue = "http://127.0.0.1:${env:CUMULET_BILLING_PORT:-8082}",
            description = "billing (${DEFAULT-VALUE})")
    URI billing = URI.create("http://127.0.0.1:8082");

    @Option(
            names = "--firewall",
            defaultValue = "http://127.0.0.1:${env:CUMULET_FIREWALL_PORT:-8083}",
            description = "firewall (${DEFAULT-VALUE})")
    URI firewall = URI.create("http://127.0.0.1:8083");

    @Option(
            names = "--spot-market",
            defaultValue = "http://127.0.0.1:${env:CUMULET_SPOT_MARKET_PORT:-8084}",
            description = "spot market (${DEFAULT-VALUE})")
    URI spotMarket = URI.create("http://127.0.0.1:8084");

    @Option(
            names = "--endpoint",
            defaultValue = "http://127.0.0.1:${env:CUMULET_ENDPOINT_PORT:-8080}",
            description = "AWS endpoint (${DEFAULT-VALUE})")
    URI endpoint = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--kafka",
            defaultValue = "127.0.0.1:${env:CUMULET_KAFKA_PORT:-9092}",
            description = "bootstrap servers (${DEFAULT-VALUE})")
    String kafka = "127.0.0.1:9092";

    @Option(
            names = "--database",
            defaultValue = "jdbc:postgresql://127.0.0.1:${env:CUMULET_POSTGRES_PORT:-15432}/instances",
            description = "the instance service's database, for the relay's figure (${DEFAULT-VALUE})")
    String database = "jdbc:postgresql://127.0.0.1:15432/instances";

    @Option(names = "--pids", description = "directory with a NAME.pid file for each process of the stack")
    @Nullable
    Path pids;

    @Option(
            names = "--clients",
            split = ",",
            defaultValue = "32,8,1",
            description = "clients; many first, they warm the services up (${DEFAULT-VALUE})")
    List<Integer> clients = List.of(32, 8, 1);

    @Option(names = "--seconds", defaultValue = "60", description = "seconds for each load (${DEFAULT-VALUE})")
    int seconds = 60;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "rounds of the endpoint's loads, for their medians (${DEFAULT-VALUE})")
    int rounds = 3;

    @Option(names = "--filled", defaultValue = "10000", description = "instances for the reads (${DEFAULT-VALUE})")
    int filled = 10_000;

    @Option(
            names = "--listed",
            defaultValue = "100000",
            description = "instances for the lists, put into the table (${DEFAULT-VALUE})")
    int listed = 100_000;

    @Option(
            names = "--events",
            defaultValue = "60000",
            description = "lifecycle events for billing's figure (${DEFAULT-VALUE})")
    int events = 60_000;

    @Option(
            names = "--evicted",
            defaultValue = "10000",
            description = "spot instances that are taken back at once (${DEFAULT-VALUE})")
    int evicted = 10_000;

    @Option(
            names = "--only",
            split = ",",
            description =
                    "some of: launches, metered, reads, lists, metering, relay, evictions, endpoint; all if it isn't given")
    Set<String> only = Set.of();

    @Option(names = "--output", defaultValue = "target/bench.json", description = "figures as JSON (${DEFAULT-VALUE})")
    Path output = Path.of("target/bench.json");

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Figures figures = new Figures();
        try (Rest rest = new Rest()) {
            Stack stack = new Stack(rest, instances, billing, firewall, spotMarket);
            Processes processes = new Processes(pids == null ? Path.of(".cumulet/run") : pids);
            stack.drain();
            memory(figures, processes, "idle");
            if (isWanted("endpoint")) {
                new EndpointFigures(figures, rest, stack, processes, endpoint, seconds, rounds, filled).measure();
            }
            if (only.equals(Set.of("endpoint"))) {
                return written(figures);
            }
            Launches launches = new Launches(rest, stack);
            figures.heading("Warm-up: 8 clients, not counted");
            launches.closedLoop(8, Math.min(20, seconds));
            stack.drain();
            if (isWanted("launches")) {
                for (int count : clients) {
                    launches(figures, stack, processes, launches, count);
                }
            }
            if (isWanted("metered")) {
                metered(figures, rest, stack, launches);
            }
            if (isWanted("reads")) {
                reads(figures, rest, stack, launches);
            }
            if (isWanted("lists")) {
                lists(figures, rest, stack, launches);
            }
            if (isWanted("metering")) {
                metering(figures, rest, stack, launches, processes);
            }
            if (isWanted("evictions")) {
                evictions(figures, rest, stack, launches, processes);
            }
            if (isWanted("relay")) {
                figures.heading("Relay");
                figures.put(
                        "rows from the outbox to Kafka",
                        new Relay(database, kafka).rowsPerSecond(100_000),
                        "1/s",
                        "aim 10,000");
            }
            memory(figures, processes, "after the load");
        }
        return written(figures);
    }

    private int written(Figures figures) throws IOException {
        Path directory = output.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        figures.write(output);
        System.out.println("\nWritten to " + output);
        return 0;
    }

    private void launches(Figures figures, Stack stack, Processes processes, Launches launches, int count)
            throws Exception {
        figures.heading("Launches, " + count + (count == 1 ? " client, " : " clients, ") + seconds + " s");
        Map<String, Double> before = processes.cpuMillis();
        Launches.Load load = launches.closedLoop(count, seconds);
        String name = "launches, " + count + " clients";
        String aim = switch (count) {
            case 1 -> "aim 300";
            case 32 -> "aim 800";
            default -> "";
        };
        figures.put(name, load.done() / load.seconds(), "1/s", aim);
        figures.latency(name, load.latencyMicros(), "");
        long errors = load.errors().values().stream().mapToLong(Long::longValue).sum();
        figures.put(
                name + " errors", errors, "", errors == 0 ? "" : load.errors().toString());
        figures.put(name + " backlog drained after", stack.drain(), "ms", "aim 5,000");
        cpu(figures, "each launch", before, processes.cpuMillis(), Math.max(1, load.done()));
    }

    /** What each process has used for each of so many things. */
    private static void cpu(
            Figures figures, String what, Map<String, Double> before, Map<String, Double> after, long count) {
        double total = 0;
        for (Map.Entry<String, Double> process : after.entrySet()) {
            double used = process.getValue() - before.getOrDefault(process.getKey(), 0.0);
            total += used;
            figures.put("CPU for " + what + ", " + process.getKey(), used / count, "ms", "");
        }
        figures.put("CPU for " + what + ", all", total / count, "ms", "backlog included");
    }

    private void metered(Figures figures, Rest rest, Stack stack, Launches launches) throws Exception {
        figures.heading("From the launch's call to metered usage, 200 launches/s");
        Metered metered = new Metered(rest, stack, launches);
        figures.latency("launch to metered", metered.measure(200, Math.min(30, seconds)), "aim p99 < 1,000");
        figures.put("launch to metered, failures", metered.failures(), "", "");
        stack.drain();
    }

    private void reads(Figures figures, Rest rest, Stack stack, Launches launches) throws Exception {
        figures.heading("Reads with " + filled + " instances in the account");
        Reads reads = new Reads(rest, stack);
        reads.fill(launches, filled);
        stack.drain();
        reads.byId(500);
        reads.firstPage(100);
        figures.latency("get by id", reads.byId(2000), "aim 2");
        figures.latency("first page of 100", reads.firstPage(500), "aim 5");
    }

    private void lists(Figures figures, Rest rest, Stack stack, Launches launches) throws Exception {
        figures.heading("Lists with " + listed + " instances in the account and region, pages of 100");
        try (Lists lists = new Lists(rest, stack, database)) {
            lists.fill(launches, listed);
            for (List<String> query : Lists.QUERIES) {
                lists.measure(query.get(1), 50);
            }
            for (List<String> query : Lists.QUERIES) {
                figures.latency(query.get(0), lists.measure(query.get(1), 200), "aim 10, " + query.get(1));
            }
        }
    }

    private void metering(Figures figures, Rest rest, Stack stack, Launches launches, Processes processes)
            throws Exception {
        figures.heading("Metering, " + events + " lifecycle events that wait on Kafka, three times");
        OptionalLong process = processes.pid("billing");
        if (process.isEmpty()) {
            System.out.println("  not measured: only with --pids, on a machine where billing's process can be halted");
            return;
        }
        MeteringRate rate = new MeteringRate(rest, stack, launches, process.getAsLong());
        for (int run = 1; run <= 3; run++) {
            figures.put("metering, run " + run, rate.eventsPerSecond(events), "1/s", "aim 15,000");
        }
        stack.drain();
    }

    private void evictions(Figures figures, Rest rest, Stack stack, Launches launches, Processes processes)
            throws Exception {
        figures.heading(evicted + " spot instances taken back at once, three times");
        Evictions evictions = new Evictions(rest, stack, launches, kafka, processes);
        for (int run = 1; run <= 3; run++) {
            Evictions.Took took = evictions.measure(evicted);
            figures.put("all warned on the topic, run " + run, took.warned(), "ms", "aim 2,000");
            figures.put("all acted on once due, run " + run, took.actedOn(), "ms", "aim 10,000");
            cpu(figures, "each warning, run " + run, took.before(), took.noticed(), evicted);
            stack.drain();
            cpu(figures, "each eviction, run " + run, took.due(), processes.cpuMillis(), evicted);
        }
    }

    private boolean isWanted(String part) {
        return only.isEmpty() || only.contains(part);
    }

    private static void memory(Figures figures, Processes processes, String when) throws Exception {
        TimeUnit.MILLISECONDS.sleep(Duration.ofSeconds(3).toMillis());
        figures.heading("Memory, " + when);
        for (Map.Entry<String, Double> process : processes.residentMib().entrySet()) {
            figures.put("resident, " + process.getKey() + ", " + when, process.getValue(), "MiB", "");
        }
    }
}
