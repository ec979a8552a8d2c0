package io.cumulet.catalog.prices;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * The price of one kind of Reserved Instance, of default tenancy, from a date on.
 *
 * @param years the length of its term, 1 or 3
 * @param upfront USD for one, once
 * @param hourly USD for one in each hour of the term
 * @param effectiveHourly USD for one in each hour, with what is paid upfront spread over the term; to three places in most
 *     lists. Savings Plans have this rate
 * @param asOf the date of the price list that has it; in force from that day, 00:00 UTC
 * @param source where the list comes from, with its commit and licence
 */
public record ReservedPrice(
        Region region,
        InstanceType instanceType,
        OperatingSystem os,
        OfferingClass offeringClass,
        int years,
        PaymentOption paymentOption,
        BigDecimal upfront,
        BigDecimal hourly,
        HourlyRate effectiveHourly,
        LocalDate asOf,
        String source) {}
