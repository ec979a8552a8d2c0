package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An account in no organization of the others, that uses and has bought all that they do. */
final class Stranger {

    static final AccountId ACCOUNT = new AccountId("999999999999");

    private static final String SUFFIX = "-of-a-stranger";

    private Stranger() {}

    static Scenario joins(Scenario scenario) {
        Usage usage = scenario.usage();
        Commitments commitments = scenario.commitments();
        return new Scenario(
                scenario.period(),
                scenario.knownUntil(),
                new PricesOfPlansOfBoth(scenario.prices()),
                new Usage(
                        both(usage.instances(), Stranger::instance),
                        both(usage.capacityReservations(), Stranger::capacityReservation),
                        both(usage.hosts(), Stranger::host)),
                new Commitments(
                        both(commitments.reservedInstances(), Stranger::reservedInstance),
                        both(commitments.savingsPlans(), Stranger::savingsPlan),
                        both(commitments.hostReservations(), Stranger::hostReservation)),
                scenario.organizations(),
                scenario.freeTier(),
                scenario.spotInterruptionPolicy());
    }

    private static <T> List<T> both(List<T> ours, UnaryOperator<T> strangers) {
        List<T> both = new ArrayList<>();
        for (T one : ours) {
            both.add(strangers.apply(one));
            both.add(one);
        }
        return both;
    }

    private static InstanceUsage instance(InstanceUsage ours) {
        return new InstanceUsage(
                ours.place(),
                ours.id() + SUFFIX,
                ACCOUNT,
                ours.type(),
                ours.os(),
                ours.tenancy(),
                ours.zone(),
                ours.market(),
                strangers(ours.hostId()),
                strangers(ours.capacityReservationId()),
                ours.runs());
    }

    private static @Nullable String strangers(@Nullable String id) {
        return id == null ? null : id + SUFFIX;
    }

    private static CapacityReservation capacityReservation(CapacityReservation ours) {
        return new CapacityReservation(
                ours.place(),
                ours.id() + SUFFIX,
                ACCOUNT,
                ours.type(),
                ours.os(),
                ours.tenancy(),
                ours.zone(),
                ours.count(),
                ours.start(),
                ours.end());
    }

    private static DedicatedHost host(DedicatedHost ours) {
        return new DedicatedHost(
                ours.place(),
                ours.id() + SUFFIX,
                ACCOUNT,
                ours.family(),
                ours.zone(),
                ours.allocated(),
                ours.released());
    }

    private static ReservedInstance reservedInstance(ReservedInstance ours) {
        return new ReservedInstance(
                ours.place(),
                ours.id() + SUFFIX,
                ACCOUNT,
                ours.type(),
                ours.os(),
                ours.tenancy(),
                ours.scope(),
                ours.count(),
                ours.term(),
                ours.unitFees());
    }

    private static SavingsPlan savingsPlan(SavingsPlan ours) {
        return new SavingsPlan(
                ours.place(),
                ours.id() + SUFFIX,
                ACCOUNT,
                ours.coverage(),
                ours.commitment(),
                ours.paymentOption(),
                ours.term());
    }

    private static HostReservation hostReservation(HostReservation ours) {
        return new HostReservation(
                ours.place(),
                ours.id() + SUFFIX,
                ACCOUNT,
                ours.family(),
                ours.region(),
                ours.count(),
                ours.term(),
                ours.unitFees());
    }

    /** The stranger's plans have the rates of ours. */
    private record PricesOfPlansOfBoth(Prices prices) implements Prices {

        @Override
        public Optional<HourlyRate> onDemand(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
            return prices.onDemand(region, type, os, tenancy);
        }

        @Override
        public Optional<HourlyRate> spot(AvailabilityZone zone, InstanceType type, OperatingSystem os, Instant at) {
            return prices.spot(zone, type, os, at);
        }

        @Override
        public Optional<HourlyRate> dedicatedHost(Region region, String family) {
            return prices.dedicatedHost(region, family);
        }

        @Override
        public HourlyRate dedicatedRegionFee() {
            return prices.dedicatedRegionFee();
        }

        @Override
        public Optional<HourlyRate> savingsPlan(
                String planId, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
            return prices.savingsPlan(planId.replace(SUFFIX, ""), region, type, os, tenancy);
        }

        @Override
        public Optional<HourlyRate> savingsPlanHost(String planId, Region region, String family) {
            return prices.savingsPlanHost(planId.replace(SUFFIX, ""), region, family);
        }
    }
}
