package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.kernel.Region;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a row are read from.
 *
 * @param discount null for what no commitment has to do with
 * @param tags of the instance, in force in the hour
 */
record FocusEntry(
        FocusCharge of,
        Kind kind,
        Pricing pricing,
        @Nullable Discount discount,
        Sku sku,
        @Nullable String regionName,
        Map<String, String> tags) {

    static FocusEntry of(FocusCharge focusCharge, FocusReference reference) {
        Charge charge = focusCharge.charge();
        Discount discount = Discount.of(charge);
        Region region = charge.region();
        return new FocusEntry(
                focusCharge,
                Kind.of(charge.category()),
                Pricing.of(charge, discount, reference),
                discount,
                Sku.of(charge),
                region == null ? null : reference.nameOf(region),
                Map.of());
    }

    FocusEntry tagged(Map<String, String> inForce) {
        return new FocusEntry(of, kind, pricing, discount, sku, regionName, inForce);
    }

    boolean isCorrection() {
        return of.isCorrection();
    }

    Charge charge() {
        return of.charge();
    }

    /** Of one hour. */
    Costs costs() {
        return charge().segment().first().costs();
    }

    /** The commitment for its fees and what is left of it, else what was used; null for a region's fee. */
    @Nullable
    String resourceId() {
        return switch (kind) {
            case UPFRONT_FEE, RECURRING_FEE, UNUSED -> charge().commitmentId();
            case REGION_FEE -> null;
            case USAGE, COVERED, DYNAMIC -> charge().resourceId();
        };
    }

    @Nullable
    String resourceType() {
        return switch (kind) {
            case UPFRONT_FEE, RECURRING_FEE, UNUSED -> discount == null ? null : discount.type();
            case REGION_FEE -> null;
            case USAGE, COVERED, DYNAMIC ->
                switch (charge().category()) {
                    case DEDICATED_HOST -> "Dedicated Host";
                    case UNUSED_CAPACITY_RESERVATION -> "Capacity Reservation";
                    default -> "Instance";
                };
        };
    }

    @Nullable
    String zone() {
        return charge().thing() == null ? null : charge().thing().zone().value();
    }
}
