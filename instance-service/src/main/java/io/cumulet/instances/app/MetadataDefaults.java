package io.cumulet.instances.app;

import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.launch.OptionChecks;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * What an account says of the metadata of all instances it launches in a region, where a launch itself says nothing. What runs
 * keeps what it was launched with.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html#instance-metadata-options-order-of-precedence">Order
 *     of precedence for instance metadata options</a>
 */
@ApplicationScoped
public class MetadataDefaults {

    private final MetadataDefaultsStore store;

    public MetadataDefaults(MetadataDefaultsStore store) {
        this.store = store;
    }

    public InstanceOptions.Metadata find(AccountId account, Region region) {
        return Transactions.read(() -> store.find(account, region)).orElse(InstanceOptions.Metadata.NONE);
    }

    /** @param said {@code no-preference} or -1 take a default back; null leaves it as it is */
    public Outcome<InstanceOptions.Metadata> change(AccountId account, Region region, InstanceOptions.Metadata said) {
        return Transactions.decide(() -> {
            InstanceOptions.Metadata after = store.lock(account, region).changedDefaults(said);
            try {
                OptionChecks.metadata("", after);
            } catch (LaunchChecks.Stop stop) {
                return Outcome.refused(stop.refusal());
            }
            store.set(account, region, after);
            return Outcome.done(after);
        });
    }
}
