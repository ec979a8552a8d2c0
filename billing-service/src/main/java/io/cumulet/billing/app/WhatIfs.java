package io.cumulet.billing.app;

import io.cumulet.billing.app.Charging.Recorded;
import io.cumulet.billing.domain.billing.Billing;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.Rateable;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.organizations.Memberships;
import io.cumulet.billing.domain.rating.CapacityReservation;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.DedicatedHost;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.HostReservation;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.billing.domain.whatifs.Alternative;
import io.cumulet.billing.domain.whatifs.Comparison;
import io.cumulet.catalog.DedicatedHosts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Rates usage as if something else had been bought for it. Nothing is stored. */
@ApplicationScoped
public class WhatIfs {

    private final Charging charging;
    private final Offerings offerings;

    public WhatIfs(Charging charging, Offerings offerings) {
        this.charging = charging;
        this.offerings = offerings;
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
            @Nullable Tenancy tenancy,
            Held held) {}

    /** What is held for the whole period, used or not. */
    public record Held(List<Hosts> hosts, List<ReservedHosts> hostReservations, List<Capacity> capacityReservations) {

        /** Dedicated Hosts of one kind. */
        public record Hosts(DedicatedHosts.Host host, int count) {}

        /**
         * A reservation of Dedicated Hosts, bought when the period begins.
         *
         * @param upfront USD for one, once
         * @param hourly USD for one in each hour
         */
        public record ReservedHosts(
                Region region, String family, int count, int years, BigDecimal upfront, BigDecimal hourly) {}

        /** A capacity reservation of default tenancy. */
        public record Capacity(InstanceType instanceType, OperatingSystem os, AvailabilityZone zone, int count) {}
    }

    /**
     * What a portfolio would have cost.
     *
     * @param unrated usage that it has no price or no room for; it is in no cost
     */
    public record Result(String name, Costs totals, Map<Category, Costs> byCategory, List<Unrated> unrated) {}

    /** What is rated under each portfolio, and for whom. */
    private record Subject(Interval period, AccountId buyer, Predicate<AccountId> concerned, List<Scenario> parts) {}

    /**
     * Compares portfolios for what an account used, at the prices of the period's beginning. In the costs is what the account's own
     * commitments cost, whoever uses them, and its usage that nobody else's pay for: a plan that only others use isn't free.
     *
     * @param period starts and ends on the hour; is over
     */
    public List<Result> compare(AccountId account, Interval period, List<Portfolio> portfolios) {
        Recorded recorded = charging.recorded(account, period);
        return compare(new Subject(period, account, account::equals, charging.scenarios(recorded)), portfolios);
    }

    /**
     * Compares portfolios for a scenario, at its own prices; purchases have those of the period's beginning.
     *
     * @param buyer who buys what a portfolio has
     */
    public List<Result> compare(Scenario scenario, AccountId buyer, List<Portfolio> portfolios) {
        return compare(new Subject(scenario.period(), buyer, account -> true, List.of(scenario)), portfolios);
    }

    /**
     * Compares portfolios for runs from elsewhere, at the prices of the catalog and the recorded spot prices.
     *
     * @param runs of the account
     * @param period starts and ends on the hour
     */
    public List<Result> compare(AccountId account, Interval period, List<UsageRun> runs, List<Portfolio> portfolios) {
        Recorded uploaded = new Recorded(
                new Billing.Request(period, period.until(), period.until(), false, false),
                new Billing.Records(runs, List.of(), Memberships.NONE));
        return compare(new Subject(period, account, account::equals, charging.scenarios(uploaded)), portfolios);
    }

    private List<Result> compare(Subject subject, List<Portfolio> portfolios) {
        return portfolios.stream()
                .map(portfolio -> {
                    Comparison comparison = new Comparison(subject.concerned());
                    Alternative alternative = alternative(portfolio, subject);
                    Map<String, Terms> plans = new HashMap<>();
                    for (int i = 0; i < portfolio.purchases().size(); i++) {
                        plans.put(purchaseId(i), portfolio.purchases().get(i));
                    }
                    for (Scenario part : subject.parts()) {
                        comparison.add(alternative.applied(
                                part,
                                new PortfolioPrices(
                                        part.prices(),
                                        offerings,
                                        subject.period().from(),
                                        plans)));
                    }
                    return new Result(
                            portfolio.name(), comparison.totals(), comparison.byCategory(), comparison.unrated());
                })
                .toList();
    }

    /** The id that a purchase of a portfolio is rated with. */
    static String purchaseId(int index) {
        return "what-if-" + index;
    }

    private static Alternative alternative(Portfolio portfolio, Subject subject) {
        AccountId buyer = subject.buyer();
        Instant from = subject.period().from();
        Commitments bought = Rateable.commitments(purchased(portfolio.purchases(), buyer, from, from));
        List<HostReservation> hostReservations = new ArrayList<>();
        for (Held.ReservedHosts reserved : portfolio.held().hostReservations()) {
            hostReservations.add(new HostReservation(
                    "/hostReservations/" + hostReservations.size(),
                    "what-if-hosts-" + hostReservations.size(),
                    buyer,
                    reserved.family(),
                    reserved.region(),
                    reserved.count(),
                    new Term(from, reserved.years()),
                    new Fees(Money.exact(reserved.upfront()), Money.exact(reserved.hourly()))));
        }
        List<Alternative.Host> hosts = new ArrayList<>();
        for (Held.Hosts held : portfolio.held().hosts()) {
            for (int i = 0; i < held.count(); i++) {
                // A host costs the same in every zone of its region, and instances of all of them may go to it.
                hosts.add(new Alternative.Host(
                        new DedicatedHost(
                                "/dedicatedHosts/" + hosts.size(),
                                "what-if-host-" + hosts.size(),
                                buyer,
                                held.host().family(),
                                new AvailabilityZone(held.host().region().value() + "a"),
                                from,
                                subject.period().until()),
                        held.host().vcpus()));
            }
        }
        List<CapacityReservation> capacity = new ArrayList<>();
        for (Held.Capacity held : portfolio.held().capacityReservations()) {
            capacity.add(new CapacityReservation(
                    "/capacityReservations/" + capacity.size(),
                    "what-if-capacity-" + capacity.size(),
                    buyer,
                    held.instanceType(),
                    held.os(),
                    Tenancy.DEFAULT,
                    held.zone(),
                    held.count(),
                    from,
                    subject.period().until()));
        }
        return new Alternative(
                subject.concerned(),
                portfolio.keepBought(),
                new Commitments(bought.reservedInstances(), bought.savingsPlans(), hostReservations),
                portfolio.market(),
                portfolio.tenancy(),
                hosts,
                capacity,
                WhatIfs::vcpus);
    }

    /** What nobody knows the size of fits nowhere. */
    private static int vcpus(InstanceUsage instance) {
        return InstanceTypes.find(instance.type().value())
                .map(facts -> facts.vcpus())
                .orElse(Integer.MAX_VALUE);
    }

    private static List<PurchasedCommitment> purchased(
            List<Terms> purchases, AccountId buyer, Instant pricesOf, Instant from) {
        List<PurchasedCommitment> bought = new ArrayList<>();
        for (Terms terms : purchases) {
            bought.add(new PurchasedCommitment(purchaseId(bought.size()), buyer, terms, pricesOf, from, null, 1));
        }
        return bought;
    }

    /**
     * The charges with purchases on top of what was bought, of all who share with the account that makes them.
     *
     * @param pricesOf the moment whose rates Savings Plans have
     */
    Charges charges(Recorded recorded, AccountId account, List<Terms> purchases, Instant pricesOf) {
        Billing.Records records = recorded.records();
        List<PurchasedCommitment> bought = purchased(
                purchases, account, pricesOf, recorded.request().period().from());
        bought.addAll(records.commitments());
        return charging.charges(
                new Recorded(recorded.request(), new Billing.Records(records.runs(), bought, records.memberships())));
    }
}
