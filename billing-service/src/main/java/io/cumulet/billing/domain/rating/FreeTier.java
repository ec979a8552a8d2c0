package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import java.util.Set;

/**
 * What some accounts have free in each UTC calendar month: the first hours of the listed types, for Linux and Windows
 * apart.
 *
 * @see <a href="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/free-tier-limits.html">Free Tier</a>
 */
public record FreeTier(Set<InstanceType> instanceTypes, int hoursPerMonth, Set<AccountId> accounts) {

    public static final FreeTier NONE = new FreeTier(Set.of(), 0, Set.of());
}
