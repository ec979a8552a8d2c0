package io.cumulet.localstack;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The five services of the suite, each a process of its own. */
public enum Service {
    INSTANCES("instances", "instance-service", "instances", 8081, "CUMULET_INSTANCES_PORT"),
    BILLING("billing", "billing-service", "billing", 8082, "CUMULET_BILLING_PORT"),
    FIREWALL("firewall", "firewall-service", "firewall", 8083, "CUMULET_FIREWALL_PORT"),
    SPOT_MARKET("spot-market", "spot-market-service", "spotmarket", 8084, "CUMULET_SPOT_MARKET_PORT"),
    /** What AWS clients talk to. */
    ENDPOINT("endpoint", "aws-endpoint", "endpoint", 8080, "CUMULET_ENDPOINT_PORT");

    /** What AWS clients need for launches, networks and groups. */
    static final List<Service> FOR_CLIENTS = List.of(ENDPOINT, INSTANCES, FIREWALL);

    private final String serviceName;
    private final String module;
    private final String database;
    private final int defaultPort;
    private final String portVariable;

    Service(String serviceName, String module, String database, int defaultPort, String portVariable) {
        this.serviceName = serviceName;
        this.module = module;
        this.database = database;
        this.defaultPort = defaultPort;
        this.portVariable = portVariable;
    }

    /** What people call it, also the name of its log. */
    public String serviceName() {
        return serviceName;
    }

    /** The directory of its module in the project. */
    public String module() {
        return module;
    }

    /** Its own database; no other service reads it. */
    public String database() {
        return database;
    }

    public int defaultPort() {
        return defaultPort;
    }

    /** The environment variable that moves its HTTP port. */
    public String portVariable() {
        return portVariable;
    }

    /** By {@link #serviceName()} or {@link #module()}. */
    public static Optional<Service> ofName(String name) {
        return Arrays.stream(values())
                .filter(service -> service.serviceName.equals(name) || service.module.equals(name))
                .findFirst();
    }
}
