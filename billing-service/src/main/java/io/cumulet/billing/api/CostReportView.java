package io.cumulet.billing.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cumulet.billing.app.CostExplorer.Explored;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.costs.CostQuery;
import io.cumulet.billing.domain.costs.CostReport;
import io.cumulet.billing.domain.costs.Dimension;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

@Schema(description = "What was charged by period and group, in USD")
public record CostReportView(
        Instant from,
        Instant until,
        String granularity,
        List<String> groupBy,
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

        static PeriodView of(CostReport.Period period, List<Dimension> groupBy) {
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

        static GroupView of(CostReport.Group group, List<Dimension> groupBy) {
            Map<String, String> keys = new LinkedHashMap<>();
            for (int i = 0; i < groupBy.size(); i++) {
                String key = group.keys().get(i);
                if (key != null) {
                    keys.put(groupBy.get(i).code(), key);
                }
            }
            return new GroupView(keys, SumView.of(group.sum()));
        }
    }

    public record SumView(
            @JsonUnwrapped CostsView costs,

            @Schema(description = "Of usage; fees and what is left of commitments have none")
            String seconds) {

        static SumView of(CostReport.Sum sum) {
            return new SumView(CostsView.of(sum.costs()), sum.seconds().toPlainString());
        }
    }

    static CostReportView of(CostQuery query, Explored<CostReport> explored) {
        return new CostReportView(
                query.period().from(),
                query.period().until(),
                query.granularity().code(),
                query.groupBy().stream().map(Dimension::code).toList(),
                query.scope().code(),
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
