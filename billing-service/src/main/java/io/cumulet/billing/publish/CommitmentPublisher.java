package io.cumulet.billing.publish;

import io.cumulet.billing.app.CommitmentEvents;
import io.cumulet.billing.domain.commitments.Amounts;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Retirement;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.contract.CommitmentSnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Commitments on {@code billing.commitments}, whole each time. */
@ApplicationScoped
public class CommitmentPublisher implements CommitmentEvents {

    private final Outbox outbox;

    public CommitmentPublisher(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void purchased(PurchasedCommitment commitment, Instant at) {
        append(EventType.COMMITMENT_PURCHASED, commitment, at);
    }

    @Override
    public void activated(PurchasedCommitment commitment, Instant at) {
        append(EventType.COMMITMENT_ACTIVATED, commitment, at);
    }

    @Override
    public void cancelled(PurchasedCommitment commitment, Instant at) {
        append(EventType.COMMITMENT_CANCELLED, commitment, at);
    }

    @Override
    public void retired(PurchasedCommitment commitment, Instant at) {
        append(EventType.COMMITMENT_RETIRED, commitment, at);
    }

    @Override
    public void expired(PurchasedCommitment commitment, Instant at) {
        append(EventType.COMMITMENT_EXPIRED, commitment, at);
    }

    private void append(EventType type, PurchasedCommitment commitment, Instant at) {
        Region region = commitment.terms().region();
        outbox.append(List.of(new NewEvent(
                type,
                commitment.id(),
                commitment.account(),
                region == null ? Region.DEFAULT : region,
                commitment.version(),
                at,
                null,
                snapshot(commitment, at))));
    }

    static CommitmentSnapshot snapshot(PurchasedCommitment commitment, Instant at) {
        Terms terms = commitment.terms();
        Terms.OfInstances reserved = terms instanceof Terms.OfInstances some ? some : null;
        Terms.ScheduledInstances scheduled = terms instanceof Terms.ScheduledInstances some ? some : null;
        Terms.Ec2InstanceSavingsPlan plan = terms instanceof Terms.Ec2InstanceSavingsPlan some ? some : null;
        return new CommitmentSnapshot(
                commitment.id(),
                commitment.account().value(),
                terms.kind().code(),
                commitment.stateAt(at).code(),
                commitment.version(),
                of(terms, Terms::region, Region::value),
                of(reserved, Terms.OfInstances::zone, AvailabilityZone::value),
                of(reserved, Terms.OfInstances::instanceType, InstanceType::value),
                of(plan, Terms.Ec2InstanceSavingsPlan::family, Function.identity()),
                of(reserved, Terms.OfInstances::os, OperatingSystem::code),
                offeringClass(terms),
                of(reserved, Terms.OfInstances::count, Function.identity()),
                of(reserved, one -> one.unitFees().upfront(), Amounts::decimal),
                of(reserved, one -> one.unitFees().hourly(), Amounts::decimal),
                of(terms, Terms::commitment, HourlyRate::toString),
                terms.paymentOption().code(),
                terms.years(),
                commitment.purchasedAt(),
                commitment.startsAt(),
                commitment.endsAt(),
                of(commitment.retirement(), Retirement::reason, Reason::code),
                of(commitment.retirement(), Retirement::replacedBy, Function.identity()),
                of(scheduled, Function.identity(), CommitmentPublisher::schedule));
    }

    private static @Nullable String offeringClass(Terms terms) {
        return switch (terms) {
            case Terms.ReservedInstances reserved -> reserved.offeringClass().code();
            case Terms.ScheduledInstances scheduled -> Terms.ScheduledInstances.OFFERING_CLASS;
            case Terms.Ec2InstanceSavingsPlan plan -> null;
            case Terms.ComputeSavingsPlan plan -> null;
        };
    }

    private static CommitmentSnapshot.Schedule schedule(Terms.ScheduledInstances scheduled) {
        return new CommitmentSnapshot.Schedule(
                scheduled.recurrence().frequency().code(),
                scheduled.recurrence().interval(),
                scheduled.recurrence().occurrenceDays(),
                scheduled.slotHours());
    }

    private static <T, A, V> @Nullable V of(
            @Nullable T owner, Function<T, @Nullable A> attribute, Function<A, V> written) {
        A value = owner == null ? null : attribute.apply(owner);
        return value == null ? null : written.apply(value);
    }
}
