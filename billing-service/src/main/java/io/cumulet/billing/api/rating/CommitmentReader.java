package io.cumulet.billing.api.rating;

import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.HostReservation;
import io.cumulet.billing.domain.rating.ReservedInstance;
import io.cumulet.billing.domain.rating.SavingsPlan;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.kernel.PaymentOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the commitments of a scenario. */
final class CommitmentReader {

    private static final Set<String> RESERVED_INSTANCE = Set.of(
            "id",
            "account",
            "instanceType",
            "os",
            "tenancy",
            "region",
            "availabilityZone",
            "count",
            "start",
            "termYears",
            "upfront",
            "hourly");
    private static final Set<String> SAVINGS_PLAN = Set.of(
            "id", "account", "planType", "family", "region", "commitmentHourly", "paymentOption", "start", "termYears");
    private static final Set<String> HOST_RESERVATION =
            Set.of("id", "account", "family", "region", "count", "start", "termYears", "upfront", "hourly");

    private static final String EC2_INSTANCE_PLAN = "ec2-instance";
    private static final String COMPUTE_PLAN = "compute";

    private CommitmentReader() {}

    static ReservedInstance reservedInstance(JsonPlace json) {
        json.object(RESERVED_INSTANCE);
        return new ReservedInstance(
                json.pointer(),
                json.required("id").text(),
                ScenarioFields.account(json),
                ScenarioFields.type(json),
                ScenarioFields.os(json),
                ScenarioFields.priceTenancy(json),
                scope(json),
                json.required("count").wholeNumber(1),
                term(json),
                fees(json));
    }

    private static ReservedInstance.Scope scope(JsonPlace json) {
        boolean isZonal = json.optional("availabilityZone").isPresent();
        if (isZonal == json.optional("region").isPresent()) {
            throw JsonPlace.refused(
                    json.pointer(), "A Reserved Instance names either an Availability Zone or a region");
        }
        return isZonal
                ? new ReservedInstance.Zonal(ScenarioFields.zone(json))
                : new ReservedInstance.Regional(ScenarioFields.region(json));
    }

    static SavingsPlan savingsPlan(JsonPlace json) {
        json.object(SAVINGS_PLAN);
        return new SavingsPlan(
                json.pointer(),
                json.required("id").text(),
                ScenarioFields.account(json),
                coverage(json),
                json.required("commitmentHourly").hourlyAmount(),
                json.required("paymentOption").named(PaymentOption::ofCode, "a payment option"),
                term(json));
    }

    private static SavingsPlan.Coverage coverage(JsonPlace json) {
        String type = json.required("planType")
                .named(
                        code -> Optional.of(code).filter(Set.of(EC2_INSTANCE_PLAN, COMPUTE_PLAN)::contains),
                        "a type of Savings Plan");
        if (type.equals(EC2_INSTANCE_PLAN)) {
            return new SavingsPlan.Ec2Instance(json.required("family").text(), ScenarioFields.region(json));
        }
        for (String field : List.of("family", "region")) {
            if (json.optional(field).isPresent()) {
                throw JsonPlace.refused(
                        json.pointer() + "/" + field, "A Compute Savings Plan is for every family and region");
            }
        }
        return new SavingsPlan.Compute();
    }

    static HostReservation hostReservation(JsonPlace json) {
        json.object(HOST_RESERVATION);
        return new HostReservation(
                json.pointer(),
                json.required("id").text(),
                ScenarioFields.account(json),
                json.required("family").text(),
                ScenarioFields.region(json),
                json.required("count").wholeNumber(1),
                term(json),
                fees(json));
    }

    private static Term term(JsonPlace json) {
        JsonPlace years = json.required("termYears");
        if (years.wholeNumber(1) != 1 && years.wholeNumber(1) != 3) {
            throw JsonPlace.refused(years.pointer(), "A term is 1 or 3 years");
        }
        return new Term(json.required("start").instant(), years.wholeNumber(1));
    }

    private static Fees fees(JsonPlace json) {
        return new Fees(json.required("upfront").usd(), json.required("hourly").usd());
    }
}
