package io.cumulet.firewall.config;

import io.cumulet.firewall.domain.groups.RuleLimits;
import io.cumulet.firewall.domain.rulesets.Ports;
import io.cumulet.firewall.domain.rulesets.RulesetLimits;
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
    Ports ports(RulesetsConfig config) {
        return new Ports(config.portPrefix());
    }

    @Produces
    @Singleton
    RulesetLimits rulesetLimits(RulesetsConfig config) {
        return new RulesetLimits(config.recordCharacters(), config.deltasUntilFull(), config.fullEvery());
    }
}
