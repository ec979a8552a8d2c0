package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a scenario makes sense. What doesn't is refused with the place at fault, never guessed at. */
public final class ScenarioCheck {

    private final Scenario scenario;

    private ScenarioCheck(Scenario scenario) {
        this.scenario = scenario;
    }

    /** The first thing that is wrong with a scenario, if anything is. */
    public static Optional<Refusal> firstFault(Scenario scenario) {
        ScenarioCheck check = new ScenarioCheck(scenario);
        return check.periodFault()
                .or(check::reservationFault)
                .or(check::hostFault)
                .or(check::instanceFault)
                .or(check::commitmentFault);
    }

    private Optional<Refusal> periodFault() {
        if (!isOnTheHour(scenario.period().from())) {
            return fault("/period/start", "A period starts on the hour");
        }
        if (!isOnTheHour(scenario.period().until())) {
            return fault("/period/end", "A period ends on the hour");
        }
        return Optional.empty();
    }

    private Optional<Refusal> reservationFault() {
        Set<String> ids = new HashSet<>();
        for (CapacityReservation reservation : scenario.usage().capacityReservations()) {
            if (!ids.add(reservation.id())) {
                return notUnique(reservation.place());
            }
            Instant end = reservation.end();
            if (end != null && !reservation.start().isBefore(end)) {
                return fault(reservation.place() + "/end", "A capacity reservation ends after it starts");
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> hostFault() {
        Set<String> ids = new HashSet<>();
        for (DedicatedHost host : scenario.usage().hosts()) {
            if (!ids.add(host.id())) {
                return notUnique(host.place());
            }
            Instant released = host.released();
            if (released != null && !host.allocated().isBefore(released)) {
                return fault(host.place() + "/released", "A host is released after it was allocated");
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> instanceFault() {
        Set<String> ids = new HashSet<>();
        Set<String> hosts = new HashSet<>();
        scenario.usage().hosts().forEach(host -> hosts.add(host.id()));
        Set<String> reservations = new HashSet<>();
        scenario.usage().capacityReservations().forEach(reservation -> reservations.add(reservation.id()));
        for (InstanceUsage instance : scenario.usage().instances()) {
            if (!ids.add(instance.id())) {
                return notUnique(instance.place());
            }
            Optional<Refusal> fault =
                    referenceFault(instance, hosts, reservations).or(() -> runFault(instance));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> commitmentFault() {
        Commitments commitments = scenario.commitments();
        return notUnique(commitments.reservedInstances())
                .or(() -> notUnique(commitments.savingsPlans()))
                .or(() -> notUnique(commitments.hostReservations()));
    }

    private static Optional<Refusal> notUnique(List<? extends Commitment> commitments) {
        Set<String> ids = new HashSet<>();
        return commitments.stream()
                .filter(commitment -> !ids.add(commitment.id()))
                .findFirst()
                .flatMap(commitment -> notUnique(commitment.place()));
    }

    private static Optional<Refusal> referenceFault(
            InstanceUsage instance, Set<String> hosts, Set<String> reservations) {
        String hostId = instance.hostId();
        if (hostId != null && instance.tenancy() != Tenancy.HOST) {
            return fault(instance.place() + "/hostId", "Only an instance with tenancy host names a host");
        }
        if (hostId != null && !hosts.contains(hostId)) {
            return fault(instance.place() + "/hostId", "There is no dedicated host " + hostId);
        }
        String reservationId = instance.capacityReservationId();
        if (reservationId != null && !reservations.contains(reservationId)) {
            return fault(
                    instance.place() + "/capacityReservationId", "There is no capacity reservation " + reservationId);
        }
        if (instance.market() == Market.SPOT) {
            if (instance.tenancy() == Tenancy.HOST) {
                return fault(instance.place() + "/market", "A spot instance doesn't run on a dedicated host");
            }
            if (reservationId != null) {
                return fault(
                        instance.place() + "/capacityReservationId",
                        "A spot instance doesn't run in a capacity reservation");
            }
        }
        return Optional.empty();
    }

    private record NumberedRun(int number, Run run) {}

    private static Optional<Refusal> runFault(InstanceUsage instance) {
        List<NumberedRun> runs = new ArrayList<>();
        for (Run run : instance.runs()) {
            String place = instance.place() + "/runs/" + runs.size();
            Instant stop = run.stop();
            if (stop != null && !run.start().isBefore(stop)) {
                return fault(place + "/stop", "A run ends after it starts");
            }
            if (stop == null && run.endedBy() == EndedBy.INTERRUPTION) {
                return fault(place + "/endedBy", "A run without a stop hasn't ended");
            }
            runs.add(new NumberedRun(runs.size(), run));
        }
        runs.sort(Comparator.comparing(numbered -> numbered.run().start()));
        for (int i = 1; i < runs.size(); i++) {
            Instant stopBefore = runs.get(i - 1).run().stop();
            if (stopBefore == null || runs.get(i).run().start().isBefore(stopBefore)) {
                return fault(
                        instance.place() + "/runs/" + runs.get(i).number(),
                        "It overlaps run " + runs.get(i - 1).number() + " of the same instance");
            }
        }
        return Optional.empty();
    }

    private static boolean isOnTheHour(Instant instant) {
        return instant.getEpochSecond() % RatedSegment.STEP_SECONDS == 0 && instant.getNano() == 0;
    }

    private static Optional<Refusal> notUnique(String place) {
        return fault(place + "/id", "The id is taken already");
    }

    private static Optional<Refusal> fault(String place, String message) {
        return Optional.of(Refusal.of(ErrorCode.CANNOT_RATE, place, message));
    }
}
