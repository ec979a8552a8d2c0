package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A flat fee for each account and region with a dedicated instance in the hour, however many there are.
 *
 * @see <a href="https://aws.amazon.com/ec2/pricing/dedicated-instances/">Pricing of Dedicated Instances</a>
 */
final class RegionFeePass implements Pass {

    private record Payer(AccountId account, Region region) {}

    private final HourlyRate fee;
    private final Map<Payer, OpenSegment> last = new HashMap<>();

    RegionFeePass(HourlyRate fee) {
        this.fee = fee;
    }

    @Override
    public void apply(HourOfUsage hour, Ledger ledger) {
        Set<Payer> payers = new LinkedHashSet<>();
        for (UsageItem item : hour.instances()) {
            if (item.owner instanceof UsageOwner.InstanceRun run
                    && run.instance().tenancy() == Tenancy.DEDICATED) {
                payers.add(new Payer(run.account(), run.region()));
            }
        }
        for (Payer payer : payers) {
            OpenSegment before = last.get(payer);
            if (before == null
                    || !before.extendedBy(Category.DEDICATED_REGION_FEE, hour.startSecond(), hour.hours(), null, fee)) {
                last.put(
                        payer,
                        ledger.add(
                                null,
                                Category.DEDICATED_REGION_FEE,
                                payer.account(),
                                payer.region().value(),
                                hour.startSecond(),
                                hour.hours(),
                                null,
                                fee,
                                Costs.atListPrice(Money.rounded(fee.exact()))));
            }
        }
    }
}
