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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A local stack: one process with Kafka and PostgreSQL, and one for each service. Nobody watches over them; {@link #up}
 * starts whatever is missing, so it repairs a stack of which something was killed.
 */
public final class LocalStack {

    /** The name of the process with Kafka and PostgreSQL, and of its log. */
    public static final String INFRASTRUCTURE = "infrastructure";

    private static final Duration INFRASTRUCTURE_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration SERVICE_TIMEOUT = Duration.ofSeconds(300);
    /** Some seconds; at the end of a program's first run its class archive is written, and on a busy machine that takes long. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);

    /** How one process of the stack is. */
    public record PartStatus(String name, Optional<Long> pid, boolean ready, String address, Path log) {}

    /** A process of a service. */
    private record Part(Service service, DetachedProcess process, StackSettings.NamedPort port) {

        URI url() {
            return URI.create("http://127.0.0.1:" + port.port());
        }
    }

    private final StackSettings settings;
    private final Installation installation;
    private final ClassArchives archives;
    private final JavaCommands commands;
    private final DetachedProcess infrastructure;
    private final Map<Service, Part> services = new EnumMap<>(Service.class);
    private final Map<Service, Part> replicas = new EnumMap<>(Service.class);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    public LocalStack(StackSettings settings) {
        this.settings = settings;
        this.installation = new Installation(settings);
        this.archives = new ClassArchives(settings);
        this.commands = new JavaCommands(settings, archives);
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
            refuseHalfRestored();
            installation.checkBuilt();
            settings.save();
            upInfrastructure(progress);
            upServices(services.values(), progress);
        });
    }

    /**
     * Like {@link #up}, but waits only for what most calls of AWS clients need: launches, networks and groups. The other
     * services start behind them; a call that needs one too early is told that it is unavailable, which clients try again.
     */
    public void upForClients(Progress progress) {
        whileLocked(progress, () -> {
            refuseHalfRestored();
            installation.checkBuilt();
            settings.save();
            upInfrastructure(progress);
            upServices(Service.FOR_CLIENTS.stream().map(this::part).toList(), progress);
            startServices(services.values(), progress);
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
            awaitStop(infrastructure);
            EmbeddedDatabase.stopOrphan(settings.postgresData())
                    .ifPresent(pid -> progress.say("Stopped a PostgreSQL that was left behind (process " + pid + ")"));
        });
    }

    /**
     * Copies the data of a stack that is down: databases and topics of one moment, as they belong together.
     *
     * @param backup where there is nothing yet
     * @throws StackFailure if the stack runs, has no data, or something stands there
     */
    public void backUp(Path backup, Progress progress) {
        whileLocked(progress, () -> {
            requireDown("backed up");
            if (!Files.isDirectory(settings.data())) {
                throw new StackFailure("There is nothing to back up: " + settings.data() + " does not exist.");
            }
            if (Files.exists(backup)) {
                throw new StackFailure(backup + " exists already; a backup needs a name of its own.");
            }
            requireOutsideData(backup);
            // Its name comes last, so that a copy that was broken off is never taken for a backup.
            Path unfinished = backup.resolveSibling(backup.getFileName() + ".unfinished");
            Directories.delete(unfinished);
            createDirectories(Objects.requireNonNull(backup.toAbsolutePath().getParent()));
            Directories.copy(settings.data(), unfinished);
            Directories.move(unfinished, backup);
        });
    }

    /**
     * Puts a backup in the place of the stack's data; what was there is deleted once the backup is in its place.
     *
     * @throws StackFailure if the stack runs, or that is no backup
     */
    public void restore(Path backup, Progress progress) {
        whileLocked(progress, () -> {
            requireDown("restored");
            for (Path part : List.of(settings.kafkaData(), settings.postgresData())) {
                Path copy = backup.resolve(settings.data().relativize(part));
                if (!Files.isDirectory(copy)) {
                    throw new StackFailure(backup + " is no backup of a stack: " + copy + " is missing.");
                }
            }
            requireOutsideData(backup);
            Path fresh = settings.home().resolve("data.restored");
            Directories.delete(fresh);
            Directories.delete(replacedData());
            Directories.copy(backup, fresh);
            if (Files.exists(settings.data())) {
                Directories.move(settings.data(), replacedData());
            }
            Directories.move(fresh, settings.data());
            Directories.delete(replacedData());
        });
    }

    private Path replacedData() {
        return settings.home().resolve("data.replaced");
    }

    /** Broken off between the two moves, a restore would be followed by a stack that is empty without a word. */
    private void refuseHalfRestored() {
        if (!Files.exists(settings.data()) && Files.exists(replacedData())) {
            throw new StackFailure("A restore was broken off: run ./cumulet restore again. The data of before is in "
                    + replacedData() + ".");
        }
    }

    private void requireOutsideData(Path backup) {
        if (backup.toAbsolutePath().normalize().startsWith(settings.data())) {
            throw new StackFailure("A backup can't lie within the data of the stack: " + backup);
        }
    }

    private void requireDown(String what) {
        if (runsAtAll() || EmbeddedDatabase.runningOn(settings.postgresData()).isPresent()) {
            throw new StackFailure("Only a stack that is down can be " + what + ": ./cumulet down");
        }
    }

    private void stop(List<DetachedProcess> processes, Progress progress) {
        for (DetachedProcess process : processes) {
            if (process.askToStop()) {
                progress.say("Stopping " + process.name());
            }
        }
        processes.forEach(this::awaitStop);
    }

    private void awaitStop(DetachedProcess process) {
        if (!process.awaitStop(STOP_TIMEOUT)) {
            // Perhaps it was killed while it wrote its archive.
            archives.forget(process.name());
        }
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
            infrastructure.start(commands.infrastructure(infrastructure, installation.installSelf(INFRASTRUCTURE)));
        }
        long start = System.nanoTime();
        new Waiting(
                        INFRASTRUCTURE_TIMEOUT,
                        progress,
                        process -> isInfrastructureReady(),
                        process -> progress.say("  Kafka and PostgreSQL are ready" + Waiting.seconds(start)),
                        process -> false)
                .awaitAll(List.of(infrastructure));
    }

    private boolean isInfrastructureReady() {
        return infrastructure.running().isPresent()
                && Files.exists(Infrastructure.readyFile(settings))
                && EmbeddedDatabase.runningOn(settings.postgresData()).isPresent();
    }

    private void upServices(Collection<Part> wanted, Progress progress) {
        long start = System.nanoTime();
        Map<DetachedProcess, Part> waitFor = startServices(wanted, progress);
        Set<Part> again = new HashSet<>();
        new Waiting(
                        SERVICE_TIMEOUT,
                        progress,
                        process -> isReady(Objects.requireNonNull(waitFor.get(process))),
                        process -> progress.say("  " + process.name() + " is ready" + Waiting.seconds(start)),
                        process -> startAgain(Objects.requireNonNull(waitFor.get(process)), again, progress))
                .awaitAll(List.copyOf(waitFor.keySet()));
    }

    /** Starts those that don't run, or that there is a newer build of. Answers those that aren't ready yet. */
    private Map<DetachedProcess, Part> startServices(Collection<Part> wanted, Progress progress) {
        Map<DetachedProcess, Part> notReady = new LinkedHashMap<>();
        Map<Part, Path> built = new LinkedHashMap<>();
        for (Part part : wanted) {
            DetachedProcess process = part.process();
            if (isOlderThanItsJar(part)) {
                progress.say("A newer build of the " + part.service().module() + " is there: restarting it");
                process.askToStop();
                awaitStop(process);
            }
            if (process.running().isEmpty()) {
                requireFree(part.port());
                built.put(part, install(part));
            }
            if (!isReady(part)) {
                notReady.put(process, part);
            }
        }
        built.forEach((part, jar) -> {
            progress.say("Starting the " + part.service().module() + " ("
                    + part.port().port() + ")");
            start(part, jar);
        });
        return notReady;
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
        start(part, install(part));
        return true;
    }

    private Path install(Part part) {
        return installation.install(part.service(), part.process().name());
    }

    private void start(Part part, Path jar) {
        part.process()
                .start(commands.service(
                        part.service(), part.process(), part.port().port(), jar));
    }

    private boolean isOlderThanItsJar(Part part) {
        return part.process()
                .startedAt()
                .map(installation.builtAt(part.service())::isAfter)
                .orElse(false);
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
}
