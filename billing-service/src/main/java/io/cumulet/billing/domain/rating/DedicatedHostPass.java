package io.cumulet.billing.domain.rating;

/** Allocated hosts cost their family's host rate, whatever runs on them. */
final class DedicatedHostPass implements Pass {

    @Override
    public void apply(HourOfUsage hour, Ledger ledger) {
        for (UsageItem host : hour.hosts()) {
            if (!host.isUsedUp()) {
                ledger.charge(host, Category.DEDICATED_HOST, hour, host.takeAll(), Costs::atListPrice);
            }
        }
    }
}
