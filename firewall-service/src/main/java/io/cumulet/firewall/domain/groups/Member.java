package io.cumulet.firewall.domain.groups;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network interface of an instance, with the groups it is in. Its addresses are what a rule that names one of these groups
 * stands for. Addresses are unique within a VPC alone.
 *
 * @param hostId the host that runs the instance; null while none does
 * @param addresses its private addresses of both families
 * @param state EC2's name of the instance's state
 * @param publicAddresses what leads to it from outside: elastic addresses, and what its instance is given while it runs
 */
public record Member(
        String interfaceId,
        String instanceId,
        AccountId account,
        Region region,
        String vpcId,
        @Nullable String hostId,
        List<IpAddress> addresses,
        List<String> groupIds,
        String state,
        List<IpAddress> publicAddresses) {

    private static final String RUNNING = "running";
    private static final String STOPPED = "stopped";

    public Member {
        addresses = List.copyOf(addresses);
        groupIds = List.copyOf(groupIds);
        publicAddresses = List.copyOf(publicAddresses);
    }

    /** One without elastic addresses that runs if it has a host. */
    public Member(
            String interfaceId,
            String instanceId,
            AccountId account,
            Region region,
            String vpcId,
            @Nullable String hostId,
            List<IpAddress> addresses,
            List<String> groupIds) {
        this(
                interfaceId,
                instanceId,
                account,
                region,
                vpcId,
                hostId,
                addresses,
                groupIds,
                hostId == null ? STOPPED : RUNNING,
                List.of());
    }

    public boolean runs() {
        return state.equals(RUNNING);
    }

    /** Its first private address of a family. */
    public Optional<IpAddress> address(IpFamily family) {
        return addresses.stream().filter(one -> one.family() == family).findFirst();
    }

    /** Whether hosts let the same through to and from both. */
    public boolean isFilteredAs(Member other) {
        return interfaceId.equals(other.interfaceId)
                && instanceId.equals(other.instanceId)
                && account.equals(other.account)
                && region.equals(other.region)
                && vpcId.equals(other.vpcId)
                && Objects.equals(hostId, other.hostId)
                && addresses.equals(other.addresses)
                && groupIds.equals(other.groupIds);
    }
}
