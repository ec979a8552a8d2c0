package io.cumulet.billing.api;

import io.cumulet.billing.domain.costs.Condition;
import io.cumulet.billing.domain.costs.Condition.Match;
import io.cumulet.billing.domain.costs.Dimension;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A condition as callers say it. */
@Schema(
        name = "CostCondition",
        description = "One of and, or, not, dimension; with a dimension the values that it matches")
public record ConditionRequest(
        @Nullable List<ConditionRequest> and,
        @Nullable List<ConditionRequest> or,
        @Nullable ConditionRequest not,

        @Schema(description = "One that costs can be grouped by") @Nullable
        String dimension,

        @Schema(description = "equals (if not said), starts-with, ends-with, contains, or absent, which has no values")
        @Nullable
        String match,

        @Schema(description = "true if not said") @Nullable Boolean caseSensitive,
        @Nullable List<String> values) {

    private static final int DEEPEST = 10;
    private static final int MOST = 1_000;

    static Condition of(@Nullable ConditionRequest request) {
        return request == null ? Condition.NONE : request.condition("filter", 1);
    }

    private Condition condition(String place, int depth) {
        if (depth > DEEPEST) {
            throw Query.refused(place, "Conditions are nested at most " + DEEPEST + " deep");
        }
        if (Stream.of(and, or, not, dimension).filter(one -> one != null).count() != 1) {
            throw Query.refused(place, "It has one of and, or, not, dimension");
        }
        if (dimension == null && (match != null || caseSensitive != null || values != null)) {
            throw Query.refused(place, "match, caseSensitive and values go with a dimension");
        }
        if (and != null) {
            return new Condition.All(conditions(and, place + ".and", depth));
        }
        if (or != null) {
            return new Condition.Any(conditions(or, place + ".or", depth));
        }
        return not == null ? matches(place) : new Condition.Not(not.condition(place + ".not", depth + 1));
    }

    private static List<Condition> conditions(List<ConditionRequest> requests, String place, int depth) {
        if (requests.isEmpty() || requests.size() > MOST) {
            throw Query.refused(place, "There are 1 to " + MOST + ", not " + requests.size());
        }
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            String here = place + "[" + i + "]";
            conditions.add(Query.required(here, requests.get(i)).condition(here, depth + 1));
        }
        return conditions;
    }

    private Condition matches(String place) {
        Dimension of = Query.requiredNamed(place + ".dimension", dimension, Dimension::ofCode);
        Match how = Query.orElse(Query.named(place + ".match", match, Match::ofCode), Match.EQUALS);
        List<String> given = values == null ? List.of() : values;
        if (how == Match.ABSENT ? !given.isEmpty() : given.isEmpty() || given.size() > MOST) {
            throw Query.refused(
                    place + ".values",
                    how == Match.ABSENT
                            ? "What is absent has no values"
                            : "There are 1 to " + MOST + ", not " + given.size());
        }
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            distinct.add(Query.required(place + ".values[" + i + "]", given.get(i)));
        }
        return new Condition.Matches(of, how, Query.orElse(caseSensitive, Boolean.TRUE), distinct);
    }
}
