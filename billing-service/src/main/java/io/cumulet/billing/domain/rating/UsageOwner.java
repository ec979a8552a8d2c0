package io.cumulet.billing.domain.rating;

import java.time.Instant;
import java.util.Comparator;

/** What uses up time: a run of an instance, held capacity, or an allocated host. */
sealed interface UsageOwner {

    /** Start (a whole second), then id, then run number; what follows only keeps different owners apart. */
    Comparator<UsageOwner> USAGE_ORDER = Comparator.comparingLong(
                    (UsageOwner owner) -> owner.start().getEpochSecond())
            .thenComparing(UsageOwner::id)
            .thenComparingInt(UsageOwner::run)
            .thenComparing(UsageOwner::place);

    String place();

    String id();

    Instant start();

    UsageClass usageClass();

    /** Which run of the instance, from 0; 0 for what has no runs. */
    int run();

    record InstanceRun(InstanceUsage instance, int run, Instant start) implements UsageOwner {
        @Override
        public String place() {
            return instance.place();
        }

        @Override
        public String id() {
            return instance.id();
        }

        @Override
        public UsageClass usageClass() {
            return new UsageClass.Instances(
                    instance.account(),
                    instance.zone(),
                    instance.type(),
                    instance.os(),
                    instance.tenancy(),
                    instance.capacityReservationId() != null,
                    instance.scheduledInstanceId());
        }
    }

    record HeldCapacity(CapacityReservation reservation) implements UsageOwner {
        @Override
        public String place() {
            return reservation.place();
        }

        @Override
        public String id() {
            return reservation.id();
        }

        @Override
        public Instant start() {
            return reservation.start();
        }

        @Override
        public UsageClass usageClass() {
            return new UsageClass.UnusedCapacity(
                    reservation.account(),
                    reservation.zone(),
                    reservation.type(),
                    reservation.os(),
                    reservation.tenancy());
        }

        @Override
        public int run() {
            return 0;
        }
    }

    record AllocatedHost(DedicatedHost host) implements UsageOwner {
        @Override
        public String place() {
            return host.place();
        }

        @Override
        public String id() {
            return host.id();
        }

        @Override
        public Instant start() {
            return host.allocated();
        }

        @Override
        public UsageClass usageClass() {
            return new UsageClass.Hosts(host.account(), host.zone().region(), host.family());
        }

        @Override
        public int run() {
            return 0;
        }
    }
}
