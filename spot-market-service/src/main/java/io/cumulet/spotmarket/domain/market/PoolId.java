package io.cumulet.spotmarket.domain.market;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;

/** A pool of interchangeable spot units: zone, type and system. Written {@code us-east-1a/m4.large/linux}. */
public record PoolId(AvailabilityZone zone, InstanceType type, OperatingSystem os) implements Comparable<PoolId> {

    public static PoolId parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("Not a pool: " + text);
        }
        return new PoolId(
                new AvailabilityZone(parts[0]),
                new InstanceType(parts[1]),
                OperatingSystem.ofCode(parts[2])
                        .orElseThrow(() -> new IllegalArgumentException("Not a pool: " + text)));
    }

    /** The pool's hosts are shared by all of its family: {@code us-east-1a/m4}. */
    public String familyKey() {
        return zone + "/" + type.family();
    }

    /** Type and system, as capacity snapshots name spot units. */
    public String unitsKey() {
        return type + "/" + os;
    }

    @Override
    public int compareTo(PoolId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return zone + "/" + type + "/" + os;
    }
}
