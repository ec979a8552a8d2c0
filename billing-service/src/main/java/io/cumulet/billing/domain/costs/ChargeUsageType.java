package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.UsageTypes;
import org.jspecify.annotations.Nullable;

/** What AWS's bills call what is charged, such as {@code EU-BoxUsage:m4.large}. */
final class ChargeUsageType {

    private ChargeUsageType() {}

    /** Null for what has no such name: a region's fee for dedicated instances. */
    static @Nullable String of(Charge charge) {
        MeteredThing thing = charge.thing();
        if (thing != null) {
            return thing.market() == Market.SPOT
                    ? UsageTypes.spot(thing.region(), thing.instanceType())
                    : UsageTypes.instance(thing.region(), thing.instanceType(), thing.tenancy());
        }
        PurchasedCommitment commitment = charge.commitment();
        return commitment == null ? null : ofFee(commitment.terms());
    }

    private static String ofFee(Terms terms) {
        return switch (terms) {
            case Terms.OfInstances reserved -> UsageTypes.reserved(reserved.region(), reserved.instanceType());
            case Terms.Ec2InstanceSavingsPlan plan ->
                UsageTypes.plan(plan.region(), plan.family(), plan.years(), plan.paymentOption());
            case Terms.ComputeSavingsPlan plan ->
                UsageTypes.plan(Region.DEFAULT, null, plan.years(), plan.paymentOption());
        };
    }
}
