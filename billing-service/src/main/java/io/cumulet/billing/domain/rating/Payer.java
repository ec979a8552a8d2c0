package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Tenancy;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** What pays for seconds of usage. */
sealed interface Payer permits CommitmentBudget, Payer.FreeTierPays, Payer.HostPays, Payer.ListPrice {

    Category category(UsageQueue queue);

    /** The commitment that pays; null if none does. */
    default @Nullable String commitmentId() {
        return null;
    }

    /** The hourly price at which it pays; null where none applies. */
    @Nullable
    HourlyRate rate(UsageQueue queue);

    /** What seconds of a queue cost, each figure rounded once. */
    Costs costs(UsageQueue queue, BigFraction seconds);

    /** The first hours of a month are free. */
    record FreeTierPays() implements Payer {
        @Override
        public Category category(UsageQueue queue) {
            return Category.FREE_TIER;
        }

        @Override
        public @Nullable HourlyRate rate(UsageQueue queue) {
            return queue.listRate();
        }

        @Override
        public Costs costs(UsageQueue queue, BigFraction seconds) {
            return Costs.free(queue.listCost(seconds));
        }
    }

    /** An instance on a Dedicated Host costs nothing: its host does. */
    record HostPays() implements Payer {
        @Override
        public Category category(UsageQueue queue) {
            return Category.DEDICATED_HOST_INSTANCE;
        }

        @Override
        public @Nullable HourlyRate rate(UsageQueue queue) {
            return null;
        }

        @Override
        public Costs costs(UsageQueue queue, BigFraction seconds) {
            return Costs.ZERO;
        }
    }

    /** What nothing else has paid for costs its list price. So does capacity that was held and not used. */
    record ListPrice() implements Payer {
        @Override
        public Category category(UsageQueue queue) {
            return switch (queue.usageClass()) {
                case UsageClass.Instances instances -> Category.ON_DEMAND;
                case UsageClass.UnusedCapacity unused -> Category.UNUSED_CAPACITY_RESERVATION;
                case UsageClass.Hosts hosts -> Category.DEDICATED_HOST;
            };
        }

        @Override
        public @Nullable HourlyRate rate(UsageQueue queue) {
            return queue.listRate();
        }

        @Override
        public Costs costs(UsageQueue queue, BigFraction seconds) {
            Money cost = queue.listCost(seconds);
            return new Costs(cost, cost, cost);
        }
    }

    /** What pays for that which no other payer takes. */
    static Payer ofTheRest(UsageClass usageClass) {
        boolean isOnHost = usageClass instanceof UsageClass.Instances instances && instances.tenancy() == Tenancy.HOST;
        return isOnHost ? new HostPays() : new ListPrice();
    }
}
