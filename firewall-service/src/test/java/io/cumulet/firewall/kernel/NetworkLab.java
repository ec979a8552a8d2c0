package io.cumulet.firewall.kernel;

import io.cumulet.firewall.RandomNetwork;
import io.cumulet.firewall.app.RulesetsHarness;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A host, instances and the world outside in network namespaces of this machine's kernel:
 *
 * <pre>
 *   instance 0 ──cml000000000001┐
 *   instance 1 ──cml000000000002┤ host (routes, has the ruleset) ──up0── outside
 *   …                           ┘
 * </pre>
 *
 * Namespaces have names of their own for each process, and go when it is closed.
 */
final class NetworkLab implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 20;

    private final String prefix = "cml" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36);
    private final Path scripts;
    private final int places;
    private final List<Process> running = new ArrayList<>();

    /** Why this machine can't have one; empty if it can. */
    static String whyNot() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return "network namespaces are Linux'";
        }
        for (List<String> command : List.of(
                List.of("nft", "--version"), List.of("ip", "-V"), List.of("perl", "-MSocket", "-e", "exit 0"))) {
            if (!succeeds(command)) {
                return "'" + String.join(" ", command) + "' fails";
            }
        }
        String name = "cml-probe-" + ProcessHandle.current().pid();
        if (!succeeds(List.of("ip", "netns", "add", name))) {
            return "network namespaces can't be made; it takes root";
        }
        boolean listed = succeeds(List.of("ip", "netns", "exec", name, "nft", "list", "ruleset"));
        succeeds(List.of("ip", "netns", "del", name));
        return listed ? "" : "nftables can't be used in a network namespace";
    }

    private static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    NetworkLab(int places) throws IOException {
        this.places = places;
        scripts = Files.createTempDirectory("cumulet-lab");
        for (String script : List.of("send.pl", "talk.pl")) {
            try (InputStream resource = NetworkLab.class.getResourceAsStream("/kernel/" + script)) {
                Files.write(
                        scripts.resolve(script),
                        Objects.requireNonNull(resource).readAllBytes());
            }
        }
        try {
            build();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    String host() {
        return prefix + "-host";
    }

    String outside() {
        return prefix + "-out";
    }

    String instance(int place) {
        return prefix + "-" + place;
    }

    private List<String> namespaces() {
        List<String> all = new ArrayList<>(List.of(host(), outside()));
        for (int place = 0; place < places; place++) {
            all.add(instance(place));
        }
        return all;
    }

    private void build() {
        for (String namespace : namespaces()) {
            run("", "ip", "netns", "add", namespace);
            // Before there are interfaces, so that they begin like this.
            in(
                    namespace,
                    "",
                    "sh",
                    "-c",
                    "cd /proc/sys/net; for f in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 1 > $f; done;"
                            + " for f in ipv4/conf/all/rp_filter ipv4/conf/default/rp_filter ipv6/conf/default/accept_dad"
                            + " ipv6/conf/default/router_solicitations ipv4/icmp_ratelimit; do echo 0 > $f; done;"
                            + " ip link set lo up");
        }
        for (int place = 0; place < places; place++) {
            plug(
                    RulesetsHarness.PORTS.name(RandomNetwork.interfaceId(place)),
                    instance(place),
                    place + 1,
                    RandomNetwork.addresses(place));
        }
        List<String> far = new ArrayList<>(RandomNetwork.OUTSIDE_IPV4);
        far.addAll(RandomNetwork.OUTSIDE_IPV6);
        plug("up0", outside(), 99, far);
    }

    /** A cable between the host and a namespace; neighbours are told of each other, so that nobody asks. */
    private void plug(String port, String namespace, int number, List<String> addresses) {
        String hostMac = "02:00:00:00:01:%02x".formatted(number);
        String ownMac = "02:00:00:00:02:%02x".formatted(number);
        run(
                "", "ip", "link", "add", port, "address", hostMac, "netns", host(), "type", "veth", "peer", "name",
                "eth0", "address", ownMac, "netns", namespace);
        StringBuilder own = new StringBuilder("link set eth0 up\n");
        StringBuilder hosts = new StringBuilder("link set " + port + " up\n");
        for (String address : addresses) {
            boolean six = address.contains(":");
            own.append("addr add ").append(address).append(six ? "/128" : "/32").append(" dev eth0\n");
            hosts.append("route add ")
                    .append(address)
                    .append(" dev ")
                    .append(port)
                    .append('\n');
            hosts.append("neigh replace ").append(address).append(" lladdr ").append(ownMac);
            hosts.append(" dev ").append(port).append(" nud permanent\n");
        }
        own.append("route add 169.254.1.1 dev eth0\nroute add default via 169.254.1.1 dev eth0\n");
        own.append("neigh replace 169.254.1.1 lladdr ").append(hostMac).append(" dev eth0 nud permanent\n");
        own.append("route add fe80::1 dev eth0\nroute add default via fe80::1 dev eth0\n");
        own.append("neigh replace fe80::1 lladdr ").append(hostMac).append(" dev eth0 nud permanent\n");
        run(own.toString(), "ip", "-n", namespace, "-batch", "-");
        run(hosts.toString(), "ip", "-n", host(), "-batch", "-");
    }

    /** Loads what a host is told, as one transaction. */
    void load(List<String> lines) {
        in(host(), String.join("\n", lines) + "\n", "nft", "-f", "-");
    }

    /** Runs a command in a namespace and answers what it says. */
    String in(String namespace, String input, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(Arrays.asList(command));
        return run(input, all.toArray(String[]::new));
    }

    /** Several {@code connect} or {@code ping} at once, and what becomes of each. */
    @SafeVarargs
    final List<String> talkAtOnce(String namespace, List<String>... asked) {
        return Stream.of(asked)
                .map(what -> CompletableFuture.supplyAsync(() -> talk(namespace, what), Thread::startVirtualThread))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private String talk(String namespace, List<String> what) {
        List<String> command =
                new ArrayList<>(List.of("perl", scripts.resolve("talk.pl").toString()));
        command.addAll(what);
        return in(namespace, "", command.toArray(String[]::new)).strip();
    }

    void listen(String namespace, String address, int port) {
        Conversation server = converse(
                namespace, "perl", scripts.resolve("talk.pl").toString(), "listen", address, Integer.toString(port));
        String said = server.read();
        if (!said.equals("listening")) {
            throw new IllegalStateException("Nobody listens: " + said);
        }
    }

    /** Somebody in a namespace who sends packets as they are told. */
    Conversation sender(String namespace) {
        return converse(namespace, "perl", scripts.resolve("send.pl").toString());
    }

    /** A process that is talked with, line by line. */
    record Conversation(Writer input, BufferedReader output) {

        void write(String line) {
            try {
                input.write(line + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String read() {
            try {
                input.flush();
                return String.valueOf(output.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Conversation converse(String namespace, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(Arrays.asList(command));
        try {
            Process process = new ProcessBuilder(all)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            running.add(process);
            return new Conversation(process.outputWriter(), process.inputReader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(String input, String... command) {
        try {
            Path output = Files.createTempFile("cumulet-lab", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                try (Writer writer = process.outputWriter()) {
                    writer.write(input);
                }
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("Took too long: " + String.join(" ", command));
                }
                String said = Files.readString(output, StandardCharsets.UTF_8);
                if (process.exitValue() != 0) {
                    throw new IllegalStateException(String.join(" ", command) + " failed: " + said + "\n" + input);
                }
                return said;
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (Process process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        // Cables go with their ends.
        namespaces().forEach(namespace -> succeeds(List.of("ip", "netns", "del", namespace)));
        for (String script : List.of("send.pl", "talk.pl")) {
            Files.deleteIfExists(scripts.resolve(script));
        }
        Files.deleteIfExists(scripts);
    }
}
