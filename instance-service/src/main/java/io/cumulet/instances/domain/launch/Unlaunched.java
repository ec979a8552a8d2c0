package io.cumulet.instances.domain.launch;

import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the market's allocation asked for, whether it exists or not: a refused one is answered with an instance that never
 * was, and that has to say what it would have been.
 */
public record Unlaunched(
        AccountId account,
        String imageId,
        OperatingSystem os,
        String architecture,
        InstanceType type,
        @Nullable String keyName,
        List<String> groupIds,
        Map<String, String> tags,
        SpotTerms terms) {

    public static Unlaunched of(LaunchOrder order, SpotTerms terms) {
        return new Unlaunched(
                order.account(),
                order.image().imageId(),
                order.image().os(),
                order.image().architecture().code(),
                order.type().type(),
                order.keyName(),
                order.groupIds().isEmpty()
                        ? List.of(DefaultNetwork.securityGroupId(order.account(), order.region()))
                        : order.groupIds(),
                order.tags(),
                terms);
    }
}
