package io.cumulet.billing.domain.focus;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One charge in one hour. */
public final class FocusRow {

    private static final long HOUR_SECONDS = 3_600;

    /** Rows of equal hours share all but their charge period. */
    private final Map<FocusColumn, Object> common;

    private final Instant start;
    private final Instant end;

    private FocusRow(Map<FocusColumn, Object> common, Instant start, Instant end) {
        this.common = common;
        this.start = start;
        this.end = end;
    }

    static FocusRow of(FocusEntry entry, Instant start) {
        Map<FocusColumn, Object> values = new EnumMap<>(FocusColumn.class);
        for (FocusColumn column : FocusColumn.values()) {
            Object value = column.of(entry);
            if (value != null) {
                values.put(column, value);
            }
        }
        return new FocusRow(values, start, entry.isCorrection() ? endOfMonth(start) : endOfHour(start));
    }

    /** The same in another hour. */
    FocusRow startingAt(Instant other) {
        return other.equals(start) ? this : new FocusRow(common, other, endOfHour(other));
    }

    /** The value of the type that the column says; null if there is none. */
    public @Nullable Object get(FocusColumn column) {
        return switch (column) {
            case CHARGE_PERIOD_START -> start;
            case CHARGE_PERIOD_END -> end;
            default -> common.get(column);
        };
    }

    private static Instant endOfHour(Instant start) {
        return start.plusSeconds(HOUR_SECONDS);
    }

    /** A correction is for the whole of the month that it corrects. */
    private static Instant endOfMonth(Instant start) {
        return start.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
    }
}
