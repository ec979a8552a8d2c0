package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.ReservedInstance;
import io.cumulet.billing.domain.rating.SavingsPlan;
import io.cumulet.kernel.Tenancy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What was bought in the form in which it is rated. */
public final class Rateable {

    private Rateable() {}

    public static Commitments commitments(List<PurchasedCommitment> bought) {
        List<ReservedInstance> reserved = new ArrayList<>();
        List<SavingsPlan> plans = new ArrayList<>();
        for (PurchasedCommitment one : bought) {
            String place = "/commitments/" + (reserved.size() + plans.size());
            switch (one.terms()) {
                case Terms.ReservedInstances terms -> reserved.add(reservedInstance(place, one, terms, scope(terms)));
                case Terms.ScheduledInstances terms ->
                    reserved.add(reservedInstance(place, one, terms, slots(one, terms)));
                case Terms.Ec2InstanceSavingsPlan terms ->
                    plans.add(savingsPlan(place, one, new SavingsPlan.Ec2Instance(terms.family(), terms.region())));
                case Terms.ComputeSavingsPlan terms -> plans.add(savingsPlan(place, one, new SavingsPlan.Compute()));
            }
        }
        return new Commitments(reserved, plans, List.of());
    }

    private static ReservedInstance reservedInstance(
            String place, PurchasedCommitment bought, Terms.OfInstances terms, ReservedInstance.Scope scope) {
        return new ReservedInstance(
                place,
                bought.id(),
                bought.account(),
                terms.instanceType(),
                terms.os(),
                Tenancy.DEFAULT,
                scope,
                terms.count(),
                bought.term(),
                bought.unitFees(terms));
    }

    private static ReservedInstance.Scope scope(Terms.ReservedInstances terms) {
        return terms.zone() == null
                ? new ReservedInstance.Regional(terms.region())
                : new ReservedInstance.Zonal(terms.zone());
    }

    private static ReservedInstance.Scope slots(PurchasedCommitment bought, Terms.ScheduledInstances terms) {
        return new ReservedInstance.Scheduled(
                terms.zone(), terms.schedule(bought.term()).slots());
    }

    private static SavingsPlan savingsPlan(String place, PurchasedCommitment bought, SavingsPlan.Coverage coverage) {
        return new SavingsPlan(
                place,
                bought.id(),
                bought.account(),
                coverage,
                Objects.requireNonNull(bought.terms().commitment(), "a plan has a commitment"),
                bought.terms().paymentOption(),
                bought.term());
    }
}
