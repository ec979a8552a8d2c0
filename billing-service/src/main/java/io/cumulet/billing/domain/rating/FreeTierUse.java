package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * What accounts have used of their free tier in the month under way: its first hours are free, for Linux and Windows
 * apart, in usage order. It is for what runs on demand: what was launched into scheduled Reserved Instances has none.
 */
final class FreeTierUse {

    private static final Set<OperatingSystem> SYSTEMS = EnumSet.of(OperatingSystem.LINUX, OperatingSystem.WINDOWS);
    private static final Payer PAYER = new Payer.FreeTierPays();

    private record Beneficiary(AccountId account, OperatingSystem os) {}

    private final FreeTier freeTier;
    private final long secondsPerMonth;
    private final Map<Beneficiary, Long> usedSeconds = new HashMap<>();
    private long monthEndHour = Long.MIN_VALUE;

    FreeTierUse(FreeTier freeTier) {
        this.freeTier = freeTier;
        this.secondsPerMonth = freeTier.hoursPerMonth() * RatedSegment.STEP_SECONDS;
    }

    static Instant startOfMonth(Instant instant) {
        OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
        return LocalDate.of(utc.getYear(), utc.getMonth(), 1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    boolean appliesTo(InstanceUsage instance) {
        return instance.scheduledInstanceId() == null
                && appliesTo(instance.account(), instance.type(), instance.os(), instance.tenancy());
    }

    private boolean appliesTo(AccountId account, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        return freeTier.accounts().contains(account)
                && freeTier.instanceTypes().contains(type)
                && tenancy == Tenancy.DEFAULT
                && SYSTEMS.contains(os);
    }

    /** The queues among some that it pays for, by who has the benefit. */
    Stage stageOf(Collection<UsageQueue> queues) {
        Map<Beneficiary, List<UsageQueue>> byBeneficiary = new LinkedHashMap<>();
        for (UsageQueue queue : queues) {
            if (queue.usageClass() instanceof UsageClass.Instances use
                    && use.scheduledInstanceId() == null
                    && appliesTo(use.account(), use.type(), use.os(), use.tenancy())) {
                byBeneficiary
                        .computeIfAbsent(new Beneficiary(use.account(), use.os()), unused -> new ArrayList<>())
                        .add(queue);
            }
        }
        Map<Beneficiary, QueueGroup> groups = new LinkedHashMap<>();
        byBeneficiary.forEach((who, of) -> groups.put(who, new QueueGroup(BigFraction.ONE, List.copyOf(of))));
        return new Stage(groups);
    }

    /** The free tier of some accounts. */
    final class Stage {

        private final Map<Beneficiary, QueueGroup> groups;

        private Stage(Map<Beneficiary, QueueGroup> groups) {
            this.groups = groups;
        }

        /** How many hours from one on, in which the same is used, it pays alike for; at least 1. */
        long hoursAlike(long hour, long hours) {
            if (groups.isEmpty()) {
                return hours;
            }
            turnMonth(hour);
            long alike = Math.min(hours, monthEndHour - hour);
            for (Map.Entry<Beneficiary, QueueGroup> group : groups.entrySet()) {
                long eachHour = secondsEachHour(group.getValue());
                long left = left(group.getKey());
                if (left > 0 && eachHour > 0) {
                    // Whole hours that are free for all of them; the one in which it runs out stands alone.
                    alike = Math.min(alike, Math.max(1, left / eachHour));
                }
            }
            return alike;
        }

        /** Pays for an hour, and as many after it as it pays alike for. */
        void spend(long hour, long hours) {
            if (groups.isEmpty()) {
                return;
            }
            turnMonth(hour);
            groups.forEach((who, group) -> {
                long taken = Math.min(secondsEachHour(group), left(who) / hours);
                if (taken > 0) {
                    group.take(PAYER, BigFraction.of(taken));
                    usedSeconds.merge(who, taken * hours, Long::sum);
                }
            });
        }

        private static long secondsEachHour(QueueGroup group) {
            return group.queues().stream().mapToLong(UsageQueue::totalSeconds).sum();
        }
    }

    private long left(Beneficiary who) {
        return secondsPerMonth - usedSeconds.getOrDefault(who, 0L);
    }

    private void turnMonth(long hour) {
        if (hour >= monthEndHour) {
            usedSeconds.clear();
            Instant start = startOfMonth(Instant.ofEpochSecond(hour * RatedSegment.STEP_SECONDS));
            monthEndHour =
                    Ledger.hourOf(start.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant());
        }
    }
}
