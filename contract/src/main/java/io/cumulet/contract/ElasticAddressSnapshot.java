package io.cumulet.contract;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An elastic address as it is after the event; after its release, as it last was. Key: allocation id.
 *
 * @param association null while it is associated with nothing
 * @param version counts up by one with each event of the allocation, from 1
 */
public record ElasticAddressSnapshot(
        String allocationId,
        String account,
        String region,
        long version,
        Instant occurredAt,
        String publicIpAddress,
        @Nullable Association association,
        Map<String, String> tags) {

    /** @param instanceId null if the interface is attached to none */
    public record Association(
            String associationId,
            String networkInterfaceId,
            String privateIpAddress,
            @Nullable String instanceId) {}
}
