package io.cumulet.billing.domain.rating;

/** What a rated row is for. */
public enum Category {
    ON_DEMAND("on-demand"),
    SPOT("spot"),
    FREE_TIER("free-tier"),
    RI_UPFRONT("ri-upfront"),
    RI_RECURRING("ri-recurring"),
    RI_COVERED("ri-covered"),
    RI_UNUSED("ri-unused"),
    SP_UPFRONT("sp-upfront"),
    SP_RECURRING("sp-recurring"),
    SP_COVERED("sp-covered"),
    SP_UNUSED("sp-unused"),
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

    /** @throws IllegalArgumentException if there is none */
    public static Category ofCode(String code) {
        for (Category category : values()) {
            if (category.code.equals(code)) {
                return category;
            }
        }
        throw new IllegalArgumentException("There is no category " + code);
    }

    @Override
    public String toString() {
        return code;
    }
}
