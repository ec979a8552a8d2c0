package io.cumulet.firewall.domain.groups;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network interface of an instance, with the groups it is in. Its addresses are what a rule that names one of these groups
 * stands for. Addresses are unique within a VPC alone.
 *
 * @param hostId the host that runs the instance; null while none does
 * @param addresses its private addresses of both families
 */
public record Member(
        String interfaceId,
        String instanceId,
        AccountId account,
        Region region,
        String vpcId,
        @Nullable String hostId,
        List<IpAddress> addresses,
        List<String> groupIds) {

    public Member {
        addresses = List.copyOf(addresses);
        groupIds = List.copyOf(groupIds);
    }
}
