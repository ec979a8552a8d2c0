package io.cumulet.localstack;

import io.cumulet.embedded.EmbeddedDatabase;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The command lines of the stack's processes. */
final class JavaCommands {

    /** More options for the JVMs of the stack; they win over ours. */
    private static final String JAVA_OPTIONS_VARIABLE = "CUMULET_JAVA_OPTIONS";

    private final StackSettings settings;
    private final ClassArchives archives;

    JavaCommands(StackSettings settings, ClassArchives archives) {
        this.settings = settings;
        this.archives = archives;
    }

    /** Kafka and PostgreSQL. */
    List<String> infrastructure(DetachedProcess process, List<Path> classPath) {
        List<String> command = java(process, process.name(), "-Xmx320m");
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS",
                "-cp",
                classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                Infrastructure.class.getName(),
                settings.project().toString(),
                settings.home().toString(),
                Integer.toString(settings.kafkaPort()),
                Integer.toString(settings.kafkaControllerPort()),
                Integer.toString(settings.postgresPort())));
        return command;
    }

    /** A process of a service that listens on this port. */
    List<String> service(Service service, DetachedProcess process, int port, Path jar) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.port", Integer.toString(port));
        properties.put("kafka.bootstrap.servers", settings.bootstrapServers());
        properties.put("quarkus.datasource.jdbc.url", settings.jdbcUrl(service));
        properties.put("quarkus.datasource.username", EmbeddedDatabase.USER);
        properties.put("quarkus.datasource.password", EmbeddedDatabase.PASSWORD);
        properties.put("cumulet.clock.mode", "stack");
        properties.put("cumulet.auth.mode", "local");
        properties.put("cumulet.suite.urls", settings.suiteUrls());
        // Second processes ask each other, so that they go on without the first.
        StackSettings peers = port == settings.url(service).getPort() ? settings : settings.seenFromReplicas();
        for (Service asked : asked(service)) {
            properties.put(
                    "cumulet." + asked.serviceName() + ".url", peers.url(asked).toString());
        }
        if (service == Service.ENDPOINT) {
            properties.put(
                    "smallrye.config.locations",
                    EndpointSecrets.file(settings.data()).toUri().toString());
        }
        // Who tries something out may launch any type anywhere.
        properties.put("cumulet.fleet.at-first-use.hosts", "4");
        properties.put("cumulet.fleet.at-first-use.size", "12");
        properties.putAll(settings.serviceSettings());
        List<String> command = new ArrayList<>(niceness(service));
        command.addAll(java(process, service.serviceName(), "-Xmx384m"));
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }

    /**
     * What is behind the topics goes after what somebody waits for: where a machine has too few processors for both, events
     * wait in Kafka and are caught up with later.
     */
    private static List<String> niceness(Service service) {
        return switch (service) {
            case BILLING, SPOT_MARKET -> List.of("nice", "-n", "10");
            // It is asked for groups and rules, too.
            case FIREWALL -> List.of("nice", "-n", "5");
            case INSTANCES, ENDPOINT -> List.of();
        };
    }

    /** Whom a service calls over REST. */
    private static Set<Service> asked(Service service) {
        return switch (service) {
            case INSTANCES -> Set.of(Service.FIREWALL, Service.SPOT_MARKET);
            case BILLING -> Set.of();
            case FIREWALL, SPOT_MARKET -> Set.of(Service.INSTANCES);
            case ENDPOINT -> Set.of(Service.INSTANCES, Service.BILLING, Service.FIREWALL, Service.SPOT_MARKET);
        };
    }

    /** The JVM's options: quick to start and small, for a laptop that runs five of them. */
    private List<String> java(DetachedProcess process, String program, String heap) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                process.mark(),
                // Else the first heap is a 64th of the machine's memory, and its young part is soon touched whole.
                "-Xms64m",
                heap,
                "-XX:+UseSerialGC",
                // Half the heap for what is young: a batch of 2,000 events is garbage as soon as it is applied, and a
                // third
                // of the heap is full twice as often, in the middle of one.
                "-XX:NewRatio=1",
                // On two cores the optimising compilers of five young JVMs take more than they give back for many
                // minutes: 204 launches/s instead of 656 in 20 s right after the start, with one client 30 instead of
                // 57 to 96.
                "-XX:TieredStopAtLevel=1",
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError"));
        if (Runtime.version().feature() >= 24) {
            // Kafka and Netty reach below Java; the JVM's warnings about it would only fill the logs.
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(archives.options(program, process));
        String more = System.getenv(JAVA_OPTIONS_VARIABLE);
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        return command;
    }
}
