package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.billing.Bill.Line;
import io.cumulet.billing.domain.billing.Bill.LineKey;
import io.cumulet.billing.domain.rating.Costs;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a closed month should have had more, or less, on one line.
 *
 * @param month the month that is corrected
 * @param difference its rows, seconds and costs may be below 0
 */
public record Correction(YearMonth month, Line difference) {

    /**
     * What is missing for a month's lines to be right.
     *
     * @param invoiced all lines invoiced for the month so far, corrections included
     * @param right the lines as they should be
     */
    public static List<Correction> between(YearMonth month, List<Line> invoiced, List<Line> right) {
        Map<LineKey, Line> differences = new LinkedHashMap<>();
        right.forEach(line -> differences.merge(line.key(), line, Line::plus));
        invoiced.forEach(line -> differences.merge(line.key(), line.negated(), Line::plus));
        List<Correction> corrections = new ArrayList<>();
        for (Line difference : differences.values()) {
            boolean isNothing = difference.costs().equals(Costs.ZERO)
                    && (difference.seconds() == null || difference.seconds().signum() == 0);
            if (!isNothing) {
                corrections.add(new Correction(month, difference));
            }
        }
        return corrections;
    }
}
