package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A commitment as it was bought, and the state it has come to. Key: commitment id.
 *
 * @param kind {@code reserved-instances}, {@code scheduled-instances}, {@code ec2-instance-savings-plan} or {@code
 *     compute-savings-plan}
 * @param state {@code queued}, {@code active}, {@code queued-deleted}, {@code retired} or {@code returned}
 * @param region where it applies; null for a Compute Savings Plan, whose events carry us-east-1 in their headers
 * @param availabilityZone of zonal and of scheduled Reserved Instances
 * @param instanceType of Reserved Instances
 * @param family of an EC2 Instance Savings Plan
 * @param offeringClass {@code standard}, {@code convertible} or {@code scheduled}
 * @param count how many Reserved Instances
 * @param upfront USD for one Reserved Instance, once; a decimal string of at most 12 decimals
 * @param hourly USD for one Reserved Instance in each hour, of a scheduled one in each hour of its slots; a decimal
 *     string of at most 12 decimals
 * @param commitmentHourly USD in each hour that a Savings Plan is for; a decimal string
 * @param purchasedAt when it was ordered
 * @param startsAt when its term begins; the clock hour counts whole
 * @param endsAt when its term ends
 * @param retirementReason of what ended before its term was over: {@code modified}, {@code exchanged}, {@code sold} or
 *     {@code returned}
 * @param replacedBy the commitments that the same account has instead
 * @param schedule when scheduled Reserved Instances may be used, in UTC; the first slot begins with the term
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
        @Nullable List<String> replacedBy,
        @Nullable Schedule schedule) {

    /**
     * Slots that recur. All lie whole in the term and begin at the hour of the day at which it begins.
     *
     * @param frequency {@code daily}, {@code weekly} or {@code monthly}
     * @param interval every how many days, weeks (from Sunday on) or months, counted from the first slot's
     * @param occurrenceDays of the week, 1 is Sunday, or of the month; empty if daily
     */
    public record Schedule(String frequency, int interval, List<Integer> occurrenceDays, int slotDurationInHours) {}
}
