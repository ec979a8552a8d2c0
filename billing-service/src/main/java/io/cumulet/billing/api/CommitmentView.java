package io.cumulet.billing.api;

import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Retirement;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

@Schema(name = "Commitment", description = "Reserved Instances or a Savings Plan that an account bought")
public record CommitmentView(
        String id,

        @Schema(description = "reserved-instances, ec2-instance-savings-plan or compute-savings-plan")
        String kind,

        @Schema(description = "queued, active, queued-deleted, retired or returned")
        String state,

        @Schema(description = "Not of a Compute Savings Plan") @Nullable
        String region,

        @Schema(description = "Of zonal Reserved Instances only") @Nullable
        String availabilityZone,

        @Nullable String instanceType,

        @Schema(description = "Of an EC2 Instance Savings Plan only") @Nullable
        String family,

        @Nullable String os,
        @Nullable String offeringClass,
        @Nullable Integer instanceCount,

        @Schema(description = "USD for one Reserved Instance, once; at most 12 decimals") @Nullable
        String upfront,

        @Schema(description = "USD for one Reserved Instance in each hour of the term; at most 12 decimals") @Nullable
        String hourly,

        @Schema(description = "USD in each hour that a Savings Plan is for") @Nullable
        String commitmentHourly,

        String paymentOption,
        int termYears,
        Instant purchasedAt,

        @Schema(description = "Its clock hour is the first that it pays for, whole")
        Instant startsAt,

        @Schema(description = "The end of the last hour that it pays for")
        Instant endsAt,

        @Schema(description = "Of what ended before its term was over: modified, exchanged, sold or returned") @Nullable
        String retirementReason,

        @Schema(description = "What the account has instead of what ended before its term was over") @Nullable
        List<String> replacedBy,

        @Schema(
                description = "In the answer to a purchase on the Marketplace that more than one seller took part in:"
                        + " everything that was bought, this first")
        @Nullable
        List<String> purchasedTogether,

        Map<String, String> tags) {

    static CommitmentView of(PurchasedCommitment commitment, Map<String, String> tags, Instant now) {
        Terms terms = commitment.terms();
        Region region = terms.region();
        Retirement retirement = commitment.retirement();
        HourlyRate hourlyCommitment = terms.commitment();
        CommitmentView common = new CommitmentView(
                commitment.id(),
                terms.kind().code(),
                commitment.stateAt(now).code(),
                region == null ? null : region.value(),
                null,
                null,
                terms instanceof Terms.Ec2InstanceSavingsPlan plan ? plan.family() : null,
                null,
                null,
                null,
                null,
                null,
                hourlyCommitment == null ? null : hourlyCommitment.toString(),
                terms.paymentOption().code(),
                terms.years(),
                commitment.purchasedAt(),
                commitment.startsAt(),
                commitment.endsAt(),
                retirement == null ? null : retirement.reason().code(),
                retirement == null ? null : retirement.replacedBy(),
                null,
                tags);
        return terms instanceof Terms.ReservedInstances reserved ? common.with(reserved) : common;
    }

    private CommitmentView with(Terms.ReservedInstances reserved) {
        AvailabilityZone zone = reserved.zone();
        return new CommitmentView(
                id,
                kind,
                state,
                region,
                zone == null ? null : zone.value(),
                reserved.instanceType().value(),
                family,
                reserved.os().code(),
                reserved.offeringClass().code(),
                reserved.count(),
                Amounts.decimal(reserved.unitFees().upfront()),
                Amounts.decimal(reserved.unitFees().hourly()),
                commitmentHourly,
                paymentOption,
                termYears,
                purchasedAt,
                startsAt,
                endsAt,
                retirementReason,
                replacedBy,
                purchasedTogether,
                tags);
    }

    /** The same as part of a purchase from several sellers. */
    CommitmentView among(List<String> bought) {
        return new CommitmentView(
                id,
                kind,
                state,
                region,
                availabilityZone,
                instanceType,
                family,
                os,
                offeringClass,
                instanceCount,
                upfront,
                hourly,
                commitmentHourly,
                paymentOption,
                termYears,
                purchasedAt,
                startsAt,
                endsAt,
                retirementReason,
                replacedBy,
                bought,
                tags);
    }
}
