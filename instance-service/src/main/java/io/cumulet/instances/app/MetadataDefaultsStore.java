package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Optional;

/** Where defaults of instance metadata are kept. */
public interface MetadataDefaultsStore {

    Optional<InstanceOptions.Metadata> find(AccountId account, Region region);

    /** What there is, nothing said if there is none; locked until the transaction ends. */
    InstanceOptions.Metadata lock(AccountId account, Region region);

    /** Belongs to what is locked. */
    void set(AccountId account, Region region, InstanceOptions.Metadata defaults);
}
