package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A flat fee for each hour, account and region with a dedicated instance in the hour, however many there are.
 *
 * @see <a href="https://aws.amazon.com/ec2/pricing/dedicated-instances/">Pricing of Dedicated Instances</a>
 */
final class RegionFees {

    private record FeeOf(AccountId account, Region region) {}

    private RegionFees() {}

    static void charge(Collection<UsageItem> items, HourlyRate fee, Ledger ledger) {
        Map<FeeOf, List<UsageItem>> byPayer = new LinkedHashMap<>();
        for (UsageItem item : items) {
            if (item.owner() instanceof UsageOwner.InstanceRun run
                    && run.instance().tenancy() == Tenancy.DEDICATED) {
                FeeOf payer = new FeeOf(
                        run.instance().account(), run.instance().zone().region());
                byPayer.computeIfAbsent(payer, unused -> new ArrayList<>()).add(item);
            }
        }
        byPayer.forEach((payer, used) -> charge(payer, used, fee, ledger));
    }

    /** Hours in which several are used cost the fee once. */
    private static void charge(FeeOf payer, List<UsageItem> used, HourlyRate fee, Ledger ledger) {
        used.sort(Comparator.comparingLong(UsageItem::firstHour));
        long fromHour = used.getFirst().firstHour();
        long untilHour = fromHour;
        for (UsageItem item : used) {
            if (item.firstHour() > untilHour) {
                add(payer, fromHour, untilHour, fee, ledger);
                fromHour = item.firstHour();
            }
            untilHour = Math.max(untilHour, item.untilHour());
        }
        add(payer, fromHour, untilHour, fee, ledger);
    }

    private static void add(FeeOf payer, long fromHour, long untilHour, HourlyRate fee, Ledger ledger) {
        Money cost = Money.rounded(fee.exact());
        ledger.add(
                null,
                new RatedRow(
                        ledger.startOf(fromHour),
                        payer.account(),
                        Category.DEDICATED_REGION_FEE,
                        payer.region().value(),
                        null,
                        null,
                        new Costs(cost, cost, cost)),
                untilHour - fromHour,
                fee);
    }
}
