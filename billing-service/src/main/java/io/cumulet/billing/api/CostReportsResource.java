package io.cumulet.billing.api;

import io.cumulet.billing.api.CommitmentReportView.UtilizationView;
import io.cumulet.billing.app.CostExplorer;
import io.cumulet.billing.app.CostExplorer.Explored;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.costs.CostQuery;
import io.cumulet.billing.domain.costs.CoverageReport.Coverage;
import io.cumulet.billing.domain.costs.CoverageReport.Part;
import io.cumulet.billing.domain.costs.Dimension;
import io.cumulet.billing.domain.costs.Granularity;
import io.cumulet.billing.domain.costs.Report;
import io.cumulet.billing.domain.costs.UtilizationReport.Use;
import io.cumulet.plumbing.api.Caller;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What was charged and how commitments were used, for whoever wants to look closely: by periods, groups and conditions. An
 * account sees what it used and bought itself, and what it pays for others.
 */
@Path("/v1/cost-reports")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Costs")
public class CostReportsResource {

    private static final int MOST_DIMENSIONS = 8;

    private final CostExplorer explorer;
    private final Caller caller;

    public CostReportsResource(CostExplorer explorer, Caller caller) {
        this.explorer = explorer;
        this.caller = caller;
    }

    @Schema(name = "CostReportRequest")
    public record ReportRequest(
            @Schema(required = true, description = "On the hour, UTC, such as 2026-01-01T00:00:00Z") @Nullable
            String from,

            @Schema(required = true, description = "On the hour, UTC; at most 400 days behind from, 31 if hourly")
            @Nullable
            String until,

            @Schema(description = "hourly, daily (if not said), monthly, or whole: one period") @Nullable
            String granularity,

            @Schema(description = "At most 8, those of GET /v1/costs") @Nullable
            List<String> groupBy,

            @Schema(description = "What is wanted; everything if not said") @Nullable
            ConditionRequest filter) {

        CostQuery query() {
            Granularity by =
                    Query.orElse(Query.named("granularity", granularity, Granularity::ofCode), Granularity.DAILY);
            return new CostQuery(
                    CostsResource.period(from, until, by),
                    by,
                    CostsResource.dimensions(groupBy == null ? List.of() : groupBy, MOST_DIMENSIONS),
                    ConditionRequest.of(filter));
        }
    }

    @POST
    @Operation(
            summary = "Shows what was charged by period and group, of what a filter lets through",
            description =
                    "An hour belongs to the period in which it begins, and has the tags in force then, or those at"
                            + " launch in an instance's first hour.")
    public CostReportView costs(@NotNull ReportRequest body) {
        CostQuery query = body.query();
        return CostReportView.of(query, null, explorer.seenCosts(caller.account(), query));
    }

    @POST
    @Path("utilization")
    @Operation(
            summary = "Shows how commitments are used, by period and group",
            description =
                    "Filters and groups look at what was bought: its owner, type, place, and payment. Usage of others"
                            + " in the organization counts as use. Tags are of instances: commitments have none here.")
    public UsesView utilization(@NotNull ReportRequest body) {
        CostQuery query = body.query();
        Explored<Report<Use>> explored = explorer.utilization(caller.account(), query);
        return new UsesView(
                explored.charges().request().completeUntil(),
                !Bill.provisional(explored.charges()).isEmpty(),
                periods(query, explored.report(), UseView::of),
                UseView.of(explored.report().totals()));
    }

    @POST
    @Path("coverage")
    @Operation(
            summary = "Shows how much commitments cover of the usage that they can pay for, by period and group",
            description = "Spot and what is free are left out.")
    public CoveragesView coverage(@NotNull ReportRequest body) {
        CostQuery query = body.query();
        Explored<Report<Coverage>> explored = explorer.coverage(caller.account(), query);
        return new CoveragesView(
                explored.charges().request().completeUntil(),
                !Bill.provisional(explored.charges()).isEmpty(),
                periods(query, explored.report(), CoverageView::of),
                CoverageView.of(explored.report().totals()));
    }

    @POST
    @Path("tags")
    @Operation(summary = "Lists the tags of what was charged, by key; granularity and groups don't matter")
    public TagsView tags(@NotNull ReportRequest body) {
        return new TagsView(explorer.tags(caller.account(), body.query()));
    }

    @Schema(name = "CostTags")
    public record TagsView(SortedMap<String, SortedSet<String>> tags) {}

    @Schema(name = "UtilizationReport")
    public record UsesView(
            Instant completeUntil, boolean provisional, List<PeriodView<UseView>> periods, UseView totals) {}

    @Schema(name = "CoverageReport")
    public record CoveragesView(
            Instant completeUntil, boolean provisional, List<PeriodView<CoverageView>> periods, CoverageView totals) {}

    public record PeriodView<V>(Instant start, Instant end, List<GroupView<V>> groups, V totals) {}

    public record GroupView<V>(Map<String, String> keys, V value) {}

    private static <R extends Report.Value<R>, V> List<PeriodView<V>> periods(
            CostQuery query, Report<R> report, Function<R, V> view) {
        List<Dimension> groupBy = query.groupBy();
        return report.periods().stream()
                .map(period -> new PeriodView<>(
                        period.interval().from(),
                        period.interval().until(),
                        period.groups().stream()
                                .map(group -> new GroupView<>(
                                        CostReportView.keysOf(group.keys(), groupBy), view.apply(group.sum())))
                                .toList(),
                        view.apply(period.totals())))
                .toList();
    }

    @Schema(
            name = "Use",
            description = "Hours and units are those of Reserved Instances, units hours by the size's factor")
    public record UseView(
            UtilizationView fees,

            @Schema(description = "The part of the fees that falls due by the hour")
            String recurringFees,

            @Schema(description = "The part that was paid upfront, spread over the hours")
            String spreadUpfrontFees,

            String purchasedHours,
            String usedHours,

            @Schema(description = "Two decimals, half up; left out if there are no hours") @Nullable
            String usedHoursPercentage,

            String purchasedUnits,
            String usedUnits,
            @Nullable String usedUnitsPercentage) {

        static UseView of(Use use) {
            BigDecimal ofHours = Use.percentage(use.usedHours(), use.boughtHours());
            BigDecimal ofUnits = Use.percentage(use.usedUnits(), use.boughtUnits());
            return new UseView(
                    UtilizationView.of(use.money()),
                    use.recurring().toString(),
                    use.money().amortized().minus(use.recurring()).toString(),
                    Amounts.decimal(use.boughtHours()),
                    Amounts.decimal(use.usedHours()),
                    ofHours == null ? null : ofHours.toPlainString(),
                    Amounts.decimal(use.boughtUnits()),
                    Amounts.decimal(use.usedUnits()),
                    ofUnits == null ? null : ofUnits.toPlainString());
        }
    }

    @Schema(name = "Coverage")
    public record CoverageView(
            @Schema(description = "What Reserved Instances paid for")
            PartView reserved,

            @Schema(description = "What Savings Plans paid for")
            PartView savingsPlans,

            @Schema(description = "What they left") PartView onDemand) {

        static CoverageView of(Coverage coverage) {
            return new CoverageView(
                    PartView.of(coverage.reserved()),
                    PartView.of(coverage.planned()),
                    PartView.of(coverage.onDemand()));
        }
    }

    @Schema(name = "CoveragePart")
    public record PartView(
            @Schema(description = "USD, at the price on demand")
            String listCost,

            String seconds,

            @Schema(description = "By the normalization factor of the size")
            String normalizedSeconds) {

        static PartView of(Part part) {
            return new PartView(
                    part.list().toString(),
                    part.seconds().toPlainString(),
                    part.normalizedSeconds().toPlainString());
        }
    }
}
