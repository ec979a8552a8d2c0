package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that a rule may look at besides the usage order: usage of one class differs in nothing else. */
sealed interface UsageClass {

    AccountId account();

    Region region();

    /** Usage that has an instance type: runs of instances, and capacity held for them. */
    sealed interface OfType extends UsageClass {

        AvailabilityZone zone();

        InstanceType type();

        OperatingSystem os();

        Tenancy tenancy();

        @Override
        default Region region() {
            return zone().region();
        }
    }

    /**
     * Runs of instances that are no spot.
     *
     * @param scheduledInstanceId the scheduled Reserved Instances they were launched into; null for others
     */
    record Instances(
            AccountId account,
            AvailabilityZone zone,
            InstanceType type,
            OperatingSystem os,
            Tenancy tenancy,
            boolean inCapacityReservation,
            @Nullable String scheduledInstanceId)
            implements OfType {}

    /** What capacity reservations held and nobody used. */
    record UnusedCapacity(
            AccountId account, AvailabilityZone zone, InstanceType type, OperatingSystem os, Tenancy tenancy)
            implements OfType {}

    /** Allocated Dedicated Hosts. */
    record Hosts(AccountId account, Region region, String family) implements UsageClass {}

    /** What prices and sizes look at: not whose usage it is, nor in which zone. */
    sealed interface Kind {

        /** The price without any discount. Instances on a Dedicated Host have none: their host is paid for. */
        default Optional<HourlyRate> listRate(Prices prices) {
            return switch (this) {
                case KindOfType use -> prices.onDemand(use.region(), use.type(), use.os(), use.tenancy());
                case KindOfHost hosts -> prices.dedicatedHost(hosts.region(), hosts.family());
            };
        }
    }

    record KindOfType(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, boolean isUnusedCapacity)
            implements Kind {}

    record KindOfHost(Region region, String family) implements Kind {}

    default Kind kind() {
        return switch (this) {
            case Instances use -> new KindOfType(use.region(), use.type(), use.os(), use.tenancy(), false);
            case UnusedCapacity use -> new KindOfType(use.region(), use.type(), use.os(), use.tenancy(), true);
            case Hosts hosts -> new KindOfHost(hosts.region(), hosts.family());
        };
    }
}
