package io.cumulet.billing.domain.rating;

/** What no pass before has paid for costs its list price. So does capacity that was held and not used. */
final class OnDemandPass implements Pass {

    @Override
    public void apply(HourOfUsage hour, Ledger ledger) {
        for (UsageItem item : hour.instances()) {
            if (!item.isUsedUp()) {
                ledger.charge(item, Category.ON_DEMAND, hour, item.takeAll(), Costs::atListPrice);
            }
        }
        for (UsageItem item : hour.unusedReservations()) {
            if (!item.isUsedUp()) {
                ledger.charge(item, Category.UNUSED_CAPACITY_RESERVATION, hour, item.takeAll(), Costs::atListPrice);
            }
        }
    }
}
