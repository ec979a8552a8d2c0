package io.cumulet.billing.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Settings of billing. */
@ConfigMapping(prefix = "cumulet.billing")
public interface BillingConfig {

    FreeTier freeTier();

    /** What an interrupted spot instance pays: {@code interrupted-hour-free} or {@code first-hour-free}. */
    @WithDefault("interrupted-hour-free")
    String spotInterruptionPolicy();

    /** What some accounts have free each month. */
    interface FreeTier {

        /** The accounts that have it; none if not set. */
        Optional<List<String>> accounts();

        /** The types that are free. */
        @WithDefault("t2.micro")
        List<String> instanceTypes();

        /** How many hours of them are free in each month and account, for Linux and Windows apart. */
        @WithDefault("750")
        int hoursPerMonth();
    }
}
