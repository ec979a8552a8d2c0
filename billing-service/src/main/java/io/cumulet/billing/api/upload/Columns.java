package io.cumulet.billing.api.upload;

import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.whatifs.InstanceHours;
import io.cumulet.kernel.RefusedException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The columns of a file by name, and with them its kind. */
final class Columns {

    private static final int MOST_DIGITS = 40;
    private static final int LONGEST_ID = 1_024;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(31);

    private final String field;
    private final Map<String, Integer> byName = new HashMap<>();

    Columns(String field, String[] names) {
        this.field = field;
        for (int i = 0; i < names.length; i++) {
            // Some tools begin a file with a byte order mark.
            String name = i == 0 && names[i].startsWith("\uFEFF") ? names[i].substring(1) : names[i];
            byName.put(name, i);
        }
    }

    RowReader reader() {
        if (byName.containsKey("ChargePeriodStart")) {
            return new FocusRows();
        }
        if (byName.containsKey("lineItem/UsageStartDate")) {
            return CostAndUsageRows.LEGACY;
        }
        if (byName.containsKey("line_item_usage_start_date")) {
            return CostAndUsageRows.TWO;
        }
        throw UsageFile.refused(
                field,
                "Line 1 has the columns of no known file: ChargePeriodStart (FOCUS), lineItem/UsageStartDate or"
                        + " line_item_usage_start_date (Cost and Usage Report)");
    }

    Row row(int line, String[] cells) {
        return new Row(line, cells);
    }

    /**
     * The columns that say which instance ran, when and for how long.
     *
     * @param end of the time that the row is for, an hour if the file doesn't say
     */
    record Sources(String resource, String start, String end, String amount) {}

    /** One row. Whatever it refuses names line and column. */
    final class Row {

        private final int line;
        private final String[] cells;

        private Row(int line, String[] cells) {
            this.line = line;
            this.cells = cells;
        }

        /** Empty if there is no such column, or nothing in it. */
        String text(String column) {
            Integer index = byName.get(column);
            return index == null || index >= cells.length ? "" : cells[index];
        }

        String required(String column) {
            String text = text(column);
            if (text.isEmpty()) {
                throw refused(column, "nothing is there");
            }
            return text;
        }

        <T> T named(String column, Function<String, Optional<T>> byName) {
            String text = required(column);
            return byName.apply(text).orElseThrow(() -> refused(column, "there is no " + text));
        }

        Instant instant(String column) {
            String text = required(column);
            // Athena and spreadsheets write a blank, and no zone; these files are in UTC.
            String iso = text.replace(' ', 'T');
            try {
                Instant instant = OffsetDateTime.parse(iso.endsWith("Z") ? iso : iso + "Z")
                        .toInstant();
                if (!UsageFile.YEARS.contains(instant)) {
                    throw refused(column, "a time in the years 2000 to 2100 is expected, not " + text);
                }
                return instant;
            } catch (DateTimeException e) {
                throw refused(column, "a time is expected, such as 2026-01-01T00:00:00Z, not " + text);
            }
        }

        /** A quantity, 0 or more. */
        BigDecimal quantity(String column) {
            String text = required(column);
            try {
                BigDecimal quantity = text.length() > MOST_DIGITS ? null : new BigDecimal(text);
                if (quantity != null && quantity.signum() >= 0 && Math.abs(quantity.scale()) <= MOST_DIGITS) {
                    return quantity;
                }
            } catch (NumberFormatException e) {
                // Refused below.
            }
            throw refused(column, "a number of at least 0 is expected, not " + text);
        }

        /** Adds what the row says. A row for a day or a month has its seconds spread over it evenly. */
        void addTo(InstanceHours hours, Sources sources, MeteredThing thing, BigDecimal seconds) {
            Instant from = instant(sources.start());
            Instant until = text(sources.end()).isEmpty() ? from.plus(HOUR) : instant(sources.end());
            Duration length = Duration.between(from, until);
            if (length.isNegative() || length.isZero() || length.compareTo(LONGEST) > 0) {
                throw refused(sources.end(), "a time after the start is expected, by at most 31 days");
            }
            long parts = Math.ceilDiv(length.toSeconds(), HOUR.toSeconds());
            BigDecimal each = seconds.divide(BigDecimal.valueOf(parts), 10, RoundingMode.HALF_UP);
            for (long part = 0; part < parts; part++) {
                addTo(hours, sources, thing, from.plus(HOUR.multipliedBy(part)), each);
            }
        }

        /** What is too much is refused at the column that makes it so. */
        private void addTo(InstanceHours hours, Sources sources, MeteredThing thing, Instant at, BigDecimal seconds) {
            String resource = text(sources.resource());
            if (resource.length() > LONGEST_ID) {
                throw refused(sources.resource(), "it is longer than " + LONGEST_ID + " characters");
            }
            String id = resource.isEmpty() ? "without id" : resource;
            hours.add(id, thing, at, seconds).ifPresent(limit -> {
                String column = switch (limit) {
                    case DAYS -> sources.start();
                    case INSTANCES -> sources.resource();
                    case AT_ONCE, HOURS, PARTS -> sources.amount();
                };
                throw refused(column, limit.message());
            });
        }

        RefusedException refused(String column, String message) {
            return UsageFile.refused(
                    field + "[" + line + "]." + column, "Line " + line + ", column " + column + ": " + message);
        }
    }
}
