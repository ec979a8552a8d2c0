package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.rating.Category;
import org.jspecify.annotations.Nullable;

/** What FOCUS tells apart: how something is billed, how often, and by which kind of price. */
enum Kind {
    UPFRONT_FEE("Purchase", "One-Time", "Standard", null),
    RECURRING_FEE("Purchase", "Recurring", "Standard", null),
    /** Paid for by a commitment. */
    COVERED("Usage", "Usage-Based", "Committed", "Used"),
    /** What is left of a commitment. */
    UNUSED("Usage", "Usage-Based", "Committed", "Unused"),
    USAGE("Usage", "Usage-Based", "Standard", null),
    /** At a price that follows the market. */
    DYNAMIC("Usage", "Usage-Based", "Dynamic", null),
    /** For an hour in which a region has dedicated instances. */
    REGION_FEE("Usage", "Usage-Based", "Standard", null);

    final String chargeCategory;
    final String chargeFrequency;
    final String pricingCategory;
    final @Nullable String commitmentDiscountStatus;

    Kind(
            String chargeCategory,
            String chargeFrequency,
            String pricingCategory,
            @Nullable String commitmentDiscountStatus) {
        this.chargeCategory = chargeCategory;
        this.chargeFrequency = chargeFrequency;
        this.pricingCategory = pricingCategory;
        this.commitmentDiscountStatus = commitmentDiscountStatus;
    }

    static Kind of(Category category) {
        return switch (category) {
            case RI_UPFRONT, SP_UPFRONT -> UPFRONT_FEE;
            case RI_RECURRING, SP_RECURRING -> RECURRING_FEE;
            case RI_COVERED, SP_COVERED -> COVERED;
            case RI_UNUSED, SP_UNUSED -> UNUSED;
            case SPOT -> DYNAMIC;
            case ON_DEMAND, FREE_TIER, DEDICATED_HOST, DEDICATED_HOST_INSTANCE, UNUSED_CAPACITY_RESERVATION -> USAGE;
            case DEDICATED_REGION_FEE -> REGION_FEE;
        };
    }

    boolean isPurchase() {
        return this == UPFRONT_FEE || this == RECURRING_FEE;
    }
}
