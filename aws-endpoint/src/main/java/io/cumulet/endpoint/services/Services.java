package io.cumulet.endpoint.services;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.calls.ServiceCalls;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where the suite's services are, and how they are called. */
@ApplicationScoped
public class Services {

    /** The services that actions call. */
    public enum Name {
        INSTANCES,
        BILLING,
        FIREWALL,
        SPOT_MARKET
    }

    private final ServiceCalls calls;
    private final ObjectMapper json;
    private final URI instances;
    private final URI billing;
    private final URI firewall;
    private final URI spotMarket;

    public Services(
            ServiceCalls calls,
            ObjectMapper json,
            @ConfigProperty(name = "cumulet.instances.url") URI instances,
            @ConfigProperty(name = "cumulet.billing.url") URI billing,
            @ConfigProperty(name = "cumulet.firewall.url") URI firewall,
            @ConfigProperty(name = "cumulet.spot-market.url") URI spotMarket) {
        this.calls = calls;
        this.json = json;
        this.instances = instances;
        this.billing = billing;
        this.firewall = firewall;
        this.spotMarket = spotMarket;
    }

    /** A service as this account sees it in this region. */
    public RestService of(Name service, AccountId account, Region region) {
        return new RestService(url(service), calls, json, account, region);
    }

    /** Where a service's REST API begins. */
    URI url(Name service) {
        return switch (service) {
            case INSTANCES -> instances;
            case BILLING -> billing;
            case FIREWALL -> firewall;
            case SPOT_MARKET -> spotMarket;
        };
    }
}
