package io.cumulet.localstack;

import io.cumulet.embedded.Ports;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a local stack lives and listens.
 *
 * @param project the checkout with the built modules
 * @param home all that the stack writes: data, logs, process ids
 * @param kafkaControllerPort only the broker itself connects there
 * @param replicaPorts of the services that may have a second process beside the first: where it listens
 * @param serviceSettings what every service is told besides, by the names of its settings
 */
public record StackSettings(
        Path project,
        Path home,
        int kafkaPort,
        int kafkaControllerPort,
        int postgresPort,
        Map<Service, Integer> servicePorts,
        Map<Service, Integer> replicaPorts,
        Map<String, String> serviceSettings) {

    static final String HOME_VARIABLE = "CUMULET_HOME";
    static final String KAFKA_VARIABLE = "CUMULET_KAFKA_PORT";
    static final String KAFKA_CONTROLLER_VARIABLE = "CUMULET_KAFKA_CONTROLLER_PORT";
    static final String POSTGRES_VARIABLE = "CUMULET_POSTGRES_PORT";

    private static final int KAFKA_PORT = 9092;
    private static final int KAFKA_CONTROLLER_PORT = 19092;
    private static final int POSTGRES_PORT = 15432;

    /** A port of the stack, what listens there, and the environment variable that moves it. */
    public record NamedPort(int port, String user, String variable) {}

    public StackSettings {
        servicePorts = Map.copyOf(servicePorts);
        replicaPorts = Map.copyOf(replicaPorts);
        serviceSettings = Map.copyOf(serviceSettings);
    }

    /** The settings people give by environment variables; what they don't set has its usual value. */
    public static StackSettings of(Path project, Map<String, String> environment) {
        Map<Service, Integer> servicePorts = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            servicePorts.put(service, port(environment, service.portVariable(), service.defaultPort()));
        }
        String home = environment.get(HOME_VARIABLE);
        return new StackSettings(
                project.toAbsolutePath().normalize(),
                (home == null || home.isBlank() ? project.resolve(".cumulet") : Path.of(home))
                        .toAbsolutePath()
                        .normalize(),
                port(environment, KAFKA_VARIABLE, KAFKA_PORT),
                port(environment, KAFKA_CONTROLLER_VARIABLE, KAFKA_CONTROLLER_PORT),
                port(environment, POSTGRES_VARIABLE, POSTGRES_PORT),
                servicePorts,
                Map.of(),
                Map.of());
    }

    /** A stack beside any other, for tests; every service may have a second process. */
    public static StackSettings onFreePorts(Path project, Path home) {
        Map<Service, Integer> servicePorts = new EnumMap<>(Service.class);
        Map<Service, Integer> replicaPorts = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            servicePorts.put(service, Ports.free());
            replicaPorts.put(service, Ports.free());
        }
        return new StackSettings(
                project.toAbsolutePath().normalize(),
                home.toAbsolutePath().normalize(),
                Ports.free(),
                Ports.free(),
                Ports.free(),
                servicePorts,
                replicaPorts,
                Map.of());
    }

    /** The same stack, whose services are told this besides. */
    public StackSettings withServiceSettings(Map<String, String> settings) {
        return new StackSettings(
                project, home, kafkaPort, kafkaControllerPort, postgresPort, servicePorts, replicaPorts, settings);
    }

    /** The same stack as callers see it who talk to the second processes where there are some. */
    public StackSettings seenFromReplicas() {
        Map<Service, Integer> ports = new EnumMap<>(servicePorts);
        ports.putAll(replicaPorts);
        return new StackSettings(
                project, home, kafkaPort, kafkaControllerPort, postgresPort, ports, Map.of(), serviceSettings);
    }

    private static int port(Map<String, String> environment, String variable, int usual) {
        String value = environment.get(variable);
        if (value == null || value.isBlank()) {
            return usual;
        }
        try {
            int port = Integer.parseInt(value.strip());
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is no port.
        }
        throw new StackFailure(variable + " must be a port from 1 to 65535, not \"" + value + "\".");
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    public String jdbcUrl(Service service) {
        return "jdbc:postgresql://127.0.0.1:" + postgresPort + "/" + service.database();
    }

    public int port(Service service) {
        return servicePorts.getOrDefault(service, service.defaultPort());
    }

    public URI url(Service service) {
        return URI.create("http://127.0.0.1:" + port(service));
    }

    /** Whom the clock's barrier asks: services separated by commas, the processes of one by bars. */
    String suiteUrls() {
        return Stream.of(Service.values())
                .map(service -> url(service)
                        + (replicaPorts.containsKey(service)
                                ? "|" + seenFromReplicas().url(service)
                                : ""))
                .collect(Collectors.joining(","));
    }

    Path data() {
        return home.resolve("data");
    }

    Path logs() {
        return home.resolve("logs");
    }

    Path run() {
        return home.resolve("run");
    }

    Path kafkaData() {
        return data().resolve("kafka");
    }

    /** The data directory of PostgreSQL. */
    public Path postgresData() {
        return data().resolve("postgres");
    }

    /** The ports of Kafka and PostgreSQL. */
    List<NamedPort> infrastructurePorts() {
        return List.of(
                new NamedPort(kafkaPort, "Kafka", KAFKA_VARIABLE),
                new NamedPort(kafkaControllerPort, "Kafka's controller", KAFKA_CONTROLLER_VARIABLE),
                new NamedPort(postgresPort, "PostgreSQL", POSTGRES_VARIABLE));
    }

    NamedPort namedPort(Service service) {
        return new NamedPort(port(service), "the " + service.module(), service.portVariable());
    }

    List<NamedPort> allPorts() {
        List<NamedPort> all = new ArrayList<>(infrastructurePorts());
        for (Service service : Service.values()) {
            all.add(namedPort(service));
        }
        return all;
    }

    /** Notes the ports of the stack that is being started, so that later commands find it without the same environment. */
    void save() {
        Properties ports = new Properties();
        for (NamedPort port : allPorts()) {
            ports.setProperty(port.variable(), Integer.toString(port.port()));
        }
        try {
            Files.createDirectories(run());
            try (Writer out = Files.newBufferedWriter(savedPorts(home))) {
                ports.store(out, "Ports of the running stack");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The ports the stack in this home was last started with. */
    Optional<StackSettings> saved() {
        if (!Files.exists(savedPorts(home))) {
            return Optional.empty();
        }
        Properties ports = new Properties();
        try (Reader in = Files.newBufferedReader(savedPorts(home))) {
            ports.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> environment =
                ports.stringPropertyNames().stream().collect(Collectors.toMap(name -> name, ports::getProperty));
        environment.put(HOME_VARIABLE, home.toString());
        return Optional.of(of(project, environment));
    }

    private static Path savedPorts(Path home) {
        return home.resolve("run").resolve("ports.properties");
    }
}
