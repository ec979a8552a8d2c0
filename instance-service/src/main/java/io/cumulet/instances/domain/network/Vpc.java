package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A virtual network of one account in one region. Immutable.
 *
 * @param cidrs its IPv4 blocks, the primary first; no two overlap
 * @param ipv6Cidr a /56; null unless it has one
 * @param version counts up by one with each change, from 1
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html">VPC CIDR blocks</a>
 */
public record Vpc(
        String id,
        AccountId account,
        Region region,
        List<Cidr> cidrs,
        @Nullable Cidr ipv6Cidr,
        boolean isDefault,
        Map<String, String> tags,
        long version,
        Instant createdAt) {

    /** The block of every default VPC. */
    public static final Cidr DEFAULT_CIDR = Cidr.parse("172.31.0.0/16").orElseThrow();

    public Vpc {
        cidrs = List.copyOf(cidrs);
        tags = Map.copyOf(tags);
    }

    /** @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html">Default VPCs</a> */
    public static Vpc defaultOf(AccountId account, Region region, Instant now) {
        return new Vpc(
                DefaultNetwork.vpcId(account, region),
                account,
                region,
                List.of(DEFAULT_CIDR),
                null,
                true,
                Map.of(),
                1,
                now);
    }
}
