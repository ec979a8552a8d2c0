package io.cumulet.instances.domain.launch;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;

/** What has one spot price: a type with a system in a zone. */
public record SpotPool(AvailabilityZone zone, InstanceType type, OperatingSystem os) {

    /** The pool's name in events, such as {@code us-east-1a/m4.large/linux}. */
    public String key() {
        return zone + "/" + unitsKey(type, os);
    }

    /** The pool's name within its zone, such as {@code m4.large/linux}. */
    public static String unitsKey(InstanceType type, OperatingSystem os) {
        return type + "/" + os;
    }
}
