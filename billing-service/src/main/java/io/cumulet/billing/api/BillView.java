package io.cumulet.billing.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Bill.BilledThing;
import io.cumulet.billing.domain.billing.Correction;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

@Schema(description = "The bill of an account for a UTC calendar month")
public record BillView(
        String account,
        @Schema(description = "yyyy-MM") String month,

        @Schema(description = "Left out if the bill covers all regions") @Nullable
        String region,

        Instant periodStart,
        Instant periodEnd,

        @Schema(description = "final once it was invoiced: it never changes then; draft before")
        String status,

        @Schema(description = "The invoices it is part of: the caller's own, or its payer's. None for a draft")
        List<String> invoiceIds,

        @Schema(description = "All usage up to this moment is in the bill")
        Instant completeUntil,

        @Schema(description = "Whether the bill may still change")
        boolean provisional,

        @Schema(
                description = "Why it may: period-not-over, spot-hour-goes-on, events-unread, event-missing,"
                        + " price-missing")
        List<String> provisionalReasons,

        String currency,
        CostsView totals,

        @Schema(description = "The billed total in whole cents, rounded half up, once")
        String invoiceTotal,

        List<LineView> lines,

        @Schema(description = "What earlier months, which were final, should have had more or less; in the totals")
        List<CorrectionView> corrections,

        @Schema(description = "Runs without an end; they are in the lines up to completeUntil")
        List<RunningView> stillRunning,

        @Schema(description = "Usage without a known price; it is in no line")
        List<UnratedView> unrated) {

    @Schema(description = "What a resource cost at one rate")
    public record LineView(
            @Schema(description = "Whose usage or commitment it is")
            String account,

            String category,

            @Schema(description = "Not of the fees of a Compute Savings Plan") @Nullable
            String region,

            @Nullable String resourceId,

            @Schema(description = "The commitment that pays or is paid for") @Nullable
            String commitmentId,

            @Nullable String availabilityZone,
            @Nullable String instanceType,
            @Nullable String os,
            @Nullable String tenancy,
            @Nullable String market,
            @Schema(description = "USD an hour") @Nullable String hourlyRate,

            @Schema(description = "Start of the first charge period")
            Instant from,

            @Schema(description = "How many rated rows it sums up")
            long rows,

            @Nullable String seconds,
            @JsonUnwrapped CostsView costs) {

        static LineView of(Bill.Line line) {
            BilledThing thing = line.thing();
            return new LineView(
                    line.account().value(),
                    line.category().code(),
                    line.region() == null ? null : line.region().value(),
                    line.resourceId(),
                    line.commitmentId(),
                    thing == null ? null : thing.availabilityZone(),
                    thing == null ? null : thing.instanceType(),
                    thing == null ? null : thing.os(),
                    thing == null ? null : thing.tenancy(),
                    thing == null ? null : thing.market(),
                    line.hourlyRate() == null ? null : line.hourlyRate().toString(),
                    line.from(),
                    line.rows(),
                    line.seconds() == null ? null : line.seconds().toPlainString(),
                    CostsView.of(line.costs()));
        }
    }

    @Schema(description = "A difference on a line of an earlier month; its rows, seconds and costs may be below 0")
    public record CorrectionView(
            @Schema(description = "yyyy-MM, the month that is corrected")
            String month,

            @JsonUnwrapped LineView difference) {

        static CorrectionView of(Correction correction) {
            return new CorrectionView(correction.month().toString(), LineView.of(correction.difference()));
        }
    }

    public record RunningView(
            String instanceId,
            String availabilityZone,
            String instanceType,
            String os,
            String market,
            Instant startedAt) {

        static RunningView of(UsageRun run) {
            return new RunningView(
                    run.instanceId(),
                    run.thing().zone().value(),
                    run.thing().instanceType().value(),
                    run.thing().os().code(),
                    run.thing().market().code(),
                    run.startedAt());
        }
    }

    public record UnratedView(
            String resourceId,

            @Schema(description = "Start of the first hour without a price")
            Instant from,

            String reason) {

        static UnratedView of(Unrated one) {
            return new UnratedView(one.resourceId(), one.from(), one.reason());
        }
    }

    static BillView of(AccountId account, String month, @Nullable Region region, Bill bill) {
        return new BillView(
                account.value(),
                month,
                region == null ? null : region.value(),
                bill.period().from(),
                bill.period().until(),
                bill.isFinal() ? "final" : "draft",
                bill.invoiceIds(),
                bill.completeUntil(),
                !bill.provisional().isEmpty(),
                bill.provisional().stream().map(Bill.Provisional::code).toList(),
                "USD",
                CostsView.of(bill.totals()),
                bill.invoiceTotal().toString(),
                bill.lines().stream().map(LineView::of).toList(),
                bill.corrections().stream().map(CorrectionView::of).toList(),
                bill.stillRunning().stream().map(RunningView::of).toList(),
                bill.unrated().stream()
                        .map(one -> UnratedView.of(one.unrated()))
                        .toList());
    }
}
