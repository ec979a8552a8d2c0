package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A way between a VPC and the Internet. An egress-only one is for IPv6 and belongs to the VPC it was made for; any other is
 * attached and detached, one to a VPC.
 *
 * @param vpcId null while it is attached to nothing
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html">Internet gateways</a>
 */
public record InternetGateway(
        String id,
        AccountId account,
        Region region,
        boolean egressOnly,
        @Nullable String vpcId,
        Map<String, String> tags,
        Instant createdAt) {

    public InternetGateway {
        tags = Map.copyOf(tags);
    }

    public InternetGateway attachedTo(@Nullable String newVpcId) {
        return new InternetGateway(id, account, region, egressOnly, newVpcId, tags, createdAt);
    }

    public InternetGateway tagged(Map<String, String> newTags) {
        return new InternetGateway(id, account, region, egressOnly, vpcId, newTags, createdAt);
    }
}
