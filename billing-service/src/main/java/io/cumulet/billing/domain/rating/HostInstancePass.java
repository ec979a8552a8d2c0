package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.Tenancy;

/** An instance on a dedicated host costs nothing: its host does. */
final class HostInstancePass implements Pass {

    @Override
    public void apply(HourOfUsage hour, Ledger ledger) {
        for (UsageItem item : hour.instances()) {
            if (item.owner instanceof UsageOwner.InstanceRun run
                    && run.instance().tenancy() == Tenancy.HOST
                    && !item.isUsedUp()) {
                ledger.chargeNothing(item, Category.DEDICATED_HOST_INSTANCE, hour, item.takeAll());
            }
        }
    }
}
