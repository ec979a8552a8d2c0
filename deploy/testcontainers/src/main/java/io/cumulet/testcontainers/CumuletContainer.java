package io.cumulet.testcontainers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startable;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * The whole of Cumulet for a test: its four services with a Kafka and a PostgreSQL of their own, on one network.
 *
 * <pre>
 *   &#64;Container
 *   static final CumuletContainer cumulet = new CumuletContainer();
 *
 *   cumulet.endpointUrl()        // http://127.0.0.1:49155, for AWS clients; a key id of 12 digits is the account
 *   cumulet.instancesUrl()       // http://127.0.0.1:49154
 *   cumulet.bootstrapServers()   // 127.0.0.1:49153
 * </pre>
 *
 * The services' images are those that {@code ./cumulet images} builds; {@link #obstacle()} says whether they are there,
 * so that a test can be skipped. Nobody needs credentials, so all ports are published on loopback alone: the engine
 * must run on the machine of the test. The clock is the stack's: {@code POST /v1/clock} moves it.
 */
public final class CumuletContainer implements Startable {

    private static final String KAFKA = "apache/kafka:4.1.1";
    private static final String POSTGRES = "postgres:17";

    /** The same versions as in docker-compose.yml. */
    static final List<String> IMAGES_OF_OTHERS = List.of(KAFKA, POSTGRES);

    /** Five JVMs at once on a machine with two cores. */
    private static final Duration STARTUP = Duration.ofMinutes(4);

    private enum Service {
        INSTANCES("instance-service", 8081, "instances"),
        BILLING("billing-service", 8082, "billing"),
        FIREWALL("firewall-service", 8083, "firewall"),
        SPOT_MARKET("spot-market-service", 8084, "spotmarket"),
        ENDPOINT("aws-endpoint", 8080, "endpoint");

        private final String module;
        private final int port;
        private final String database;

        Service(String module, int port, String database) {
            this.module = module;
            this.port = port;
            this.database = database;
        }

        private String url() {
            return "http://" + module + ":" + port;
        }

        private String image(String tag) {
            return "cumulet/" + module + ":" + tag;
        }
    }

    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<Service, GenericContainer<?>> services = new EnumMap<>(Service.class);
    private String tag = "latest";
    private @Nullable Network network;
    private @Nullable KafkaContainer kafka;
    private @Nullable PostgreSQLContainer postgres;

    /** Images of another tag than {@code latest}. */
    public CumuletContainer withTag(String newTag) {
        tag = newTag;
        return this;
    }

    /** A setting of every service, as an environment variable: {@code CUMULET_FLEET_ZONES}, … */
    public CumuletContainer withEnv(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /** Why it can't start, if there is an engine missing or an image; for a test that is skipped then. */
    public Optional<String> obstacle() {
        try {
            // Not isDockerAvailable, which starts Testcontainers' helper container first.
            DockerClientFactory.instance().getTransportConfig();
        } catch (IllegalStateException e) {
            return Optional.of("No container engine answers.");
        }
        // Testcontainers' own client first starts its helper container, which takes minutes to fail without its image.
        try (DockerClient engine = DockerClientProviderStrategy.getClientForConfig(
                DockerClientFactory.instance().getTransportConfig())) {
            for (Service service : Service.values()) {
                if (!isThere(engine, service.image(tag))) {
                    return Optional.of("There is no image " + service.image(tag) + "; ./cumulet images builds it.");
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isThere(DockerClient engine, String image) {
        try {
            engine.inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Starts all of it and waits until every service is ready. */
    @Override
    public void start() {
        if (kafka != null) {
            return;
        }
        Network shared = Network.newNetwork();
        network = shared;
        KafkaContainer broker = new KafkaContainer(DockerImageName.parse(KAFKA))
                .withNetwork(shared)
                .withListener("kafka:19092")
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        kafka = broker;
        PostgreSQLContainer database = new PostgreSQLContainer(DockerImageName.parse(POSTGRES))
                .withNetwork(shared)
                .withNetworkAliases("postgres")
                .withUsername("postgres")
                .withCopyFileToContainer(
                        MountableFile.forClasspathResource("io/cumulet/testcontainers/create-databases.sql"),
                        "/docker-entrypoint-initdb.d/create-databases.sql")
                .withCommand("postgres", "-c", "max_connections=200", "-c", "jit=off", "-c", "timezone=UTC");
        postgres = database;
        for (GenericContainer<?> container : List.of(broker, database)) {
            publishOnLoopback(container);
        }
        for (Service service : Service.values()) {
            services.put(service, container(service, shared).dependsOn(broker, database));
        }
        try {
            Startables.deepStart(services.values()).join();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
    }

    private GenericContainer<?> container(Service service, Network shared) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(service.image(tag)))
                // They are built here; a registry has none of that name, or a stranger's.
                .withImagePullPolicy(image -> false)
                .withNetwork(shared)
                .withNetworkAliases(service.module)
                .withExposedPorts(service.port)
                .withEnv("KAFKA_BOOTSTRAP_SERVERS", "kafka:19092")
                .withEnv("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://postgres:5432/" + service.database)
                .withEnv("CUMULET_CLOCK_MODE", "stack")
                .withEnv("CUMULET_FLEET_AT_FIRST_USE_HOSTS", "4")
                .withEnv("CUMULET_FLEET_AT_FIRST_USE_SIZE", "12")
                .withEnv("CUMULET_AUTH_MODE", "local")
                .withEnv("CUMULET_AUTH_LOCAL_BEHIND_LOOPBACK_PORTS", "true")
                .withEnv(
                        "CUMULET_SUITE_URLS",
                        Arrays.stream(Service.values()).map(Service::url).collect(Collectors.joining(",")))
                .withEnv("CUMULET_FIREWALL_URL", Service.FIREWALL.url())
                .withEnv("CUMULET_SPOT_MARKET_URL", Service.SPOT_MARKET.url())
                .withEnv("CUMULET_INSTANCES_URL", Service.INSTANCES.url())
                .withEnv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
                .withEnv(service == Service.ENDPOINT ? Map.of("CUMULET_BILLING_URL", Service.BILLING.url()) : Map.of())
                .withEnv(settings)
                .waitingFor(
                        Wait.forHttp("/q/health/ready").forPort(service.port).withStartupTimeout(STARTUP))
                .withStartupTimeout(STARTUP);
        publishOnLoopback(container);
        return container;
    }

    /** Testcontainers publishes on every address of the host, where anybody could call. */
    private static void publishOnLoopback(GenericContainer<?> container) {
        container.withCreateContainerCmdModifier(command -> {
            HostConfig host = Objects.requireNonNullElseGet(command.getHostConfig(), HostConfig::newHostConfig);
            List<PortBinding> bindings = new ArrayList<>();
            for (ExposedPort port : Objects.requireNonNullElse(command.getExposedPorts(), new ExposedPort[0])) {
                bindings.add(new PortBinding(Ports.Binding.bindIp("127.0.0.1"), port));
            }
            command.withHostConfig(host.withPortBindings(bindings));
        });
    }

    /** Stops and removes all of it, with its data. */
    @Override
    public void stop() {
        services.values().forEach(GenericContainer::stop);
        services.clear();
        Stream.of(kafka, postgres).filter(Objects::nonNull).forEach(GenericContainer::stop);
        kafka = null;
        postgres = null;
        if (network != null) {
            network.close();
            network = null;
        }
    }

    public URI instancesUrl() {
        return url(Service.INSTANCES);
    }

    public URI billingUrl() {
        return url(Service.BILLING);
    }

    public URI firewallUrl() {
        return url(Service.FIREWALL);
    }

    public URI spotMarketUrl() {
        return url(Service.SPOT_MARKET);
    }

    /** For AWS clients: their endpoint override, or {@code AWS_ENDPOINT_URL}. */
    public URI endpointUrl() {
        return url(Service.ENDPOINT);
    }

    /** For Kafka clients of the test: {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return started(kafka).getBootstrapServers().replaceFirst("^.*://", "");
    }

    /** What a service has printed, JSON lines, by the name of its image: {@code billing-service}. */
    public String logs(String service) {
        return services.entrySet().stream()
                .filter(entry -> entry.getKey().module.equals(service))
                .map(entry -> entry.getValue().getLogs())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No service of that name runs: " + service));
    }

    private URI url(Service service) {
        GenericContainer<?> container = started(services.get(service));
        return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(service.port));
    }

    private static <T> T started(@Nullable T container) {
        if (container == null) {
            throw new IllegalStateException("Not started");
        }
        return container;
    }
}
