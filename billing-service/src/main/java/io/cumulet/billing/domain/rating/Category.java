package io.cumulet.billing.domain.rating;

/** What a rated row is for. */
public enum Category {
    ON_DEMAND("on-demand"),
    SPOT("spot"),
    FREE_TIER("free-tier"),
    DEDICATED_HOST("dedicated-host"),
    DEDICATED_HOST_INSTANCE("dedicated-host-instance"),
    DEDICATED_REGION_FEE("dedicated-region-fee"),
    UNUSED_CAPACITY_RESERVATION("unused-capacity-reservation");

    private final String code;

    Category(String code) {
        this.code = code;
    }

    /** The name in rated rows and bills, such as {@code on-demand}. */
    public String code() {
        return code;
    }

    @Override
    public String toString() {
        return code;
    }
}
