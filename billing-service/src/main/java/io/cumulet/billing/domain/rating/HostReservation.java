package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;

/**
 * A reservation of Dedicated Hosts: pays for the account's own hosts of a family in a region.
 *
 * @param count for how many hosts at a time
 * @param unitFees what it costs for one of them
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-billing.html">Dedicated Host
 *     reservations</a>
 */
public record HostReservation(
        String place, String id, AccountId account, String family, Region region, int count, Term term, Fees unitFees)
        implements Commitment {

    @Override
    public Fees fees() {
        return unitFees.times(count);
    }
}
