package io.cumulet.contract;

import java.time.Instant;

/** A host of the fleet and its capacity. Key: host id. States: {@code available}, {@code draining}, {@code removed}. */
public record HostSnapshot(
        String hostId,
        String availabilityZone,
        String family,
        long version,
        String state,
        Instant occurredAt,
        int sockets,
        int cores,
        int vcpus,
        long memoryMib,
        long localStorageGb,
        int gpus) {}
