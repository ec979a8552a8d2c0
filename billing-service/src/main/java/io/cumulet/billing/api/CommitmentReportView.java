package io.cumulet.billing.api;

import io.cumulet.billing.app.CostExplorer.Explored;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.costs.CommitmentReport;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

@Schema(description = "How commitments are used and what they cover, in USD")
public record CommitmentReportView(
        Instant from,
        Instant until,
        String scope,

        @Schema(description = "All usage up to this moment is in it")
        Instant completeUntil,

        @Schema(description = "Whether it may still change") boolean provisional,

        List<OfCommitmentView> commitments,
        UtilizationView total,
        CoverageView coverage) {

    @Schema(description = "One commitment that was in its term, with all it paid for, whoever used it")
    public record OfCommitmentView(
            String commitmentId,

            @Schema(
                    description =
                            "reserved-instances, scheduled-instances, ec2-instance-savings-plan or compute-savings-plan")
            String kind,

            @Schema(description = "Who bought it") String account,

            @Nullable String region,
            UtilizationView utilization) {

        static OfCommitmentView of(CommitmentReport.OfCommitment one) {
            PurchasedCommitment commitment = one.commitment();
            Region region = commitment.terms().region();
            return new OfCommitmentView(
                    commitment.id(),
                    commitment.terms().kind().code(),
                    commitment.account().value(),
                    region == null ? null : region.value(),
                    UtilizationView.of(one.utilization()));
        }
    }

    @Schema(description = "Fees spread over the hours of the term")
    public record UtilizationView(
            @Schema(description = "Used share of the commitment, two decimals, half up; left out if it cost nothing")
            @Nullable
            String utilizationPercentage,

            @Schema(description = "Used and unused") String totalAmortizedCommitment,

            String usedCommitment,
            String unusedCommitment,

            @Schema(description = "What the usage it paid for would have cost on demand")
            String onDemandCostEquivalent,

            @Schema(description = "On-demand cost equivalent less amortized commitment; may be negative")
            String netSavings) {

        static UtilizationView of(CommitmentReport.Utilization utilization) {
            return new UtilizationView(
                    plain(utilization.percentage()),
                    utilization.amortized().toString(),
                    utilization.used().toString(),
                    utilization.unused().toString(),
                    utilization.onDemandEquivalent().toString(),
                    utilization.netSavings().toString());
        }
    }

    @Schema(description = "Usage that commitments can pay for, at its price on demand: no spot, nothing free")
    public record CoverageView(
            String totalCost,

            @Schema(description = "What commitments left") String onDemandCost,

            @Schema(description = "What all commitments paid for")
            String spendCovered,

            @Schema(description = "Covered share, two decimals, half up; left out if there was nothing to cover")
            @Nullable
            String coveragePercentage,

            List<CoverageByTypeView> byType) {

        static CoverageView of(CommitmentReport.Coverage coverage) {
            return new CoverageView(
                    coverage.total().toString(),
                    coverage.onDemand().toString(),
                    coverage.coveredInAll().toString(),
                    plain(coverage.percentage(coverage.coveredInAll())),
                    coverage.covered().entrySet().stream()
                            .map(entry -> CoverageByTypeView.of(coverage, entry))
                            .toList());
        }
    }

    @Schema(description = "What one type of commitment paid for, with its share of the total")
    public record CoverageByTypeView(
            String kind, String spendCovered, @Nullable String coveragePercentage) {

        static CoverageByTypeView of(CommitmentReport.Coverage coverage, Map.Entry<Terms.Kind, Money> covered) {
            return new CoverageByTypeView(
                    covered.getKey().code(),
                    covered.getValue().toString(),
                    plain(coverage.percentage(covered.getValue())));
        }
    }

    private static @Nullable String plain(@Nullable BigDecimal percentage) {
        return percentage == null ? null : percentage.toPlainString();
    }

    static CommitmentReportView of(Interval period, Scope scope, Explored<CommitmentReport> explored) {
        CommitmentReport report = explored.report();
        return new CommitmentReportView(
                period.from(),
                period.until(),
                scope.code(),
                explored.charges().request().completeUntil(),
                !Bill.provisional(explored.charges()).isEmpty(),
                report.commitments().stream().map(OfCommitmentView::of).toList(),
                UtilizationView.of(report.total()),
                CoverageView.of(report.coverage()));
    }
}
