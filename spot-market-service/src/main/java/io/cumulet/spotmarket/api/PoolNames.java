package io.cumulet.spotmarket.api;

import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.market.PoolId;
import org.jspecify.annotations.Nullable;

/** Names of zones, types and systems: one that doesn't exist is a mistake, and not a market without pools. */
final class PoolNames {

    private PoolNames() {}

    /** Checks those that are given. */
    static void check(
            Region region, @Nullable String availabilityZone, @Nullable String instanceType, @Nullable String os) {
        if (availabilityZone != null) {
            zone("availabilityZone", region, availabilityZone);
        }
        if (instanceType != null) {
            type("instanceType", instanceType);
        }
        if (os != null) {
            os("os", os);
        }
    }

    /** The pool of three names, whether there is one or not. */
    static PoolId pool(Region region, String availabilityZone, String instanceType, String os) {
        return new PoolId(
                zone("availabilityZone", region, availabilityZone), type("instanceType", instanceType), os("os", os));
    }

    static @Nullable AvailabilityZone zone(Region region, @Nullable String name) {
        return name == null ? null : zone("availabilityZone", region, name);
    }

    static @Nullable InstanceType type(@Nullable String name) {
        return name == null ? null : existing(name);
    }

    static InstanceType existing(String name) {
        return type("instanceType", name);
    }

    static @Nullable OperatingSystem os(@Nullable String code) {
        return code == null ? null : os("os", code);
    }

    private static AvailabilityZone zone(String field, Region region, String name) {
        if (AvailabilityZone.isValid(name)) {
            AvailabilityZone zone = new AvailabilityZone(name);
            if (Regions.exists(zone) && zone.region().equals(region)) {
                return zone;
            }
        }
        throw refuse(
                ErrorCode.INVALID_AVAILABILITY_ZONE, field, "There is no Availability Zone " + name + " in " + region);
    }

    private static InstanceType type(String field, String name) {
        return InstanceTypes.find(name)
                .orElseThrow(() -> refuse(ErrorCode.INVALID_INSTANCE_TYPE, field, "There is no instance type " + name))
                .type();
    }

    private static OperatingSystem os(String field, String name) {
        return OperatingSystem.ofCode(name)
                .orElseThrow(
                        () -> refuse(ErrorCode.INVALID_PARAMETER_VALUE, field, "There is no operating system " + name));
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }
}
