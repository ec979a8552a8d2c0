package io.cumulet.billing.store;

import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Retirement;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.Recurrence.Frequency;
import io.cumulet.kernel.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code commitment}. Which columns are filled depends on the kind. */
@Entity
@Table(name = "commitment")
class CommitmentEntity {

    @Id
    String id;

    String account;

    String kind;

    long version;

    @Column(name = "purchased_at")
    Instant purchasedAt;

    @Column(name = "starts_at")
    Instant startsAt;

    @Column(name = "held_since")
    Instant heldSince;

    @Column(name = "ends_at")
    Instant endsAt;

    @Column(name = "agreed_end_at")
    Instant agreedEnd;

    @Column(name = "cancelled_at")
    @Nullable
    Instant cancelledAt;

    /** Null for what doesn't end before its agreed end. */
    @Column(name = "retired_because")
    @Nullable
    String retiredBecause;

    @Column(name = "replaced_by")
    String @Nullable [] replacedBy;

    int years;

    @Column(name = "payment_option")
    String paymentOption;

    @Nullable
    String region;

    @Column(name = "availability_zone")
    @Nullable
    String availabilityZone;

    @Column(name = "instance_type")
    @Nullable
    String instanceType;

    @Nullable
    String family;

    @Nullable
    String os;

    @Column(name = "offering_class")
    @Nullable
    String offeringClass;

    @Column(name = "unit_count")
    @Nullable
    Integer count;

    /** Exact, as {@link Amounts} writes it, for one unit; so are the next two. */
    @Nullable
    String upfront;

    @Nullable
    String spread;

    @Nullable
    String hourly;

    @Nullable
    String frequency;

    @Column(name = "recurrence_interval")
    @Nullable
    Integer recurrenceInterval;

    /** Commas between them. */
    @Column(name = "occurrence_days")
    @Nullable
    String occurrenceDays;

    @Column(name = "slot_hours")
    @Nullable
    Integer slotHours;

    /** Text, so that a commitment keeps the digits it came with. */
    @Nullable
    String commitment;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> tags = Map.of();

    static CommitmentEntity of(PurchasedCommitment bought) {
        CommitmentEntity row = new CommitmentEntity();
        row.id = bought.id();
        row.account = bought.account().value();
        row.kind = bought.terms().kind().code();
        row.purchasedAt = bought.purchasedAt();
        row.startsAt = bought.startsAt();
        row.heldSince = bought.heldSince();
        row.agreedEnd = bought.agreedEnd();
        row.change(bought);
        row.years = bought.terms().years();
        row.paymentOption = bought.terms().paymentOption().code();
        Region region = bought.terms().region();
        row.region = region == null ? null : region.value();
        switch (bought.terms()) {
            case Terms.ReservedInstances reserved -> {
                AvailabilityZone zone = reserved.zone();
                row.availabilityZone = zone == null ? null : zone.value();
                row.instanceType = reserved.instanceType().value();
                row.os = reserved.os().code();
                row.offeringClass = reserved.offeringClass().code();
                row.count = reserved.count();
                row.upfront = Amounts.exact(reserved.unitFees().upfront());
                row.spread = Amounts.exact(reserved.unitFees().spread());
                row.hourly = Amounts.exact(reserved.unitFees().hourly());
            }
            case Terms.ScheduledInstances scheduled -> {
                row.availabilityZone = scheduled.zone().value();
                row.instanceType = scheduled.instanceType().value();
                row.os = scheduled.os().code();
                row.count = scheduled.count();
                row.hourly = scheduled.hourly().toPlainString();
                row.frequency = scheduled.recurrence().frequency().code();
                row.recurrenceInterval = scheduled.recurrence().interval();
                row.occurrenceDays = scheduled.recurrence().occurrenceDays().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(","));
                row.slotHours = scheduled.slotHours();
            }
            case Terms.Ec2InstanceSavingsPlan plan -> {
                row.family = plan.family();
                row.commitment = plan.commitment().toString();
            }
            case Terms.ComputeSavingsPlan plan ->
                row.commitment = plan.commitment().toString();
        }
        return row;
    }

    /** What may differ from one version to the next. */
    void change(PurchasedCommitment changed) {
        version = changed.version();
        endsAt = changed.endsAt();
        cancelledAt = changed.cancelledAt();
        Retirement retirement = changed.retirement();
        retiredBecause = retirement == null ? null : retirement.reason().code();
        replacedBy = retirement == null ? null : retirement.replacedBy().toArray(String[]::new);
    }

    PurchasedCommitment commitment() {
        return new PurchasedCommitment(
                id,
                new AccountId(account),
                terms(),
                purchasedAt,
                startsAt,
                heldSince,
                agreedEnd,
                cancelledAt,
                retiredBecause == null
                        ? null
                        : new Retirement(
                                Reason.ofCode(retiredBecause).orElseThrow(),
                                endsAt,
                                List.of(Objects.requireNonNull(replacedBy))),
                version);
    }

    private Terms terms() {
        PaymentOption payment = PaymentOption.ofCode(paymentOption).orElseThrow();
        return switch (Terms.Kind.ofCode(kind).orElseThrow()) {
            case RESERVED_INSTANCES ->
                new Terms.ReservedInstances(
                        new Region(Objects.requireNonNull(region)),
                        availabilityZone == null ? null : new AvailabilityZone(availabilityZone),
                        new InstanceType(Objects.requireNonNull(instanceType)),
                        OperatingSystem.ofCode(Objects.requireNonNull(os)).orElseThrow(),
                        OfferingClass.ofCode(Objects.requireNonNull(offeringClass))
                                .orElseThrow(),
                        years,
                        payment,
                        Objects.requireNonNull(count),
                        new Fees(
                                Amounts.parse(Objects.requireNonNull(upfront)),
                                Amounts.parse(Objects.requireNonNull(spread)),
                                Amounts.parse(Objects.requireNonNull(hourly))));
            case SCHEDULED_INSTANCES ->
                new Terms.ScheduledInstances(
                        new AvailabilityZone(Objects.requireNonNull(availabilityZone)),
                        new InstanceType(Objects.requireNonNull(instanceType)),
                        OperatingSystem.ofCode(Objects.requireNonNull(os)).orElseThrow(),
                        recurrence(),
                        Objects.requireNonNull(slotHours),
                        Objects.requireNonNull(count),
                        new BigDecimal(Objects.requireNonNull(hourly)));
            case EC2_INSTANCE_SAVINGS_PLAN ->
                new Terms.Ec2InstanceSavingsPlan(
                        new Region(Objects.requireNonNull(region)),
                        Objects.requireNonNull(family),
                        years,
                        payment,
                        HourlyRate.of(Objects.requireNonNull(commitment)));
            case COMPUTE_SAVINGS_PLAN ->
                new Terms.ComputeSavingsPlan(years, payment, HourlyRate.of(Objects.requireNonNull(commitment)));
        };
    }

    private Recurrence recurrence() {
        String days = Objects.requireNonNull(occurrenceDays);
        return new Recurrence(
                Frequency.ofCode(Objects.requireNonNull(frequency)).orElseThrow(),
                Objects.requireNonNull(recurrenceInterval),
                days.isEmpty()
                        ? List.of()
                        : Stream.of(days.split(",")).map(Integer::valueOf).toList());
    }
}
