package io.cumulet.billing.api;

import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The terms of a Savings Plan as callers say them, but for the commitment. */
sealed interface PlanTerms {

    String EC2_INSTANCE = "ec2-instance";
    String COMPUTE = "compute";

    /** Whether a plan is for one family, and how it is paid. */
    record Plan(
            @Nullable String planType,
            @Nullable String family,
            @Nullable String paymentOption,
            @Nullable Integer termYears) {

        PaymentOption payment(String place) {
            return Query.requiredNamed(place + "paymentOption", paymentOption, PaymentOption::ofCode);
        }

        int years(String place) {
            String text = String.valueOf(Query.required(place + "termYears", termYears));
            return Query.requiredNamed(place + "termYears", text, OfferingsResource::years);
        }
    }

    record Ec2Instance(Region region, String family, int years, PaymentOption payment) implements PlanTerms {
        @Override
        public Terms with(HourlyRate commitment) {
            return new Terms.Ec2InstanceSavingsPlan(region, family, years, payment, commitment);
        }
    }

    record Compute(int years, PaymentOption payment) implements PlanTerms {
        @Override
        public Terms with(HourlyRate commitment) {
            return new Terms.ComputeSavingsPlan(years, payment, commitment);
        }
    }

    Terms with(HourlyRate commitment);

    /** @param place what to put before a field's name in an error, such as {@code savingsPlans[0].} */
    static PlanTerms of(Plan plan, String place, Region region, Offerings offerings) {
        PaymentOption payment = plan.payment(place);
        int years = plan.years(place);
        String family = plan.family();
        return switch (Query.required(place + "planType", plan.planType())) {
            case EC2_INSTANCE -> {
                String of = Query.required(place + "family", family);
                if (!offerings.hasPlanRates(region, of, years, payment)) {
                    throw Query.refused(
                            place + "family",
                            "No plan for the family " + of + " with this term and payment is on offer in " + region);
                }
                yield new Ec2Instance(region, of, years, payment);
            }
            case COMPUTE -> {
                if (family != null) {
                    throw Query.refused(place + "family", "A Compute Savings Plan is for every family");
                }
                yield new Compute(years, payment);
            }
            default -> throw Query.refused(place + "planType", "It is ec2-instance or compute, not " + plan.planType());
        };
    }

    static HourlyRate commitment(String text, String place) {
        return Optional.of(text)
                .filter(HourlyRate::isValid)
                .map(HourlyRate::of)
                .filter(rate -> !rate.isZero())
                .orElseThrow(() -> Query.refused(
                        place + "commitmentHourly",
                        "It is USD an hour as a decimal above 0, such as 0.50, not " + text));
    }
}
