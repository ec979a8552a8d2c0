package io.cumulet.catalog.prices;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.LocalDate;

/**
 * The on-demand price of one kind of instance from a date on.
 *
 * @param asOf the date of the price list that has it; in force from that day, 00:00 UTC
 * @param source where the list comes from, with its commit and licence
 */
public record OnDemandPrice(
        Region region,
        InstanceType instanceType,
        OperatingSystem os,
        Tenancy tenancy,
        HourlyRate hourly,
        LocalDate asOf,
        String source) {}
