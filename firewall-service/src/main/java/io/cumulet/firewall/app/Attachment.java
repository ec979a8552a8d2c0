package io.cumulet.firewall.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which groups an instance has, as the instance service last told. It owns that list; this is a copy.
 *
 * @param version of the instance; the newest wins
 * @param gone the instance is terminated and has left its groups
 */
public record Attachment(
        String instanceId,
        AccountId account,
        Region region,
        @Nullable String privateIpAddress,
        List<String> groupIds,
        long version,
        boolean gone) {}
