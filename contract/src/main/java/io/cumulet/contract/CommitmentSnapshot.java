package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commitment as it was bought, and the state it has come to. Key: commitment id.
 *
 * @param kind {@code reserved-instances}, {@code ec2-instance-savings-plan} or {@code compute-savings-plan}
 * @param state {@code queued}, {@code active}, {@code queued-deleted} or {@code retired}
 * @param region where it applies; null for a Compute Savings Plan, whose events carry us-east-1 in their headers
 * @param availabilityZone of zonal Reserved Instances
 * @param instanceType of Reserved Instances
 * @param family of an EC2 Instance Savings Plan
 * @param offeringClass {@code standard} or {@code convertible}
 * @param count how many Reserved Instances
 * @param upfront USD for one Reserved Instance, once; a decimal string of at most 12 decimals
 * @param hourly USD for one Reserved Instance in each hour; a decimal string of at most 12 decimals
 * @param commitmentHourly USD in each hour that a Savings Plan is for; a decimal string
 * @param purchasedAt when it was ordered
 * @param startsAt when its term begins; the clock hour counts whole
 * @param endsAt when its term ends
 * @param retirementReason of what ended before its term was over: {@code modified}, {@code exchanged} or {@code sold}
 * @param replacedBy the commitments that the same account has instead
 */
public record CommitmentSnapshot(
        String commitmentId,
        String account,
        String kind,
        String state,
        long version,
        @Nullable String region,
        @Nullable String availabilityZone,
        @Nullable String instanceType,
        @Nullable String family,
        @Nullable String os,
        @Nullable String offeringClass,
        @Nullable Integer count,
        @Nullable String upfront,
        @Nullable String hourly,
        @Nullable String commitmentHourly,
        String paymentOption,
        int termYears,
        Instant purchasedAt,
        Instant startsAt,
        Instant endsAt,
        @Nullable String retirementReason,
        @Nullable List<String> replacedBy) {}
