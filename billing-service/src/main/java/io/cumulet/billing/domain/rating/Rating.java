package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.Market;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Rates a scenario: the rules are those of the EC2 user guide and the Savings Plans guide. Costs are computed as
 * fractions and rounded once for each row. The same scenario always gives the same rows; the order of its lists doesn't
 * matter. Stateless; safe for many threads.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/concepts.html">Amazon EC2 user guide</a>
 */
public final class Rating {

    private Rating() {}

    /**
     * Rates what has a price; what hasn't is listed as unrated. The scenario is taken as consistent: {@link
     * ScenarioCheck} tells.
     */
    public static Rated rate(Scenario scenario) {
        Ledger ledger = new Ledger();
        FreeTierPass freeTier = new FreeTierPass(scenario.freeTier());
        // The order in which an hour is paid for. Commitments (Reserved Instances, then Savings Plans) belong between
        // the free tier and on-demand; reservations of hosts in the first.
        List<Pass> passes = List.of(
                new DedicatedHostPass(),
                new RegionFeePass(scenario.prices().dedicatedRegionFee()),
                new HostInstancePass(),
                freeTier,
                new OnDemandPass());

        useUpFreeTierBefore(scenario, freeTier);
        new Stretches(itemsOf(scenario)).rate(passes, ledger);

        SpotCharges spot = new SpotCharges(scenario, ledger);
        for (InstanceUsage instance : scenario.instances()) {
            switch (instance.market()) {
                case ON_DEMAND -> {}
                case SPOT -> spot.rate(instance);
            }
        }
        return ledger.close();
    }

    private static List<UsageItem> itemsOf(Scenario scenario) {
        List<UsageItem> items = new ArrayList<>();
        UsageCutter cutter = new UsageCutter(
                Ledger.hourOf(scenario.period().from()),
                Ledger.hourOf(scenario.period().until()),
                scenario.knownUntil(),
                scenario.prices(),
                items);
        for (InstanceUsage instance : scenario.instances()) {
            if (instance.market() == Market.ON_DEMAND) {
                cutter.cutInstance(instance);
            }
        }
        scenario.capacityReservations().forEach(cutter::cutReservation);
        scenario.dedicatedHosts().forEach(cutter::cutHost);
        return items;
    }

    /** Usage before the period matters for one thing only: what it used up of the free tier in that month. */
    private static void useUpFreeTierBefore(Scenario scenario, FreeTierPass freeTier) {
        Instant start = scenario.period().from();
        List<UsageItem> items = new ArrayList<>();
        UsageCutter cutter = new UsageCutter(
                Ledger.hourOf(FreeTierPass.startOfMonth(start)),
                Ledger.hourOf(start),
                scenario.knownUntil(),
                scenario.prices(),
                items);
        for (InstanceUsage instance : scenario.instances()) {
            if (instance.market() == Market.ON_DEMAND && freeTier.appliesTo(instance)) {
                cutter.cutInstance(instance);
            }
        }
        new Stretches(items).rate(List.of(freeTier), new Ledger());
    }
}
