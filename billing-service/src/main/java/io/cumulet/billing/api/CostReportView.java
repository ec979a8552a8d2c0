package io.cumulet.billing.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cumulet.billing.app.CostExplorer.Explored;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.costs.CostQuery;
import io.cumulet.billing.domain.costs.CostReport;
import io.cumulet.billing.domain.costs.Dimension;
import io.cumulet.billing.domain.costs.Report;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

@Schema(description = "What was charged by period and group, in USD")
public record CostReportView(
        Instant from,
        Instant until,
        String granularity,
        List<String> groupBy,

        @Schema(description = "Left out if it is all that the caller sees") @Nullable
        String scope,

        @Schema(description = "All usage up to this moment is in it")
        Instant completeUntil,

        @Schema(description = "Whether it may still change") boolean provisional,

        @Schema(description = "Why it may, as in a bill") List<String> provisionalReasons,

        List<PeriodView> periods,
        SumView totals) {

    @Schema(description = "An hour, a day or a month; the first and the last may be cut short")
    public record PeriodView(
            Instant start,
            Instant end,

            @Schema(description = "By keys; empty if nothing was charged")
            List<GroupView> groups) {

        static PeriodView of(Report.Period<CostReport.Sum> period, List<Dimension> groupBy) {
            return new PeriodView(
                    period.interval().from(),
                    period.interval().until(),
                    period.groups().stream()
                            .map(group -> GroupView.of(group, groupBy))
                            .toList());
        }
    }

    public record GroupView(
            @Schema(
                    description =
                            "By what is grouped by; left out is what doesn't apply, such as the type of a plan's fee")
            Map<String, String> keys,

            @JsonUnwrapped SumView sum) {

        static GroupView of(Report.Group<CostReport.Sum> group, List<Dimension> groupBy) {
            return new GroupView(keysOf(group.keys(), groupBy), SumView.of(group.sum()));
        }
    }

    static Map<String, String> keysOf(List<@Nullable String> found, List<Dimension> groupBy) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int i = 0; i < groupBy.size(); i++) {
            String key = found.get(i);
            if (key != null) {
                keys.put(groupBy.get(i).code(), key);
            }
        }
        return keys;
    }

    public record SumView(
            @JsonUnwrapped CostsView costs,

            @Schema(description = "Of usage; fees and what is left of commitments have none")
            String seconds,

            @Schema(description = "The same by the normalization factor of the size: 1 for small, 4 for large")
            String normalizedSeconds) {

        static SumView of(CostReport.Sum sum) {
            return new SumView(
                    CostsView.of(sum.costs()),
                    sum.seconds().toPlainString(),
                    sum.normalizedSeconds().toPlainString());
        }
    }

    static CostReportView of(CostQuery query, @Nullable String scope, Explored<Report<CostReport.Sum>> explored) {
        return new CostReportView(
                query.period().from(),
                query.period().until(),
                query.granularity().code(),
                query.groupBy().stream().map(Dimension::code).toList(),
                scope,
                explored.charges().request().completeUntil(),
                !Bill.provisional(explored.charges()).isEmpty(),
                Bill.provisional(explored.charges()).stream()
                        .map(Bill.Provisional::code)
                        .toList(),
                explored.report().periods().stream()
                        .map(period -> PeriodView.of(period, query.groupBy()))
                        .toList(),
                SumView.of(explored.report().totals()));
    }
}
