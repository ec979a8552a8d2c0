package io.cumulet.billing.app;

import io.cumulet.billing.app.UsageEvents.Metered;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.billing.domain.metering.LateUsage;
import io.cumulet.billing.domain.metering.RunFold;
import io.cumulet.billing.domain.metering.TagChange;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.suite.ResetMoments;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes in lifecycle facts: keeps those that are new and the tags they came with, folds the instances they belong to, stores
 * the runs that changed and publishes those that have ended. Runs in the caller's transaction.
 */
@ApplicationScoped
public class Metering {

    private final FactStore facts;
    private final RunStore runs;
    private final TagStore tags;
    private final UsageEvents events;
    private final LateUsageStore lateUsage;
    private final BudgetWatch budgets;
    private final ResetMoments resets;
    private final InstantSource clock;

    public Metering(
            FactStore facts,
            RunStore runs,
            TagStore tags,
            UsageEvents events,
            LateUsageStore lateUsage,
            BudgetWatch budgets,
            ResetMoments resets,
            InstantSource clock) {
        this.facts = facts;
        this.runs = runs;
        this.tags = tags;
        this.events = events;
        this.lateUsage = lateUsage;
        this.budgets = budgets;
        this.resets = resets;
        this.clock = clock;
    }

    /** Takes facts in any order; those that are known already change nothing. */
    public void take(List<Told> arrived) {
        LateUsage late = new LateUsage(clock.instant());
        Folded folded = fold(arrived, late);
        events.metered(folded.ended());
        if (!late.months().isEmpty()) {
            lateUsage.note(late.months());
        }
        budgets.note(folded.accounts());
    }

    /** Takes facts that were taken before, in a rebuild: the world has heard of them. */
    public void restore(List<Told> arrived) {
        fold(arrived, new LateUsage(Instant.MIN));
    }

    /**
     * @param ended the ended runs that are new or changed
     * @param accounts those about whose instances there is news
     */
    private record Folded(List<Metered> ended, Set<AccountId> accounts) {}

    private Folded fold(List<Told> told, LateUsage late) {
        List<Told> arrived = sinceReset(told);
        Map<String, List<Fact>> allFacts =
                facts.add(arrived.stream().map(Told::fact).toList());
        if (allFacts.isEmpty()) {
            return new Folded(List.of(), Set.of());
        }
        keepTags(arrived, allFacts);
        Map<String, List<MeteredRun>> stored = runs.runsOf(allFacts.keySet());
        List<MeteredRun> changed = new ArrayList<>();
        List<Metered> ended = new ArrayList<>();
        allFacts.forEach((instanceId, known) ->
                compare(known, stored.getOrDefault(instanceId, List.of()), changed, ended, late));
        runs.save(changed);
        return new Folded(
                ended,
                allFacts.values().stream()
                        .flatMap(
                                known -> known.stream().map(fact -> fact.thing().account()))
                        .collect(Collectors.toSet()));
    }

    /** Without what is of a time at or before its account's last reset: redelivered, late, or read again by a rebuild. */
    private List<Told> sinceReset(List<Told> told) {
        Map<AccountId, Instant> moments =
                resets.of(told.stream().map(one -> one.fact().thing().account()).collect(Collectors.toSet()));
        return moments.isEmpty()
                ? told
                : told.stream()
                        .filter(one -> one.fact()
                                .at()
                                .isAfter(moments.getOrDefault(one.fact().thing().account(), Instant.MIN)))
                        .toList();
    }

    /** Most instances in a flood are told of from their first version on: nothing has to be read for them. */
    private void keepTags(List<Told> arrived, Map<String, List<Fact>> allFacts) {
        Map<String, Map<Long, TagChange>> told = new HashMap<>();
        for (Told one : arrived) {
            told.computeIfAbsent(one.fact().instanceId(), id -> new HashMap<>())
                    .putIfAbsent(one.fact().version(), one.tagChange());
        }
        Map<String, Set<Long>> known = new HashMap<>();
        allFacts.forEach((instanceId, ofInstance) ->
                known.put(instanceId, ofInstance.stream().map(Fact::version).collect(Collectors.toSet())));
        List<String> knownBefore = new ArrayList<>();
        known.forEach((instanceId, versions) -> {
            if (!told.getOrDefault(instanceId, Map.of()).keySet().containsAll(versions)) {
                knownBefore.add(instanceId);
            }
        });
        Map<String, TagHistory> histories = tags.historiesOf(knownBefore);
        List<TagChange> keep = new ArrayList<>();
        known.forEach((instanceId, versions) -> keep.addAll(histories
                .getOrDefault(instanceId, TagHistory.NONE)
                .toKeep(told.getOrDefault(instanceId, Map.of()).values(), versions)));
        tags.add(keep);
    }

    private static void compare(
            List<Fact> facts, List<MeteredRun> stored, List<MeteredRun> changed, List<Metered> ended, LateUsage late) {
        Map<Integer, MeteredRun> before = new HashMap<>();
        long usageVersion = 0;
        for (MeteredRun run : stored) {
            before.put(run.run().number(), run);
            usageVersion = Math.max(usageVersion, run.usageVersion());
        }
        for (UsageRun run : RunFold.runs(facts)) {
            MeteredRun old = before.get(run.number());
            if (old != null && old.run().equals(run)) {
                continue;
            }
            late.changed(old == null ? null : old.run(), run);
            UsageRun.End end = run.end();
            if (end == null) {
                changed.add(new MeteredRun(run, old == null ? 0 : old.usageVersion()));
            } else {
                MeteredRun now = new MeteredRun(run, ++usageVersion);
                changed.add(now);
                ended.add(new Metered(now, factOf(facts, end.version())));
            }
        }
    }

    private static Fact factOf(List<Fact> facts, long version) {
        return facts.stream()
                .filter(fact -> fact.version() == version)
                .findFirst()
                .orElseThrow();
    }
}
