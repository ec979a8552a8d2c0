package io.cumulet.instances.intake;

import io.cumulet.contract.CommitmentSnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.instances.app.Copies;
import io.cumulet.instances.app.Copies.ScheduledCopy;
import io.cumulet.instances.domain.launch.ScheduledReservation;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.SlotSchedule;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.intake.Intake;
import io.cumulet.plumbing.suite.ResetMoments;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps our copy of the Scheduled Reserved Instances that billing has sold. Other commitments change no launch. */
@ApplicationScoped
public class CommitmentsIntake implements EventConsumer {

    private final Intake intake;
    private final Copies copies;
    private final ResetMoments moments;

    public CommitmentsIntake(Intake intake, Copies copies, ResetMoments moments) {
        this.intake = intake;
        this.moments = moments;
        this.copies = copies;
    }

    @Incoming("billing-commitments")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> records) {
        intake.process(records, this);
    }

    @Override
    public String name() {
        return "scheduled-instance-copy";
    }

    @Override
    public Set<EventType> wants() {
        return Set.of(EventType.COMMITMENT_PURCHASED, EventType.COMMITMENT_ACTIVATED, EventType.COMMITMENT_EXPIRED);
    }

    @Override
    public Mode mode() {
        return Mode.OWN_FACTS;
    }

    @Override
    public void apply(List<IncomingEvent> events) {
        Map<String, ScheduledCopy> newest = new LinkedHashMap<>();
        Map<AccountId, Instant> resets =
                moments.of(events.stream().map(IncomingEvent::account).collect(Collectors.toSet()));
        for (IncomingEvent event : events) {
            CommitmentSnapshot bought = event.data(CommitmentSnapshot.class);
            boolean isGone = event.time().isBefore(resets.getOrDefault(event.account(), Instant.MIN));
            if (bought.schedule() != null && !isGone) {
                newest.merge(
                        event.key(),
                        new ScheduledCopy(event.account(), event.version(), reservation(bought, bought.schedule())),
                        (a, b) -> a.version() >= b.version() ? a : b);
            }
        }
        if (!newest.isEmpty()) {
            copies.takeScheduled(newest.values());
        }
    }

    private static ScheduledReservation reservation(CommitmentSnapshot bought, CommitmentSnapshot.Schedule schedule) {
        return new ScheduledReservation(
                bought.commitmentId(),
                new AvailabilityZone(Objects.requireNonNull(bought.availabilityZone(), "a schedule has a zone")),
                new InstanceType(Objects.requireNonNull(bought.instanceType(), "a schedule has a type")),
                OperatingSystem.ofCode(Objects.requireNonNull(bought.os(), "a schedule has a system"))
                        .orElseThrow(() -> new IllegalArgumentException("Not a system: " + bought.os())),
                Objects.requireNonNull(bought.count(), "a schedule has a count"),
                new SlotSchedule(
                        new Interval(bought.startsAt(), bought.endsAt()),
                        new Recurrence(
                                Recurrence.Frequency.ofCode(schedule.frequency())
                                        .orElseThrow(() -> new IllegalArgumentException(
                                                "Not a frequency: " + schedule.frequency())),
                                schedule.interval(),
                                schedule.occurrenceDays()),
                        schedule.slotDurationInHours()));
    }
}
