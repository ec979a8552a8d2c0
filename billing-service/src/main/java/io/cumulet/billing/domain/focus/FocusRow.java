package io.cumulet.billing.domain.focus;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One charge in one hour. */
public final class FocusRow {

    private static final long HOUR_SECONDS = 3_600;

    /** Rows of equal hours share all but their charge period. */
    private final Map<FocusColumn, Object> common;

    private final Instant start;

    private FocusRow(Map<FocusColumn, Object> common, Instant start) {
        this.common = common;
        this.start = start;
    }

    static FocusRow of(FocusEntry entry, Instant start) {
        Map<FocusColumn, Object> values = new EnumMap<>(FocusColumn.class);
        for (FocusColumn column : FocusColumn.values()) {
            Object value = column.of(entry);
            if (value != null) {
                values.put(column, value);
            }
        }
        return new FocusRow(values, start);
    }

    /** The same in another hour. */
    FocusRow startingAt(Instant other) {
        return new FocusRow(common, other);
    }

    /** The value of the type that the column says; null if there is none. */
    public @Nullable Object get(FocusColumn column) {
        return switch (column) {
            case CHARGE_PERIOD_START -> start;
            case CHARGE_PERIOD_END -> start.plusSeconds(HOUR_SECONDS);
            default -> common.get(column);
        };
    }
}
