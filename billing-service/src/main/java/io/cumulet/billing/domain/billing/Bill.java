package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bill of an account for a month.
 *
 * @param region null if it covers all regions
 * @param completeUntil the moment up to which all usage is in it
 * @param provisional why it may still change; empty once it is final
 * @param lines by resource, category and rate
 * @param stillRunning runs without an end, in the bill up to {@code completeUntil}
 * @param unrated usage whose price isn't known; it is in no line
 */
public record Bill(
        AccountId account,
        @Nullable Region region,
        Interval period,
        Instant completeUntil,
        Set<Provisional> provisional,
        List<Line> lines,
        Costs totals,
        List<UsageRun> stillRunning,
        List<Unrated> unrated) {

    /** Why a bill may still change. */
    public enum Provisional {
        PERIOD_NOT_OVER("period-not-over"),
        /** A spot instance-hour belongs to the month in which it begins, and may end behind it. */
        SPOT_HOUR_GOES_ON("spot-hour-goes-on"),
        EVENTS_UNREAD("events-unread"),
        EVENT_MISSING("event-missing"),
        PRICE_MISSING("price-missing");

        private final String code;

        Provisional(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    /** What the account pays, in whole cents: rounded once, here. */
    public Money invoiceTotal() {
        return totals.billed().toCents();
    }

    /**
     * What one resource cost at one rate.
     *
     * @param resourceId null for the fees of a commitment
     * @param commitmentId the commitment that pays or is paid for; null if none is
     * @param region null for the fees of a commitment that isn't bound to one
     * @param thing null for what is no instance
     * @param from the start of its first charge period
     * @param rows how many rated rows it sums up
     * @param seconds null for fees
     */
    public record Line(
            Category category,
            @Nullable String resourceId,
            @Nullable String commitmentId,
            @Nullable Region region,
            @Nullable BilledThing thing,
            @Nullable HourlyRate hourlyRate,
            Instant from,
            long rows,
            @Nullable BigDecimal seconds,
            Costs costs) {}

    /** What a line's resource is. */
    public record BilledThing(String availabilityZone, String instanceType, String os, String tenancy, String market) {}
}
