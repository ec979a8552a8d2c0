package io.cumulet.spotmarket.api;

import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import org.jspecify.annotations.Nullable;

/** Reads what names pools in a query. A name that doesn't exist is a mistake, and not a market without pools. */
final class PoolNames {

    private PoolNames() {}

    static @Nullable AvailabilityZone zone(Region region, @Nullable String name) {
        if (name == null) {
            return null;
        }
        if (AvailabilityZone.isValid(name)) {
            AvailabilityZone zone = new AvailabilityZone(name);
            if (Regions.exists(zone) && zone.region().equals(region)) {
                return zone;
            }
        }
        throw Refusal.of(
                        ErrorCode.INVALID_AVAILABILITY_ZONE,
                        "availabilityZone",
                        "There is no Availability Zone " + name + " in " + region)
                .asException();
    }

    static @Nullable InstanceType type(@Nullable String name) {
        return name == null ? null : existing(name);
    }

    static InstanceType existing(String name) {
        return InstanceTypes.find(name)
                .orElseThrow(() -> Refusal.of(
                                ErrorCode.INVALID_INSTANCE_TYPE, "instanceType", "There is no instance type " + name)
                        .asException())
                .type();
    }

    static @Nullable OperatingSystem os(@Nullable String code) {
        return code == null
                ? null
                : OperatingSystem.ofCode(code)
                        .orElseThrow(() -> Refusal.of(
                                        ErrorCode.INVALID_PARAMETER_VALUE, "os", "There is no operating system " + code)
                                .asException());
    }
}
