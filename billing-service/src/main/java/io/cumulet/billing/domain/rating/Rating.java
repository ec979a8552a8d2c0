package io.cumulet.billing.domain.rating;

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
        for (Scenario apart : AccountsTogether.split(scenario)) {
            AccountsRating.rate(apart, ledger);
        }
        SpotCharges spot = new SpotCharges(scenario, ledger);
        for (InstanceUsage instance : scenario.usage().instances()) {
            switch (instance.market()) {
                case ON_DEMAND -> {}
                case SPOT -> spot.rate(instance);
            }
        }
        return ledger.close();
    }
}
