package io.cumulet.embedded;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Kafka and PostgreSQL from the images that docker-compose.yml takes, with settings like those of the embedded ones. */
final class ContainerPair {

    private static final String KAFKA = "apache/kafka:4.1.1";
    private static final String POSTGRES = "postgres:17";

    /** What it takes; the same versions as docker-compose.yml. */
    static final List<String> IMAGES = List.of(KAFKA, POSTGRES);

    /** Long enough for a slow line, short enough for a build whose line is dead. */
    private static final int PULL_SECONDS = 90;

    private ContainerPair() {}

    /** There can be no containers. */
    static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** Half a sentence: fits after a colon. */
        final String reason;

        Unavailable(String reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /**
     * Starts both and leaves them to Testcontainers, which removes them when the JVM ends.
     *
     * @throws Unavailable soon, if no engine answers or it can't get the images
     */
    @SuppressWarnings("resource") // closed by Testcontainers at the end of the JVM
    static TestPair start(String database) {
        requireEngineWithImages();
        KafkaContainer kafka = new KafkaContainer(DockerImageName.parse(KAFKA))
                // A topic that nobody declared is a typing error.
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                // Tests of a consumer that died don't want to wait for the usual minute.
                .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1");
        PostgreSQLContainer postgres = new PostgreSQLContainer(DockerImageName.parse(POSTGRES))
                .withUsername(EmbeddedDatabase.USER)
                .withPassword(EmbeddedDatabase.PASSWORD)
                .withDatabaseName(database)
                .withCommand("postgres", "-c", "max_connections=200", "-c", "jit=off", "-c", "timezone=UTC");
        List.of(kafka, postgres).forEach(ContainerPair::publishOnLoopback);
        try {
            Startables.deepStart(kafka, postgres).join();
        } catch (RuntimeException e) {
            kafka.stop();
            postgres.stop();
            throw e;
        }
        String bootstrapServers = kafka.getBootstrapServers().replaceFirst("^.*://", "");
        return new TestPair(
                bootstrapServers,
                "jdbc:postgresql://" + postgres.getHost() + ":"
                        + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT) + "/");
    }

    /** Testcontainers publishes on every address of the host; an engine on another machine can't be reached otherwise. */
    private static void publishOnLoopback(GenericContainer<?> container) {
        String engine = DockerClientFactory.instance().dockerHostIpAddress();
        if (!engine.equals("localhost") && !engine.equals("127.0.0.1")) {
            return;
        }
        container.withCreateContainerCmdModifier(command -> {
            List<PortBinding> bindings = new ArrayList<>();
            for (ExposedPort port : Objects.requireNonNullElse(command.getExposedPorts(), new ExposedPort[0])) {
                bindings.add(new PortBinding(Ports.Binding.bindIp("127.0.0.1"), port));
            }
            command.withHostConfig(Objects.requireNonNullElseGet(command.getHostConfig(), HostConfig::newHostConfig)
                    .withPortBindings(bindings));
        });
    }

    /**
     * Testcontainers itself tries for minutes to pull what can't be pulled, and prints a page where no engine is.
     */
    private static void requireEngineWithImages() {
        if (!mayHaveEngine() || !engineAnswers()) {
            throw new Unavailable("no container engine answers");
        }
        try (DockerClient engine = DockerClientProviderStrategy.getClientForConfig(
                DockerClientFactory.instance().getTransportConfig())) {
            // Testcontainers' helper, which removes containers if the JVM is killed. It would try for minutes to pull
            // it.
            if (!Boolean.parseBoolean(System.getenv("TESTCONTAINERS_RYUK_DISABLED")) && !hasRyuk(engine)) {
                throw new Unavailable("the container engine has no image testcontainers/ryuk; pull it, or set "
                        + "TESTCONTAINERS_RYUK_DISABLED=true");
            }
            for (String image : IMAGES) {
                if (!has(engine, image)) {
                    pull(engine, image);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it is worth asking: there is a socket, or somebody said where the engine is. */
    private static boolean mayHaveEngine() {
        String home = System.getProperty("user.home", "");
        return System.getenv("DOCKER_HOST") != null
                || Files.exists(Path.of(home, ".testcontainers.properties"))
                || Stream.of(
                                Path.of("/var/run/docker.sock"),
                                Path.of(home, ".docker", "run", "docker.sock"),
                                Path.of(home, ".docker", "desktop", "docker.sock"),
                                Path.of(home, ".rd", "docker.sock"))
                        .anyMatch(Files::exists);
    }

    /** Not by isDockerAvailable, which starts the helper. */
    private static boolean engineAnswers() {
        try {
            DockerClientFactory.instance().getTransportConfig();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static boolean hasRyuk(DockerClient engine) {
        return engine.listImagesCmd().exec().stream()
                .flatMap(image -> Arrays.stream(Objects.requireNonNullElse(image.getRepoTags(), new String[0])))
                .anyMatch(tag -> tag.contains("testcontainers/ryuk:"));
    }

    private static boolean has(DockerClient engine, String image) {
        try {
            engine.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static void pull(DockerClient engine, String image) {
        try {
            if (!engine.pullImageCmd(image).start().awaitCompletion(PULL_SECONDS, TimeUnit.SECONDS)) {
                throw new Unavailable("pulling " + image + " takes more than " + PULL_SECONDS + " s");
            }
        } catch (DockerException | com.github.dockerjava.api.exception.DockerClientException e) {
            throw new Unavailable("the container engine has no " + image + " and can't pull it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while pulling " + image);
        }
    }
}
