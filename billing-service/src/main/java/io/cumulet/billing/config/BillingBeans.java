package io.cumulet.billing.config;

import io.cumulet.billing.domain.billing.Billing;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.SpotInterruptionPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;

/** Makes beans of the domain's plain objects. */
@ApplicationScoped
public class BillingBeans {

    @Produces
    @Singleton
    OnDemandPrices onDemandPrices() {
        return OnDemandPrices.shipped();
    }

    @Produces
    @Singleton
    ReservedPrices reservedPrices() {
        return ReservedPrices.shipped();
    }

    @Produces
    @Singleton
    Billing billing(BillingConfig config, OnDemandPrices prices) {
        BillingConfig.FreeTier free = config.freeTier();
        FreeTier freeTier = new FreeTier(
                free.instanceTypes().stream().map(InstanceType::new).collect(Collectors.toUnmodifiableSet()),
                free.hoursPerMonth(),
                free.accounts().orElse(List.of()).stream().map(AccountId::new).collect(Collectors.toUnmodifiableSet()));
        SpotInterruptionPolicy policy = SpotInterruptionPolicy.ofCode(config.spotInterruptionPolicy())
                .orElseThrow(
                        () -> new IllegalArgumentException("cumulet.billing.spot-interruption-policy is not a policy: "
                                + config.spotInterruptionPolicy()));
        return new Billing(freeTier, policy, prices.changes());
    }
}
