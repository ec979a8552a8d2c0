package io.cumulet.billing.app;

import io.cumulet.billing.app.Charging.Recorded;
import io.cumulet.billing.domain.billing.Billing;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Tenancy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rates recorded usage as if something else had been bought for it. Nothing is stored. */
@ApplicationScoped
public class WhatIfs {

    private final Charging charging;

    public WhatIfs(Charging charging) {
        this.charging = charging;
    }

    /**
     * How usage might have been paid for.
     *
     * @param keepBought whether what was bought stays
     * @param purchases what is bought in addition, by the account that asks, when the period begins
     * @param market the market of all instances of the account; null for that they had
     * @param tenancy the tenancy of all instances of the account; null for that they had
     */
    public record Portfolio(
            String name,
            boolean keepBought,
            List<Terms> purchases,
            @Nullable Market market,
            @Nullable Tenancy tenancy) {}

    /**
     * What a portfolio would have cost.
     *
     * @param unrated usage that it has no price for; it is in no cost
     */
    public record Result(
            String name, Costs totals, Map<Category, Costs> byCategory, List<Charges.UnratedRun> unrated) {}

    /**
     * Compares portfolios for what an account used, at the prices of the period's beginning.
     *
     * @param period starts and ends on the hour; is over
     */
    public List<Result> compare(AccountId account, Interval period, List<Portfolio> portfolios) {
        Recorded recorded = charging.recorded(account, period);
        return portfolios.stream()
                .map(portfolio -> result(
                        portfolio.name(), concerning(account, charges(recorded, account, portfolio, period.from()))))
                .toList();
    }

    /**
     * What the account's own commitments cost, whoever uses them, and its usage that nobody else's pay for: a plan that only
     * others use isn't free.
     */
    private static Charges concerning(AccountId account, Charges charges) {
        List<Charge> concerning = charges.charges().stream()
                .filter(charge -> charge.commitment() == null
                        ? charge.account().equals(account)
                        : charge.commitment().account().equals(account))
                .toList();
        Charges own = charges.of(account);
        return new Charges(charges.request(), concerning, own.runs(), own.unrated());
    }

    /** The id that a purchase of a portfolio is rated with. */
    static String purchaseId(int index) {
        return "what-if-" + index;
    }

    /**
     * The charges under a portfolio, of all who share with the account.
     *
     * @param pricesOf the moment whose rates Savings Plans have
     */
    Charges charges(Recorded recorded, AccountId account, Portfolio portfolio, Instant pricesOf) {
        Billing.Records records = recorded.records();
        Instant from = recorded.request().period().from();
        List<PurchasedCommitment> bought = new ArrayList<>();
        for (Terms terms : portfolio.purchases()) {
            bought.add(new PurchasedCommitment(purchaseId(bought.size()), account, terms, pricesOf, from, null, 1));
        }
        records.commitments().stream()
                .filter(commitment ->
                        portfolio.keepBought() || !commitment.account().equals(account))
                .forEach(bought::add);
        List<UsageRun> runs = records.runs().stream()
                .map(run -> run.thing().account().equals(account) ? with(portfolio, run) : run)
                .toList();
        return charging.charges(
                new Recorded(recorded.request(), new Billing.Records(runs, bought, records.memberships())));
    }

    private static UsageRun with(Portfolio portfolio, UsageRun run) {
        MeteredThing thing = run.thing();
        Market market = portfolio.market() == null ? thing.market() : portfolio.market();
        Tenancy tenancy = portfolio.tenancy() == null ? thing.tenancy() : portfolio.tenancy();
        return new UsageRun(
                run.instanceId(),
                run.number(),
                new MeteredThing(
                        thing.account(),
                        thing.zone(),
                        thing.instanceType(),
                        thing.os(),
                        tenancy,
                        market,
                        tenancy == Tenancy.HOST ? thing.hostId() : null,
                        portfolio.keepBought() && market == Market.ON_DEMAND ? thing.scheduledInstanceId() : null),
                run.startedAt(),
                run.end(),
                run.provisional(),
                run.firstVersion());
    }

    private static Result result(String name, Charges charges) {
        Map<Category, Costs> byCategory = new EnumMap<>(Category.class);
        Costs totals = Costs.ZERO;
        for (Charge charge : charges.charges()) {
            byCategory.merge(charge.category(), charge.costs(), Costs::plus);
            totals = totals.plus(charge.costs());
        }
        return new Result(name, totals, byCategory, charges.unrated());
    }
}
