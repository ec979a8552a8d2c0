package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.numbers.fraction.BigFraction;

/** The first hours of a month are free, for each listed account, Linux and Windows apart, in usage order. */
final class FreeTierPass implements Pass {

    private static final Set<OperatingSystem> SYSTEMS = EnumSet.of(OperatingSystem.LINUX, OperatingSystem.WINDOWS);

    private record Beneficiary(AccountId account, OperatingSystem os) {}

    private final FreeTier freeTier;
    private final long secondsPerMonth;
    private final Map<Beneficiary, Long> usedSeconds = new HashMap<>();
    private long monthEndHour = Long.MIN_VALUE;

    FreeTierPass(FreeTier freeTier) {
        this.freeTier = freeTier;
        this.secondsPerMonth = freeTier.hoursPerMonth() * RatedSegment.STEP_SECONDS;
    }

    static Instant startOfMonth(Instant instant) {
        OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
        return LocalDate.of(utc.getYear(), utc.getMonth(), 1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }

    boolean appliesTo(InstanceUsage instance) {
        return freeTier.accounts().contains(instance.account())
                && freeTier.instanceTypes().contains(instance.type())
                && instance.tenancy() == Tenancy.DEFAULT
                && SYSTEMS.contains(instance.os());
    }

    @Override
    public long hoursAlike(HourOfUsage hour) {
        turnMonth(hour.hour());
        Map<Beneficiary, Long> usedEachHour = new HashMap<>();
        for (UsageItem item : hour.instances()) {
            if (item.owner instanceof UsageOwner.InstanceRun run && appliesTo(run.instance())) {
                usedEachHour.merge(beneficiary(run), item.secondsEachHour, Long::sum);
            }
        }
        long alike = usedEachHour.isEmpty() ? hour.hours() : Math.min(hour.hours(), monthEndHour - hour.hour());
        for (Map.Entry<Beneficiary, Long> use : usedEachHour.entrySet()) {
            long left = secondsPerMonth - usedSeconds.getOrDefault(use.getKey(), 0L);
            if (left > 0) {
                // Whole hours that are free for all of them; the one in which it runs out stands alone.
                alike = Math.min(alike, Math.max(1, left / use.getValue()));
            }
        }
        return alike;
    }

    @Override
    public void apply(HourOfUsage hour, Ledger ledger) {
        turnMonth(hour.hour());
        for (UsageItem item : hour.instances()) {
            if (item.owner instanceof UsageOwner.InstanceRun run && appliesTo(run.instance()) && !item.isUsedUp()) {
                long taken = take(beneficiary(run), item.secondsEachHour, hour.hours());
                if (taken > 0) {
                    BigFraction seconds = BigFraction.of(taken);
                    item.take(seconds);
                    ledger.charge(item, Category.FREE_TIER, hour, seconds, Costs::free);
                }
            }
        }
    }

    private long take(Beneficiary beneficiary, long secondsEachHour, long hours) {
        long used = usedSeconds.getOrDefault(beneficiary, 0L);
        long taken = Math.min(secondsEachHour, (secondsPerMonth - used) / hours);
        usedSeconds.put(beneficiary, used + taken * hours);
        return taken;
    }

    private void turnMonth(long hour) {
        if (hour >= monthEndHour) {
            usedSeconds.clear();
            Instant start = startOfMonth(Instant.ofEpochSecond(hour * RatedSegment.STEP_SECONDS));
            monthEndHour =
                    Ledger.hourOf(start.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant());
        }
    }

    private static Beneficiary beneficiary(UsageOwner.InstanceRun run) {
        return new Beneficiary(run.account(), run.instance().os());
    }
}
