package io.cumulet.firewall.config;

import io.cumulet.firewall.domain.rulesets.Ports;
import io.cumulet.firewall.domain.rulesets.RulesetLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Settings of rulesets as the domain wants them. */
@ApplicationScoped
public class RulesetBeans {

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
