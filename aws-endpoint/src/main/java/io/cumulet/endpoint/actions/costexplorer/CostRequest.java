package io.cumulet.endpoint.actions.costexplorer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Cost Explorer's calls have in common: a time, a granularity, and a filter.
 *
 * @param granularity billing's: {@code hourly}, {@code daily}, {@code monthly}, or {@code whole} for all of the time as one
 */
record CostRequest(Instant from, Instant until, String granularity) {

    static final String WHOLE = "whole";
    private static final String HOURLY = "hourly";

    /**
     * @param usual the granularity if none is given
     * @param allowed those that the action knows
     */
    static CostRequest of(Call call, String usual, Set<String> allowed) {
        String granularity =
                call.has("Granularity") ? call.requiredText("Granularity").toLowerCase(Locale.ROOT) : usual;
        if (!allowed.contains(granularity)) {
            throw Expressions.invalid(
                    "Granularity is one of " + String.join(", ", allowed).toUpperCase(Locale.ROOT) + ", not "
                            + granularity.toUpperCase(Locale.ROOT));
        }
        boolean hourly = granularity.equals(HOURLY);
        Instant from = moment("Start", call.get("TimePeriod").path("Start").asText(), hourly);
        Instant until = moment("End", call.get("TimePeriod").path("End").asText(), hourly);
        if (!from.isBefore(until)) {
            throw Expressions.invalid("Start date (and hour) should be before end date (and hour)");
        }
        return new CostRequest(from, until, granularity);
    }

    private static Instant moment(String name, String text, boolean hourly) {
        try {
            if (text.length() == "2026-01-01".length()) {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            if (hourly) {
                Instant moment = Instant.parse(text);
                if (moment.equals(moment.truncatedTo(ChronoUnit.HOURS))) {
                    return moment;
                }
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw Expressions.invalid(name + " time " + text + " is invalid. Valid format is: "
                + (hourly ? "yyyy-MM-dd'T'HH:00:00Z" : "yyyy-MM-dd"));
    }

    /** Billing's request for a report. */
    ObjectNode body(Collection<String> groupBy, @Nullable ObjectNode filter) {
        ObjectNode body = Call.answer()
                .put("from", from.toString())
                .put("until", until.toString())
                .put("granularity", granularity);
        ArrayNode groups = body.putArray("groupBy");
        new LinkedHashSet<>(groupBy).forEach(groups::add);
        if (filter != null) {
            body.set("filter", filter);
        }
        return body;
    }

    /** A period of an answer as Cost Explorer shows it. */
    ObjectNode timePeriod(JsonNode period) {
        return timePeriod(
                Instant.parse(period.path("start").asText()),
                Instant.parse(period.path("end").asText()));
    }

    /** All of the time. */
    ObjectNode timePeriod() {
        return timePeriod(from, until);
    }

    private ObjectNode timePeriod(Instant start, Instant end) {
        return Call.answer().put("Start", text(start)).put("End", text(end));
    }

    private String text(Instant moment) {
        return granularity.equals(HOURLY)
                ? moment.toString()
                : moment.atOffset(ZoneOffset.UTC).format(DateTimeFormatter.ISO_LOCAL_DATE);
    }

    /** Whether a period may still change, of a report that says so of all of it. */
    static boolean isEstimated(JsonNode report, JsonNode period) {
        if (!report.path("provisional").asBoolean()) {
            return false;
        }
        List<String> reasons = report.path("provisionalReasons")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
        return !reasons.equals(List.of("period-not-over"))
                || Instant.parse(period.path("end").asText())
                        .isAfter(Instant.parse(report.path("completeUntil").asText()));
    }
}
