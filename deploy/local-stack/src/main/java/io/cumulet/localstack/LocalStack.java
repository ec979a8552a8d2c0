package io.cumulet.localstack;

import io.cumulet.embedded.Directories;
import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.embedded.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A local stack: one process with Kafka and PostgreSQL, and one for each service. Nobody watches over them; {@link #up}
 * starts whatever is missing, so it repairs a stack of which something was killed.
 */
public final class LocalStack {

    /** The name of the process with Kafka and PostgreSQL, and of its log. */
    public static final String INFRASTRUCTURE = "infrastructure";

    /** More options for the JVMs of the stack; they win over ours. */
    private static final String JAVA_OPTIONS_VARIABLE = "CUMULET_JAVA_OPTIONS";

    private static final Duration INFRASTRUCTURE_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration SERVICE_TIMEOUT = Duration.ofSeconds(180);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration REMINDER = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 100;

    /** How one process of the stack is. */
    public record PartStatus(String name, Optional<Long> pid, boolean ready, String address, Path log) {}

    /** A process of a service. */
    private record Part(Service service, DetachedProcess process, StackSettings.NamedPort port) {

        URI url() {
            return URI.create("http://127.0.0.1:" + port.port());
        }
    }

    private final StackSettings settings;
    private final DetachedProcess infrastructure;
    private final Map<Service, Part> services = new EnumMap<>(Service.class);
    private final Map<Service, Part> replicas = new EnumMap<>(Service.class);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    public LocalStack(StackSettings settings) {
        this.settings = settings;
        this.infrastructure = new DetachedProcess(INFRASTRUCTURE, settings);
        for (Service service : Service.values()) {
            services.put(
                    service,
                    new Part(
                            service,
                            new DetachedProcess(service.serviceName(), settings),
                            settings.namedPort(service)));
        }
        settings.replicaPorts()
                .forEach((service, port) -> replicas.put(
                        service,
                        new Part(
                                service,
                                new DetachedProcess(service.serviceName() + "-2", settings),
                                settings.seenFromReplicas().namedPort(service))));
    }

    /** The stack of a home: with the ports it runs on, if it runs, else with those asked for. */
    public static LocalStack find(StackSettings asked) {
        LocalStack stack = new LocalStack(asked);
        return stack.runsAtAll() ? asked.saved().map(LocalStack::new).orElse(stack) : stack;
    }

    public StackSettings settings() {
        return settings;
    }

    /** Whether any process of the stack runs. */
    public boolean runsAtAll() {
        return infrastructure.running().isPresent()
                || parts().anyMatch(part -> part.process().running().isPresent());
    }

    public DetachedProcess process(Service service) {
        return part(service).process();
    }

    /**
     * The second process of a service, beside the first on the same database and broker.
     *
     * @throws IllegalArgumentException if the settings give it no port
     */
    public DetachedProcess replica(Service service) {
        return replicaPart(service).process();
    }

    private Part part(Service service) {
        return Objects.requireNonNull(services.get(service));
    }

    private Part replicaPart(Service service) {
        Part part = replicas.get(service);
        if (part == null) {
            throw new IllegalArgumentException("There is no port for a second process of " + service);
        }
        return part;
    }

    /** The processes of all services, first ones and replicas. */
    private Stream<Part> parts() {
        return Stream.concat(services.values().stream(), replicas.values().stream());
    }

    /** The process with Kafka and PostgreSQL. */
    public DetachedProcess infrastructure() {
        return infrastructure;
    }

    /**
     * Starts what does not run yet and waits until all of it is ready. Two at once are fine: the second waits for the
     * first and finds nothing left to do.
     *
     * @throws StackFailure if it does not come up; says which log to read
     */
    public void up(Progress progress) {
        whileLocked(progress, () -> {
            checkBuilt();
            settings.save();
            upInfrastructure(progress);
            upServices(services.values(), progress);
        });
    }

    /** Starts a second process of each of these services unless it runs; the rest of the stack is up. */
    public void upReplicas(Collection<Service> ofServices, Progress progress) {
        whileLocked(
                progress,
                () -> upServices(ofServices.stream().map(this::replicaPart).toList(), progress));
    }

    /** Stops all second processes. */
    public void downReplicas(Progress progress) {
        whileLocked(
                progress,
                () -> stop(replicas.values().stream().map(Part::process).toList(), progress));
    }

    /** Stops everything; data stays. */
    public void down(Progress progress) {
        whileLocked(progress, () -> {
            stop(parts().map(Part::process).toList(), progress);
            if (infrastructure.askToStop()) {
                progress.say("Stopping Kafka and PostgreSQL");
            }
            infrastructure.awaitStop(STOP_TIMEOUT);
            EmbeddedDatabase.stopOrphan(settings.postgresData())
                    .ifPresent(pid -> progress.say("Stopped a PostgreSQL that was left behind (process " + pid + ")"));
        });
    }

    private static void stop(List<DetachedProcess> processes, Progress progress) {
        for (DetachedProcess process : processes) {
            if (process.askToStop()) {
                progress.say("Stopping " + process.name());
            }
        }
        processes.forEach(process -> process.awaitStop(STOP_TIMEOUT));
    }

    /** Infrastructure first, then the services. */
    public List<PartStatus> status() {
        List<PartStatus> parts = new ArrayList<>();
        parts.add(new PartStatus(
                INFRASTRUCTURE,
                infrastructure.running().map(ProcessHandle::pid),
                isInfrastructureReady(),
                "Kafka " + settings.bootstrapServers() + ", PostgreSQL 127.0.0.1:" + settings.postgresPort(),
                infrastructure.log()));
        for (Service service : Service.values()) {
            parts.add(new PartStatus(
                    service.serviceName(),
                    process(service).running().map(ProcessHandle::pid),
                    isReady(service),
                    settings.url(service).toString(),
                    process(service).log()));
        }
        return parts;
    }

    /** Whether a service says that it is ready for work. */
    public boolean isReady(Service service) {
        return isReady(part(service));
    }

    private boolean isReady(Part part) {
        return part.process().running().isPresent() && answersOk(part.url().resolve("/q/health/ready"));
    }

    private void upInfrastructure(Progress progress) {
        if (infrastructure.running().isEmpty()) {
            EmbeddedDatabase.stopOrphan(settings.postgresData())
                    .ifPresent(pid -> progress.say("Stopped a PostgreSQL that was left behind (process " + pid + ")"));
            settings.infrastructurePorts().forEach(LocalStack::requireFree);
            delete(Infrastructure.readyFile(settings));
            progress.say(
                    "Starting Kafka (" + settings.kafkaPort() + ") and PostgreSQL (" + settings.postgresPort() + ")");
            infrastructure.start(infrastructureCommand());
        }
        long start = System.nanoTime();
        await(
                List.of(infrastructure),
                INFRASTRUCTURE_TIMEOUT,
                progress,
                name -> isInfrastructureReady(),
                name -> progress.say("  Kafka and PostgreSQL are ready" + seconds(start)),
                name -> false);
    }

    private boolean isInfrastructureReady() {
        return infrastructure.running().isPresent()
                && Files.exists(Infrastructure.readyFile(settings))
                && EmbeddedDatabase.runningOn(settings.postgresData()).isPresent();
    }

    private void upServices(Collection<Part> wanted, Progress progress) {
        Map<DetachedProcess, Part> waitFor = new LinkedHashMap<>();
        Map<Part, Path> built = new LinkedHashMap<>();
        Set<Part> again = new HashSet<>();
        for (Part part : wanted) {
            DetachedProcess process = part.process();
            if (isOlderThanItsJar(part)) {
                progress.say("A newer build of the " + part.service().module() + " is there: restarting it");
                process.askToStop();
                process.awaitStop(STOP_TIMEOUT);
            }
            if (process.running().isEmpty()) {
                requireFree(part.port());
                built.put(part, installed(part));
            }
            if (!isReady(part)) {
                waitFor.put(process, part);
            }
        }
        long start = System.nanoTime();
        built.forEach((part, jar) -> {
            progress.say("Starting the " + part.service().module() + " ("
                    + part.port().port() + ")");
            part.process().start(serviceCommand(part, jar));
        });
        await(
                List.copyOf(waitFor.keySet()),
                SERVICE_TIMEOUT,
                progress,
                process -> isReady(Objects.requireNonNull(waitFor.get(process))),
                process -> progress.say("  " + process.name() + " is ready" + seconds(start)),
                process -> startAgain(Objects.requireNonNull(waitFor.get(process)), again, progress));
    }

    /** Once: it may have been on its way out when we looked, or have lost a database that came back since. */
    private boolean startAgain(Part part, Set<Part> again, Progress progress) {
        if (!Ports.isFree(part.port().port())) {
            // It is there after all, or not gone yet; what the system says of a process can be late on a busy machine.
            return true;
        }
        if (!again.add(part)) {
            return false;
        }
        progress.say("  " + part.process().name() + " has ended; starting it again");
        part.process().start(serviceCommand(part, installed(part)));
        return true;
    }

    private boolean isOlderThanItsJar(Part part) {
        try {
            Instant built = Files.getLastModifiedTime(runner(part.service())).toInstant();
            return part.process().startedAt().map(built::isAfter).orElse(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at the processes until each is ready, one of them dies and isn't started again, or time is up. */
    private void await(
            List<DetachedProcess> processes,
            Duration patience,
            Progress progress,
            java.util.function.Predicate<DetachedProcess> isReady,
            java.util.function.Consumer<DetachedProcess> onReady,
            java.util.function.Predicate<DetachedProcess> startedAgain) {
        List<DetachedProcess> missing = new ArrayList<>(processes);
        long start = System.nanoTime();
        long reminded = start;
        while (!missing.isEmpty()) {
            for (DetachedProcess process : List.copyOf(missing)) {
                if (isReady.test(process)) {
                    missing.remove(process);
                    onReady.accept(process);
                } else if (process.running().isEmpty() && !startedAgain.test(process)) {
                    throw new StackFailure(process.name() + " ended while it was starting. The end of its log:\n\n"
                            + indented(process.lastLines(25)) + "\n\nAll of it: " + process.log()
                            + "\nOnce the cause is gone, ./cumulet up goes on from here.");
                }
            }
            long now = System.nanoTime();
            if (now - start > patience.toNanos() && !missing.isEmpty()) {
                DetachedProcess slow = missing.getFirst();
                throw new StackFailure(slow.name() + " is not ready after " + patience.toSeconds()
                        + " s. Its log says why: " + slow.log()
                        + "\nIf the machine is only slow, ./cumulet up waits on; else ./cumulet down, then up.");
            }
            if (now - reminded > REMINDER.toNanos() && !missing.isEmpty()) {
                reminded = now;
                progress.say("  still waiting for "
                        + String.join(
                                ", ",
                                missing.stream().map(DetachedProcess::name).toList())
                        + " (" + TimeUnit.NANOSECONDS.toSeconds(now - start) + " s)");
            }
            if (!missing.isEmpty()) {
                pause();
            }
        }
    }

    private boolean answersOk(URI uri) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while waiting for " + uri, e);
        }
    }

    private static void requireFree(StackSettings.NamedPort port) {
        if (!Ports.isFree(port.port())) {
            throw new StackFailure("Port " + port.port() + " for " + port.user() + " is taken"
                    + PortOwner.of(port.port()).map(owner -> " by " + owner).orElse("")
                    + ". Stop that program, or choose another port: " + port.variable() + "="
                    + (port.port() < 50_000 ? port.port() + 10_000 : port.port() - 10_000)
                    + " ./cumulet up");
        }
    }

    private List<String> infrastructureCommand() {
        Path classPath = settings.home().resolve("app").resolve(INFRASTRUCTURE);
        mirror(ownLibraries(), classPath);
        List<String> command = new ArrayList<>(java(infrastructure, "-Xmx320m"));
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS",
                "-cp",
                // Jars, or classes where the program runs from a build's directories.
                classPath + java.io.File.pathSeparator + classPath + "/*",
                Infrastructure.class.getName(),
                settings.project().toString(),
                settings.home().toString(),
                Integer.toString(settings.kafkaPort()),
                Integer.toString(settings.kafkaControllerPort()),
                Integer.toString(settings.postgresPort())));
        return command;
    }

    private List<String> serviceCommand(Part part, Path jar) {
        Service service = part.service();
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("quarkus.http.host", "127.0.0.1");
        properties.put("quarkus.http.port", Integer.toString(part.port().port()));
        properties.put("kafka.bootstrap.servers", settings.bootstrapServers());
        properties.put("quarkus.datasource.jdbc.url", settings.jdbcUrl(service));
        properties.put("quarkus.datasource.username", EmbeddedDatabase.USER);
        properties.put("quarkus.datasource.password", EmbeddedDatabase.PASSWORD);
        properties.put("cumulet.clock.mode", "stack");
        properties.put("cumulet.auth.mode", "local");
        properties.put("cumulet.suite.urls", settings.suiteUrls());
        if (service == Service.INSTANCES) {
            properties.put(
                    "cumulet.firewall.url", settings.url(Service.FIREWALL).toString());
        }
        properties.putAll(settings.serviceSettings());
        List<String> command = new ArrayList<>(java(part.process(), "-Xmx384m"));
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-jar");
        command.add(jar.toString());
        return command;
    }

    /** The JVM's options: quick to start and small, for a laptop that runs five of them. */
    private List<String> java(DetachedProcess process, String heap) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                process.mark(),
                // Else the first heap is a 64th of the machine's memory, and its young part is soon touched whole.
                "-Xms64m",
                heap,
                "-XX:+UseSerialGC",
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
        if (Runtime.version().feature() >= 19) {
            Path archives = settings.home().resolve("cds");
            createDirectories(archives);
            command.add("-XX:+AutoCreateSharedArchive");
            // It warns of every class that it leaves out of the archive.
            command.add("-Xlog:cds=off");
            command.add("-XX:SharedArchiveFile=" + archives.resolve(process.name() + ".jsa"));
        }
        String more = System.getenv(JAVA_OPTIONS_VARIABLE);
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        return command;
    }

    private Path runner(Service service) {
        return settings.project()
                .resolve(service.module())
                .resolve("target")
                .resolve("quarkus-app")
                .resolve("quarkus-run.jar");
    }

    private void checkBuilt() {
        for (Service service : Service.values()) {
            if (!Files.exists(runner(service))) {
                throw new StackFailure("The " + service.module() + " is not built: " + runner(service)
                        + " is missing. Build with: mvn -DskipTests package");
            }
        }
    }

    /** What a service runs from: not the build's own output, which the next build replaces under its feet. */
    private Path installed(Part part) {
        Path target = settings.home().resolve("app").resolve(part.process().name());
        mirror(List.of(runner(part.service()).getParent()), target);
        return target.resolve("quarkus-run.jar");
    }

    /** Where this program's own classes and libraries are. */
    private static List<Path> ownLibraries() {
        List<Path> libraries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                libraries.add(Path.of(entry));
            }
        }
        return libraries;
    }

    /** Fills a directory with the files (or the content of the directories) given; hard links cost neither time nor space. */
    private static void mirror(List<Path> sources, Path target) {
        Directories.delete(target);
        createDirectories(target);
        try {
            for (Path source : sources) {
                if (Files.isRegularFile(source)) {
                    link(source, target.resolve(source.getFileName()));
                } else if (Files.isDirectory(source)) {
                    mirrorDirectory(source, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mirrorDirectory(Path source, Path target) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(target.resolve(source.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                link(file, target.resolve(source.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void link(Path file, Path target) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        try {
            Files.createLink(target, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** One command at a time changes which processes run. */
    private void whileLocked(Progress progress, Runnable work) {
        createDirectories(settings.home());
        try (FileChannel file = FileChannel.open(
                settings.home().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            @Nullable FileLock lock = file.tryLock();
            if (lock == null) {
                progress.say("Another ./cumulet is starting or stopping this stack; waiting for it");
                lock = file.lock();
            }
            try {
                work.run();
            } finally {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createDirectories(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StackFailure("Interrupted while waiting for the stack", e);
        }
    }

    private static String seconds(long since) {
        return String.format(Locale.ROOT, " (%.1f s)", (System.nanoTime() - since) / 1e9);
    }

    private static String indented(String text) {
        return "    " + text.replace("\n", "\n    ");
    }
}
