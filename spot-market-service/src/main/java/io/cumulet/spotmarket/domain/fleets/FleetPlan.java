package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a fleet does next; a pure function of the fleet, its pools and its units. Carried out and asked again it answers
 * nothing more, until something changes.
 *
 * <pre>
 *                  counted                                  not counted
 *   ├── running ──┼─ coming ──┼─ waiting ─┤   ├─ leaving ─┼─ at risk, if it rebalances ─┼─ given up ─┤
 *   ├──────────────── target ─────────────────┤ less than one unit more
 * </pre>
 *
 * A unit that the market takes back, or whose owner ends it, counts no more from the first word of it: so it is replaced
 * while it still runs. Nothing is launched that would bring all units at present prices above the fleet's
 * {@code maxTotalPrice}; if prices rise afterwards nothing is given up for it, as in EC2.
 *
 * <p>Of units at risk only as many aren't counted, the oldest first, as make up the target, or less than one unit more; the
 * others count like those that are not. So a fleet whose replacements are at risk at once has twice its target and launches no
 * more until some are gone, as in EC2.
 *
 * @param makes pools to ask for one unit each, in order; a pool may be in it several times
 * @param cancels requests that wait and are taken back
 * @param giveUps requests whose instances are terminated
 * @param farewells units that aren't counted any more, and when they are given up
 * @param asked whether the fleet has asked for all it wanted, so that one that asks but once is done
 * @param isUnmet whether the fleet wants something that it could only try again for later
 * @param errors of an instant fleet, where it got less than it wanted
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-control-spending.html">Control spending</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-capacity-rebalance.html">Capacity Rebalancing</a>
 */
public record FleetPlan(
        List<PoolId> makes,
        List<String> cancels,
        List<String> giveUps,
        Map<String, Instant> farewells,
        boolean asked,
        boolean isUnmet,
        List<FleetError> errors) {

    /** So many requests are made in one transaction at most, unless the fleet has to answer at once. */
    public static final int MOST_MADE = 1000;

    /**
     * Plans.
     *
     * @param pools all that the fleet may launch in and that exist
     * @param units all that aren't over
     */
    public static FleetPlan of(Fleet fleet, List<FleetPool> pools, List<FleetUnit> units, Instant now) {
        return new Planning(fleet, pools, units, now).plan();
    }

    /**
     * The same with fewer requests, since the account may have no more open. A fleet that maintains its target tries again
     * later; one that asks but once has asked then.
     */
    public FleetPlan limitedTo(long most, Fleet fleet) {
        if (makes.size() <= most) {
            return this;
        }
        List<FleetError> told = new ArrayList<>(errors);
        if (fleet.terms().type() == FleetType.INSTANT) {
            PoolId first = makes.get((int) most);
            told.add(new FleetError(
                    first.type().value(),
                    first.zone().value(),
                    "MaxSpotInstanceCountExceeded",
                    "The account may have no more open spot requests"));
        }
        return new FleetPlan(
                makes.subList(0, (int) most), cancels, giveUps, farewells, true, fleet.isMaintained(), told);
    }

    /** Whether carrying it out changes a request. */
    public boolean isQuiet() {
        return makes.isEmpty() && cancels.isEmpty() && giveUps.isEmpty();
    }
}
