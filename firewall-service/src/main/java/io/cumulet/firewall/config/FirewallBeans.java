package io.cumulet.firewall.config;

import io.cumulet.firewall.domain.groups.GroupLimits;
import io.cumulet.firewall.domain.groups.RuleLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Settings as the domain wants them. */
@ApplicationScoped
public class FirewallBeans {

    @Produces
    @Singleton
    RuleLimits ruleLimits(FirewallConfig config) {
        return new RuleLimits(config.rulesPerDirection());
    }

    @Produces
    @Singleton
    GroupLimits groupLimits(FirewallConfig config) {
        return new GroupLimits(config.perRegion(), config.prefixListsPerRegion());
    }
}
