package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A VPC as it is after the event; after a deletion, as it last was. Key: VPC id.
 *
 * @param cidrBlocks its IPv4 blocks, the primary first
 * @param ipv6CidrBlock a /56; null unless it has one
 * @param version counts up by one with each event of the VPC, from 1
 */
public record VpcSnapshot(
        String vpcId,
        String account,
        String region,
        long version,
        Instant occurredAt,
        List<String> cidrBlocks,
        @Nullable String ipv6CidrBlock,
        boolean isDefault,
        Map<String, String> tags) {}
