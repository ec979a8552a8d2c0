package io.cumulet.billing.domain.whatifs;

import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.Rated;
import io.cumulet.billing.domain.rating.RatedRow;
import io.cumulet.billing.domain.rating.RatedSegment;
import io.cumulet.billing.domain.rating.Rating;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.billing.domain.whatifs.Alternative.Applied;
import io.cumulet.kernel.AccountId;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Adds up what the parts of a period cost whom it concerns: own usage that nobody else pays for, and own commitments. */
public final class Comparison {

    private final Predicate<AccountId> concerned;
    private final Map<Category, Costs> byCategory = new EnumMap<>(Category.class);
    /** By place; what has no price in several parts is told once. */
    private final Map<String, Unrated> unrated = new LinkedHashMap<>();

    private Costs totals = Costs.ZERO;

    public Comparison(Predicate<AccountId> concerned) {
        this.concerned = concerned;
    }

    public void add(Applied applied) {
        Scenario scenario = applied.scenario();
        Rated rated = Rating.rate(scenario);
        Map<String, AccountId> owners = Alternative.owners(scenario.commitments());
        for (RatedSegment segment : rated.segments()) {
            RatedRow row = segment.first();
            String commitmentId = row.commitmentId();
            AccountId payer = commitmentId == null ? row.account() : owners.getOrDefault(commitmentId, row.account());
            if (concerned.test(payer)) {
                byCategory.merge(row.category(), segment.costs(), Costs::plus);
                totals = totals.plus(segment.costs());
            }
        }
        Set<String> others = new HashSet<>();
        for (InstanceUsage instance : scenario.usage().instances()) {
            if (!concerned.test(instance.account())) {
                others.add(instance.place());
            }
        }
        applied.withoutRoom().forEach(one -> unrated.putIfAbsent(one.place(), one));
        for (Unrated one : rated.unrated()) {
            if (!others.contains(one.place())) {
                unrated.putIfAbsent(one.place(), one);
            }
        }
    }

    public Costs totals() {
        return totals;
    }

    public Map<Category, Costs> byCategory() {
        return byCategory;
    }

    /** What there is no price or no room for; it is in no cost. */
    public List<Unrated> unrated() {
        return List.copyOf(unrated.values());
    }
}
