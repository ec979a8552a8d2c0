package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What one thing cost in one hour.
 *
 * @param chargePeriodStart the clock hour; for spot, the start of the instance-hour
 * @param resourceId the instance, host, capacity reservation or region it is about
 * @param commitmentId the commitment that pays or is paid for
 * @param seconds the seconds rated: exact where they end, else rounded to 10 decimals; null for fees
 */
public record RatedRow(
        Instant chargePeriodStart,
        AccountId account,
        Category category,
        @Nullable String resourceId,
        @Nullable String commitmentId,
        @Nullable BigDecimal seconds,
        Costs costs) {

    /** The order of rows in an answer. */
    public static final Comparator<RatedRow> ORDER = Comparator.comparing(RatedRow::chargePeriodStart)
            .thenComparing(RatedRow::account)
            .thenComparing(row -> row.category().code())
            .thenComparing(row -> orEmpty(row.resourceId()))
            .thenComparing(row -> orEmpty(row.commitmentId()));

    private static String orEmpty(@Nullable String id) {
        return id == null ? "" : id;
    }
}
