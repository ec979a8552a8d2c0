package io.cumulet.contract;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subnet as it is after the event; after a deletion, as it last was. Key: subnet id.
 *
 * @param ipv6CidrBlock a /64; null unless it has one
 * @param defaultForAz whether launches that name no subnet go here
 * @param version counts up by one with each event of the subnet, from 1
 */
public record SubnetSnapshot(
        String subnetId,
        String account,
        String region,
        long version,
        Instant occurredAt,
        String vpcId,
        String availabilityZone,
        String cidrBlock,
        @Nullable String ipv6CidrBlock,
        boolean defaultForAz,
        Map<String, String> tags) {}
