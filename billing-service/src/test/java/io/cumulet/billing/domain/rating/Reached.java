package io.cumulet.billing.domain.rating;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Tenancy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which situations the rows of a scenario show: a test of random scenarios is worth as much as those it meets. */
final class Reached {

    private static final Set<Category> COVERED = Set.of(Category.RI_COVERED, Category.SP_COVERED);
    private static final Set<Category> UNUSED = Set.of(Category.RI_UNUSED, Category.SP_UNUSED);

    static final Set<String> EVERYTHING = Stream.concat(
                    Stream.of(Category.values()).map(Category::code),
                    Stream.of(
                            "ri-covered instance",
                            "ri-covered instance of another account",
                            "ri-covered dedicated instance",
                            "ri-covered capacity",
                            "ri-covered host",
                            "ri-covered rest of the free tier",
                            "sp-covered instance",
                            "sp-covered instance of another account",
                            "sp-covered dedicated instance",
                            "sp-covered capacity",
                            "sp-covered host",
                            "sp-covered rest of the free tier",
                            "two Reserved Instances cover an item in part",
                            "two Savings Plans cover an item in part",
                            "a Reserved Instance and a Savings Plan cover an item in part",
                            "a commitment covers an item in part, the rest is charged",
                            "a commitment is used up",
                            "a commitment is used in part",
                            "a commitment isn't used",
                            "an hour with commitments and nothing else",
                            "a term begins in the period",
                            "a term ends in the period"))
            .collect(toSet());

    private final Scenario scenario;
    private final Map<String, InstanceUsage> instances = new HashMap<>();
    private final Set<String> reached = new TreeSet<>();

    private Reached(Scenario scenario) {
        this.scenario = scenario;
        scenario.usage().instances().forEach(instance -> instances.put(instance.id(), instance));
    }

    static Set<String> by(Scenario scenario, List<RatedRow> rows) {
        Reached reached = new Reached(scenario);
        rows.forEach(row -> reached.reached.add(row.category().code()));
        reached.lookAtTerms();
        rows.stream().collect(groupingBy(RatedRow::chargePeriodStart)).values().forEach(reached::lookAtHour);
        return reached.reached;
    }

    private void lookAtTerms() {
        Commitments commitments = scenario.commitments();
        Stream.of(commitments.reservedInstances(), commitments.savingsPlans(), commitments.hostReservations())
                .flatMap(List::stream)
                .map(Commitment::term)
                .forEach(term -> {
                    if (scenario.period().contains(term.bought())) {
                        reached.add("a term begins in the period");
                    }
                    if (scenario.period().contains(term.end())) {
                        reached.add("a term ends in the period");
                    }
                });
    }

    private void lookAtHour(List<RatedRow> rows) {
        if (rows.stream().allMatch(row -> row.resourceId() == null)) {
            reached.add("an hour with commitments and nothing else");
        }
        rows.stream()
                .filter(row -> row.resourceId() != null)
                .collect(groupingBy(RatedRow::resourceId))
                .values()
                .forEach(this::lookAtItem);
        rows.stream()
                .filter(row -> row.commitmentId() != null)
                .collect(groupingBy(row -> row.category().code().substring(0, 2) + row.account() + row.commitmentId()))
                .values()
                .forEach(rowsOfOwner -> lookAtCommitment(rowsOfOwner, rows));
    }

    private void lookAtItem(List<RatedRow> rows) {
        InstanceUsage instance = instances.get(rows.getFirst().resourceId());
        if (instance != null && !runsOnceAround(instance, rows.getFirst().chargePeriodStart())) {
            // Perhaps they are two items of one hour.
            return;
        }
        Set<Category> categories = rows.stream().map(RatedRow::category).collect(toSet());
        for (RatedRow row : rows) {
            if (COVERED.contains(row.category())) {
                lookAtCoverage(row, instance, categories);
            }
        }
        long byReservedInstances = count(rows, Category.RI_COVERED);
        long byPlans = count(rows, Category.SP_COVERED);
        if (byReservedInstances > 1) {
            reached.add("two Reserved Instances cover an item in part");
        }
        if (byPlans > 1) {
            reached.add("two Savings Plans cover an item in part");
        }
        if (byReservedInstances > 0 && byPlans > 0) {
            reached.add("a Reserved Instance and a Savings Plan cover an item in part");
        }
        if (byReservedInstances + byPlans > 0 && categories.contains(Category.ON_DEMAND)) {
            reached.add("a commitment covers an item in part, the rest is charged");
        }
    }

    private static boolean runsOnceAround(InstanceUsage instance, Instant hour) {
        Duration oneHour = Duration.ofHours(1);
        return instance.runs().stream()
                        .filter(run -> run.start().isBefore(hour.plus(oneHour)))
                        .filter(run ->
                                run.stop() == null || run.stop().plus(oneHour).isAfter(hour))
                        .count()
                == 1;
    }

    private void lookAtCoverage(RatedRow row, InstanceUsage instance, Set<Category> ofItem) {
        String covered = row.category().code();
        if (instance == null) {
            reached.add(covered + (row.resourceId().startsWith("h-") ? " host" : " capacity"));
            return;
        }
        reached.add(covered + " instance");
        if (instance.tenancy() == Tenancy.DEDICATED) {
            reached.add(covered + " dedicated instance");
        }
        if (ofItem.contains(Category.FREE_TIER)) {
            reached.add(covered + " rest of the free tier");
        }
        if (!owners(row.commitmentId()).contains(row.account())) {
            reached.add(covered + " instance of another account");
        }
    }

    private Set<AccountId> owners(String commitmentId) {
        Commitments commitments = scenario.commitments();
        return Stream.of(commitments.reservedInstances(), commitments.savingsPlans(), commitments.hostReservations())
                .flatMap(List::stream)
                .filter(commitment -> commitment.id().equals(commitmentId))
                .map(Commitment::account)
                .collect(toSet());
    }

    private void lookAtCommitment(List<RatedRow> ofCommitmentAndAccount, List<RatedRow> ofHour) {
        String id = ofCommitmentAndAccount.getFirst().commitmentId();
        boolean covers =
                ofHour.stream().anyMatch(row -> COVERED.contains(row.category()) && id.equals(row.commitmentId()));
        boolean isLeft =
                ofHour.stream().anyMatch(row -> UNUSED.contains(row.category()) && id.equals(row.commitmentId()));
        if (covers) {
            reached.add(isLeft ? "a commitment is used in part" : "a commitment is used up");
        } else if (isLeft) {
            reached.add("a commitment isn't used");
        }
    }

    private static long count(List<RatedRow> rows, Category category) {
        return rows.stream().filter(row -> row.category() == category).count();
    }
}
