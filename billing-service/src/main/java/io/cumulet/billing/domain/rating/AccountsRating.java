package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.commons.numbers.fraction.BigFraction;

/** Rates accounts that have to be rated together; all but their spot instances. */
final class AccountsRating implements Timeline.Step {

    /** From when on how much of a commitment has been left in each hour. */
    private record Unused(BigFraction left, long sinceHour) {}

    private final Scenario scenario;
    private final long fromHour;
    private final long untilHour;
    private final Ledger ledger;

    private final List<UsageItem> items;
    private final Timeline timeline;
    private final FreeTierUse.Stage freeTier;
    private final CommitmentStages commitments;
    private final Map<CommitmentBudget, Unused> unused = new HashMap<>();

    private AccountsRating(Scenario scenario, Ledger ledger) {
        this.scenario = scenario;
        this.fromHour = Ledger.hourOf(scenario.period().from());
        this.untilHour = Ledger.hourOf(scenario.period().until());
        this.ledger = ledger;
        this.items = items(scenario.usage(), fromHour, untilHour);
        this.timeline = new Timeline(items, scenario.prices());
        this.freeTier = freeTierUsedBefore(scenario.usage()).stageOf(timeline.queues());
        this.commitments = new CommitmentStages(
                scenario.commitments(), scenario.prices(), scenario.organizations(), timeline.queues());
    }

    /** @param scenario of these accounts alone */
    static void rate(Scenario scenario, Ledger ledger) {
        new AccountsRating(scenario, ledger).rate();
    }

    private void rate() {
        RegionFees.charge(items, scenario.prices().dedicatedRegionFee(), ledger);
        TreeSet<Long> terms = new TreeSet<>();
        for (CommitmentBudget budget : commitments.all()) {
            chargeFees(budget);
            budget.active((from, until) -> {
                terms.add(from);
                terms.add(until);
            });
        }
        timeline.walk(fromHour, untilHour, terms, this);
        settle(untilHour);
        commitments.all().forEach(budget -> noteUnused(budget, BigFraction.ZERO, untilHour));
    }

    @Override
    public long hoursAlike(long hour, long hours) {
        return freeTier.hoursAlike(hour, hours);
    }

    @Override
    public void rate(long hour, long hours) {
        timeline.queues().forEach(UsageQueue::begin);
        freeTier.spend(hour, hours);
        commitments.all().forEach(budget -> budget.begin(hour));
        commitments.spend();
        timeline.queues().forEach(queue -> queue.settle(hour, this::charge));
        commitments.all().forEach(budget -> noteUnused(budget, budget.left(), hour));
    }

    /** Nothing is used any more. */
    private void settle(long hour) {
        for (UsageQueue queue : timeline.queues()) {
            queue.begin();
            queue.settle(hour, this::charge);
        }
    }

    private void charge(
            UsageQueue queue, UsageOwner owner, Payer payer, BigFraction seconds, long fromHour, long untilHour) {
        Instant start = ledger.startOf(fromHour);
        if (queue.listRate() == null && !(payer instanceof Payer.HostPays)) {
            ledger.addUnrated(owner, start, missingPrice(queue.usageClass()));
            return;
        }
        RatedRow first = new RatedRow(
                start,
                queue.usageClass().account(),
                payer.category(queue),
                owner.id(),
                payer.commitmentId(),
                Ledger.decimal(seconds),
                queue.costs(payer, seconds));
        ledger.add(owner.place(), first, untilHour - fromHour, payer.rate(queue));
    }

    private static String missingPrice(UsageClass usageClass) {
        return switch (usageClass) {
            case UsageClass.OfType use ->
                "No on-demand price is known for %s, %s, %s tenancy in %s"
                        .formatted(use.type(), use.os(), use.tenancy(), use.region());
            case UsageClass.Hosts hosts ->
                "No host price is known for the family %s in %s".formatted(hosts.family(), hosts.region());
        };
    }

    /** Fees fall due used or not: the upfront fee in the first hour of the term, the hourly fee in each active one. */
    private void chargeFees(CommitmentBudget budget) {
        Fees fees = budget.commitment().fees();
        long firstOfTerm = budget.commitment().term().firstHour();
        if (fromHour <= firstOfTerm && firstOfTerm < untilHour) {
            chargeFee(budget, budget.kind().upfront, fees.upfront(), firstOfTerm, 1);
        }
        budget.active((from, until) -> {
            long first = Math.max(fromHour, from);
            long end = Math.min(untilHour, until);
            if (first < end) {
                chargeFee(budget, budget.kind().recurring, fees.hourly(), first, end - first);
            }
        });
    }

    private void chargeFee(CommitmentBudget budget, Category category, BigFraction fee, long hour, long hours) {
        if (fee.signum() > 0) {
            addRow(budget, category, new Costs(Money.ZERO, Money.rounded(fee), Money.ZERO), hour, hours);
        }
    }

    private void noteUnused(CommitmentBudget budget, BigFraction left, long hour) {
        Unused before = unused.get(budget);
        if (before != null && before.left().equals(left)) {
            return;
        }
        if (before != null) {
            Costs costs = new Costs(Money.ZERO, Money.ZERO, budget.effectiveCost(before.left()));
            addRow(budget, budget.kind().unused, costs, before.sinceHour(), hour - before.sinceHour());
        }
        if (left.signum() > 0) {
            unused.put(budget, new Unused(left, hour));
        } else {
            unused.remove(budget);
        }
    }

    private void addRow(CommitmentBudget budget, Category category, Costs costs, long hour, long hours) {
        RatedRow first = new RatedRow(
                ledger.startOf(hour),
                budget.commitment().account(),
                category,
                null,
                budget.commitment().id(),
                null,
                costs);
        ledger.add(budget.commitment().place(), first, hours, null);
    }

    private List<UsageItem> items(Usage usage, long firstHour, long endHour) {
        List<UsageItem> cut = new ArrayList<>();
        UsageCutter cutter = new UsageCutter(firstHour, endHour, scenario.knownUntil(), cut);
        for (InstanceUsage instance : usage.instances()) {
            if (instance.market() == Market.ON_DEMAND) {
                cutter.cutInstance(instance);
            }
        }
        usage.capacityReservations().forEach(cutter::cutReservation);
        usage.hosts().forEach(cutter::cutHost);
        return cut;
    }

    /** Usage before the period matters for one thing only: what it used up of the free tier in that month. */
    private FreeTierUse freeTierUsedBefore(Usage usage) {
        FreeTierUse used = new FreeTierUse(scenario.freeTier());
        List<InstanceUsage> eligible =
                usage.instances().stream().filter(used::appliesTo).toList();
        long monthStart =
                Ledger.hourOf(FreeTierUse.startOfMonth(scenario.period().from()));
        Timeline before = new Timeline(items(Usage.of(eligible), monthStart, fromHour), scenario.prices());
        FreeTierUse.Stage stage = used.stageOf(before.queues());
        before.walk(monthStart, fromHour, List.of(), new Timeline.Step() {
            @Override
            public long hoursAlike(long hour, long hours) {
                return stage.hoursAlike(hour, hours);
            }

            @Override
            public void rate(long hour, long hours) {
                before.queues().forEach(UsageQueue::begin);
                stage.spend(hour, hours);
            }
        });
        return used;
    }
}
