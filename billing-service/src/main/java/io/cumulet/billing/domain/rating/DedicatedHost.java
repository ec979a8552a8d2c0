package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host allocated to an account, with the family of what runs on it.
 *
 * @param released null while it is allocated
 */
public record DedicatedHost(
        String place,
        String id,
        AccountId account,
        String family,
        AvailabilityZone zone,
        Instant allocated,
        @Nullable Instant released) {}
