package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reading network interfaces; changes nothing, waits for no committer. */
public interface InterfaceReads {

    Optional<NetworkInterface> find(String id, AccountId account, Region region);

    /** How many an account has in a region; those beyond {@code most} aren't counted. */
    int count(AccountId account, Region region, int most);

    /** A page, ordered by id. */
    List<NetworkInterface> list(InterfaceFilter filter, @Nullable String afterId, int limit);

    /** Those of the VPCs that lack one of the attributes by which public addresses have names. */
    Set<String> vpcsWithoutPublicNames(List<String> vpcIds);

    /**
     * What to look for: an interface matches if each field has one of its values. An empty list asks for nothing.
     *
     * @param tags values by key; {@code tagKeys} must be there with any value
     */
    record InterfaceFilter(
            AccountId account,
            Region region,
            Map<Field, List<String>> fields,
            Map<String, List<String>> tags,
            List<String> tagKeys) {}

    /** What interfaces can be looked for by. */
    enum Field {
        NETWORK_INTERFACE_ID,
        SUBNET_ID,
        VPC_ID,
        AVAILABILITY_ZONE,
        SECURITY_GROUP_ID,
        ATTACHMENT_ID,
        INSTANCE_ID,
        PRIVATE_IP_ADDRESS,
        IPV6_ADDRESS,
        PUBLIC_IP_ADDRESS,
        STATUS
    }
}
