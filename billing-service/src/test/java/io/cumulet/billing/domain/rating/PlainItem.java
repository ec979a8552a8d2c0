package io.cumulet.billing.domain.rating;

import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.Comparator;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** What was used of one thing in one clock hour: whoever covers a part of it takes that from {@link #left}. */
final class PlainItem {

    enum Kind {
        INSTANCE(Category.ON_DEMAND),
        HOST(Category.DEDICATED_HOST),
        UNUSED_CAPACITY(Category.UNUSED_CAPACITY_RESERVATION);

        final Category ifNothingCovers;

        Kind(Category ifNothingCovers) {
            this.ifNothingCovers = ifNothingCovers;
        }
    }

    /** Run start, then id, then run number; runs of an instance don't overlap, so that two never start together. */
    static final Comparator<PlainItem> USAGE_ORDER =
            Comparator.comparing((PlainItem item) -> item.start).thenComparing(item -> item.id);

    static final Comparator<PlainItem> UNUSED_CAPACITY_LAST =
            Comparator.comparing((PlainItem item) -> item.kind == Kind.UNUSED_CAPACITY);

    final Kind kind;
    final String id;
    final AccountId account;
    final String family;
    final @Nullable InstanceType type;
    final @Nullable OperatingSystem os;
    final @Nullable Tenancy tenancy;
    final AvailabilityZone zone;
    final boolean inCapacityReservation;
    final @Nullable String scheduledInstanceId;
    final Instant start;
    final BigFraction listRate;
    BigFraction left;

    PlainItem(InstanceUsage instance, Run run, HourlyRate listRate, long seconds) {
        kind = Kind.INSTANCE;
        id = instance.id();
        account = instance.account();
        family = instance.type().family();
        type = instance.type();
        os = instance.os();
        tenancy = instance.tenancy();
        zone = instance.zone();
        inCapacityReservation = instance.capacityReservationId() != null;
        scheduledInstanceId = instance.scheduledInstanceId();
        start = run.start();
        this.listRate = listRate.exact();
        left = BigFraction.of(seconds);
    }

    PlainItem(CapacityReservation reservation, HourlyRate listRate, long seconds) {
        kind = Kind.UNUSED_CAPACITY;
        id = reservation.id();
        account = reservation.account();
        family = reservation.type().family();
        type = reservation.type();
        os = reservation.os();
        tenancy = reservation.tenancy();
        zone = reservation.zone();
        inCapacityReservation = true;
        scheduledInstanceId = null;
        start = reservation.start();
        this.listRate = listRate.exact();
        left = BigFraction.of(seconds);
    }

    PlainItem(DedicatedHost host, HourlyRate listRate, long seconds) {
        kind = Kind.HOST;
        id = host.id();
        account = host.account();
        family = host.family();
        type = null;
        os = null;
        tenancy = null;
        zone = host.zone();
        inCapacityReservation = false;
        scheduledInstanceId = null;
        start = host.allocated();
        this.listRate = listRate.exact();
        left = BigFraction.of(seconds);
    }
}
