package io.cumulet.instances.domain.interfaces;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An interface to be made, its request checked; whether there are addresses is still open.
 *
 * @param privateAddresses the primary first; if none is named, it gets any that is free
 * @param privateField the field in which the caller named its private addresses, for what is said of them
 * @param secondaryCount how many secondary private addresses it gets besides those named
 * @param ipv6Count how many IPv6 addresses it gets besides those named; null: as its subnet has it
 * @param groupIds known to exist
 */
public record NewInterface(
        AccountId account,
        Region region,
        String subnetId,
        String description,
        String privateField,
        List<IpAddress> privateAddresses,
        int secondaryCount,
        List<IpAddress> ipv6Addresses,
        @Nullable Integer ipv6Count,
        List<String> groupIds,
        Map<String, String> tags) {}
