package io.cumulet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.bench.AwsConnection.Key;
import io.cumulet.bench.AwsLoad.Filled;
import io.cumulet.bench.AwsLoad.Load;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What the AWS endpoint does, all signatures verified, and beside it what moto's server does, if it is on the machine: medians
 * over rounds that are taken in turn, and their ratios.
 */
final class EndpointFigures {

    private static final int MANY = 8;

    private final Figures figures;
    private final Rest rest;
    private final Stack stack;
    private final Processes processes;
    private final URI endpoint;
    private final int seconds;
    private final int rounds;
    private final int filled;
    /** By name: what was measured of ours and of the peer, one for each round. */
    private final Map<String, List<Double>> ours = new LinkedHashMap<>();

    private final Map<String, List<Double>> peers = new LinkedHashMap<>();

    EndpointFigures(
            Figures figures,
            Rest rest,
            Stack stack,
            Processes processes,
            URI endpoint,
            int seconds,
            int rounds,
            int filled) {
        this.figures = figures;
        this.rest = rest;
        this.stack = stack;
        this.processes = processes;
        this.endpoint = endpoint;
        this.seconds = seconds;
        this.rounds = rounds;
        this.filled = filled;
    }

    void measure() throws IOException, InterruptedException {
        AwsLoad load = new AwsLoad(endpoint, this::account);
        Optional<Path> moto = MotoServer.find();
        if (moto.isEmpty()) {
            System.out.println("  moto_server is not on this machine: nothing to compare with");
        }
        warmUp(load);
        for (int round = 1; round <= rounds; round++) {
            figures.heading("Endpoint, round " + round + " of " + rounds + ", " + seconds + " s for each load");
            launches(load, MANY);
            launches(load, 1);
            rules(load);
            if (moto.isPresent()) {
                figures.heading("moto's server, round " + round);
                try (MotoServer server = MotoServer.start(moto.get())) {
                    peerRates(server);
                }
            }
        }
        reads(load);
        resets(load);
        if (moto.isPresent()) {
            figures.heading("moto's server with " + filled + " instances");
            try (MotoServer server = MotoServer.start(moto.get())) {
                peerReads(server);
            }
        }
        summary();
    }

    /** Two minutes: until then the services' compilers take part of the processors. Shorter where the loads are. */
    private void warmUp(AwsLoad load) throws IOException, InterruptedException {
        figures.heading("Warm-up: launches and rules by 8 clients, launches by 1; first loads after the start");
        for (int turn = 1; turn <= 3; turn++) {
            String name = "warm-up, turn " + turn + ", ";
            figures.put(
                    name + "launches",
                    load.launches(MANY, Math.min(20, 2 * seconds)).perSecond(),
                    "1/s",
                    "not counted");
            figures.put(name + "rules", load.rules(MANY, Math.min(10, seconds)).perSecond(), "1/s", "not counted");
            figures.put(
                    name + "launches by 1",
                    load.launches(1, Math.min(10, seconds)).perSecond(),
                    "1/s",
                    "not counted");
        }
        stack.drain();
    }

    /** A new account, with a key that exists, so that its signatures are verified. */
    private Key account() throws IOException, InterruptedException {
        String account = Long.toString(ThreadLocalRandom.current().nextLong(200_000_000_000L, 900_000_000_000L));
        return key(account);
    }

    private Key key(String account) throws IOException, InterruptedException {
        JsonNode made =
                rest.post(endpoint.resolve("/v1/access-keys"), account, "{}").json();
        return new Key(
                made.path("accessKeyId").asText(), made.path("secretAccessKey").asText());
    }

    private void launches(AwsLoad load, int clients) throws IOException, InterruptedException {
        String name = "RunInstances, " + clients + (clients == 1 ? " client" : " clients");
        Map<String, Double> before = processes.cpuMillis();
        Load done = load.launches(clients, seconds);
        Map<String, Double> meanwhile = processes.cpuMillis();
        rate(ours, name, done, clients == 1 ? "aim 400" : "aim 820");
        figures.put(name + ", backlog drained after", stack.drain(), "ms", "");
        cpu(name, before, meanwhile, processes.cpuMillis(), done.done());
    }

    private void rules(AwsLoad load) throws IOException, InterruptedException {
        String name = "AuthorizeSecurityGroupIngress, " + MANY + " clients";
        Map<String, Double> before = processes.cpuMillis();
        Load done = load.rules(MANY, seconds);
        Map<String, Double> meanwhile = processes.cpuMillis();
        rate(ours, name, done, "aim 1,000");
        stack.drain();
        cpu(name, before, meanwhile, processes.cpuMillis(), done.done());
    }

    private void rate(Map<String, List<Double>> of, String name, Load load, String aim) {
        figures.put(name, load.perSecond(), "1/s", aim);
        figures.latency(name, load.latencyMicros(), "");
        figures.put(
                name + ", errors",
                load.failed(),
                "",
                load.failed() == 0 ? "" : load.errors().toString());
        add(of, name + " [1/s]", load.perSecond());
        add(of, name + ", p50 [ms]", load.latencyMicros().getValueAtPercentile(50) / 1000.0);
    }

    /** What each process has used for each call: until the last answer, and with the backlog. */
    private void cpu(
            String name,
            Map<String, Double> before,
            Map<String, Double> meanwhile,
            Map<String, Double> after,
            long count) {
        double total = 0;
        double answered = 0;
        for (Map.Entry<String, Double> process : after.entrySet()) {
            double start = before.getOrDefault(process.getKey(), 0.0);
            double used = process.getValue() - start;
            total += used;
            answered += meanwhile.getOrDefault(process.getKey(), start) - start;
            figures.put("CPU for each, " + process.getKey(), used / Math.max(1, count), "ms", "");
        }
        figures.put("CPU for each, all, until the last answer", answered / Math.max(1, count), "ms", "");
        figures.put("CPU for each, all", total / Math.max(1, count), "ms", "backlog included");
        add(ours, name + ", CPU for each, backlog included [ms]", total / Math.max(1, count));
    }

    private void reads(AwsLoad load) throws IOException, InterruptedException {
        figures.heading("Endpoint, reads by one client, " + filled + " instances in the account");
        Filled account = load.fill(filled);
        stack.drain();
        load.byId(account, Math.min(5, seconds));
        load.byTag(account, Math.min(5, seconds));
        load.firstPage(account, Math.min(5, seconds));
        for (int round = 1; round <= rounds; round++) {
            int each = Math.min(10, seconds);
            read(ours, "DescribeInstances by id", load.byId(account, each), "aim 3");
            read(ours, "DescribeInstances by tag", load.byTag(account, each), "aim 5");
            read(ours, "DescribeInstances, first page of 100", load.firstPage(account, each), "aim 10");
        }
    }

    private void read(Map<String, List<Double>> of, String name, Load load, String aim) {
        figures.latency(name, load.latencyMicros(), aim);
        if (load.failed() > 0) {
            figures.put(name + ", errors", load.failed(), "", load.errors().toString());
        }
        add(of, name + ", p50 [ms]", load.latencyMicros().getValueAtPercentile(50) / 1000.0);
    }

    private void resets(AwsLoad unused) throws IOException, InterruptedException {
        figures.heading("Reset of one account");
        for (int instances : List.of(0, 10, 1_000, filled)) {
            for (int round = 1; round <= (instances < filled ? rounds : 1); round++) {
                String account =
                        Long.toString(ThreadLocalRandom.current().nextLong(200_000_000_000L, 900_000_000_000L));
                Key key = key(account);
                AwsLoad one = new AwsLoad(endpoint, () -> key);
                one.fill(instances);
                stack.drain();
                long begun = System.nanoTime();
                try (AwsConnection connection = new AwsConnection(endpoint, key)) {
                    AwsConnection.Answer answer = connection.post("/_cumulet/reset?account=" + account);
                    if (answer.status() != 204) {
                        throw new IOException("The reset answers " + answer.status() + " " + answer.body());
                    }
                }
                double millis = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun) / 1000.0;
                String name = "reset of an account with " + instances + " instances [ms]";
                figures.put(name.replace(" [ms]", ""), millis, "ms", "aim 500");
                add(ours, name, millis);
                stack.drain();
            }
        }
    }

    private void peerRates(MotoServer server) throws IOException, InterruptedException {
        AwsLoad load = new AwsLoad(server.url(), () -> MotoServer.KEY);
        load.launches(MANY, 2);
        server.reset();
        for (int clients : List.of(MANY, 1)) {
            String name = "RunInstances, " + clients + (clients == 1 ? " client" : " clients");
            rate(peers, name, load.launches(clients, seconds), "");
            server.reset();
        }
        rate(peers, "AuthorizeSecurityGroupIngress, " + MANY + " clients", load.rules(MANY, seconds), "");
    }

    private void peerReads(MotoServer server) throws IOException, InterruptedException {
        AwsLoad load = new AwsLoad(server.url(), () -> MotoServer.KEY);
        Filled account = load.fill(filled);
        for (int round = 1; round <= rounds; round++) {
            int each = Math.min(10, seconds);
            read(peers, "DescribeInstances by id", load.byId(account, each), "");
            read(peers, "DescribeInstances by tag", load.byTag(account, each), "");
            read(peers, "DescribeInstances, first page of 100", load.firstPage(account, each), "");
        }
    }

    private static void add(Map<String, List<Double>> to, String name, double value) {
        to.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }

    private void summary() {
        figures.heading("Medians of " + rounds + " rounds");
        ours.forEach((name, values) -> {
            figures.put(
                    "median, " + name.replaceAll(" \\[.*", ""), median(values), name.replaceAll(".*\\[|\\]", ""), "");
            List<Double> other = peers.get(name);
            if (other != null) {
                figures.put(
                        "  moto's server",
                        median(other),
                        name.replaceAll(".*\\[|\\]", ""),
                        String.format(java.util.Locale.ROOT, "ours / moto's: %.2f", median(values) / median(other)));
            }
        });
    }
}
