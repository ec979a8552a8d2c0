package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is sold, and at which price of the lists it is: an instance in a region is one SKU, however it is paid for, and Reserved
 * Instances are of the SKU that they are for.
 *
 * @param id the same for every account and price, such as {@code us-east-1/m4.large/linux/default}
 * @param priceId of one price of it, such as {@code us-east-1/m4.large/linux/default/on-demand}
 * @param details null for what is no instance
 */
record Sku(
        String id, String priceId, String meter, @Nullable SortedMap<String, String> details) {

    private static final String INSTANCE_HOURS = "Instance Hours";

    static Sku of(Charge charge) {
        MeteredThing thing = charge.thing();
        PurchasedCommitment commitment = charge.commitment();
        if (thing != null) {
            return ofInstance(
                    thing.region(), thing.instanceType(), thing.os(), thing.tenancy(), price(charge, commitment));
        }
        if (commitment == null) {
            String id = Objects.toString(charge.resourceId(), "global") + "/"
                    + charge.category().code();
            return new Sku(id, id, charge.category().code(), null);
        }
        if (commitment.terms() instanceof Terms.OfInstances terms) {
            return ofInstance(
                    terms.region(), terms.instanceType(), terms.os(), Tenancy.DEFAULT, price(charge, commitment));
        }
        String id = planId(commitment.terms());
        return new Sku(id, id + "/" + price(charge, commitment), "Savings Plan Commitment", null);
    }

    private static Sku ofInstance(Region region, InstanceType type, OperatingSystem os, Tenancy tenancy, String price) {
        String id = String.join("/", region.value(), type.value(), os.code(), tenancy.code());
        SortedMap<String, String> details = new TreeMap<>(Map.of(
                "InstanceType", type.value(),
                "InstanceSeries", type.family(),
                "OperatingSystem", os.code(),
                "x_Tenancy", tenancy.code()));
        return new Sku(id, id + "/" + price, INSTANCE_HOURS, details);
    }

    private static String planId(Terms terms) {
        return switch (terms) {
            case Terms.Ec2InstanceSavingsPlan plan ->
                String.join("/", plan.region().value(), plan.kind().code(), plan.family());
            case Terms.ComputeSavingsPlan plan -> plan.kind().code();
            case Terms.OfInstances reserved -> reserved.kind().code();
        };
    }

    private static String price(Charge charge, @Nullable PurchasedCommitment commitment) {
        if (commitment == null) {
            return charge.category().code();
        }
        Terms terms = commitment.terms();
        String offering = String.join(
                "/",
                terms.kind().code(),
                terms.years() + "-year",
                terms.paymentOption().code());
        return switch (Kind.of(charge.category())) {
            case UPFRONT_FEE -> offering + "/upfront";
            case RECURRING_FEE -> offering + "/hourly";
            case COVERED, UNUSED, USAGE, DYNAMIC, REGION_FEE -> offering;
        };
    }
}
