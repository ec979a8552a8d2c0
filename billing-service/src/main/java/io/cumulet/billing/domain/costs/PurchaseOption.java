package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.rating.Category;

/** How something was bought, as Cost Explorer tells it apart, and what it has no word for. */
enum PurchaseOption {
    ON_DEMAND("on-demand"),
    SPOT("spot"),
    RESERVED_INSTANCES("reserved-instances"),
    SAVINGS_PLAN("savings-plan"),
    DEDICATED_HOST("dedicated-host"),
    FREE_TIER("free-tier"),
    CAPACITY_RESERVATION("capacity-reservation");

    private final String code;

    PurchaseOption(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }

    static PurchaseOption of(Category category) {
        return switch (category) {
            case ON_DEMAND, DEDICATED_REGION_FEE -> ON_DEMAND;
            case SPOT -> SPOT;
            case FREE_TIER -> FREE_TIER;
            case RI_UPFRONT, RI_RECURRING, RI_COVERED, RI_UNUSED -> RESERVED_INSTANCES;
            case SP_UPFRONT, SP_RECURRING, SP_COVERED, SP_UNUSED -> SAVINGS_PLAN;
            case DEDICATED_HOST, DEDICATED_HOST_INSTANCE -> DEDICATED_HOST;
            case UNUSED_CAPACITY_RESERVATION -> CAPACITY_RESERVATION;
        };
    }
}
