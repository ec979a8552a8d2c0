package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What uses up time: a run of an instance, held capacity, or an allocated host. */
sealed interface UsageOwner {

    String place();

    String id();

    AccountId account();

    Region region();

    Instant start();

    /** Which run of the instance, from 0; 0 for what has no runs. */
    int run();

    /** The price without any discount; null if no list has it. */
    @Nullable
    HourlyRate listRate();

    record InstanceRun(
            InstanceUsage instance,
            int run,
            Instant start,
            @Nullable HourlyRate listRate) implements UsageOwner {
        @Override
        public String place() {
            return instance.place();
        }

        @Override
        public String id() {
            return instance.id();
        }

        @Override
        public AccountId account() {
            return instance.account();
        }

        @Override
        public Region region() {
            return instance.zone().region();
        }
    }

    record HeldCapacity(
            CapacityReservation reservation, @Nullable HourlyRate listRate) implements UsageOwner {
        @Override
        public String place() {
            return reservation.place();
        }

        @Override
        public String id() {
            return reservation.id();
        }

        @Override
        public AccountId account() {
            return reservation.account();
        }

        @Override
        public Region region() {
            return reservation.zone().region();
        }

        @Override
        public Instant start() {
            return reservation.start();
        }

        @Override
        public int run() {
            return 0;
        }
    }

    record AllocatedHost(DedicatedHost host, @Nullable HourlyRate listRate) implements UsageOwner {
        @Override
        public String place() {
            return host.place();
        }

        @Override
        public String id() {
            return host.id();
        }

        @Override
        public AccountId account() {
            return host.account();
        }

        @Override
        public Region region() {
            return host.zone().region();
        }

        @Override
        public Instant start() {
            return host.allocated();
        }

        @Override
        public int run() {
            return 0;
        }
    }
}
