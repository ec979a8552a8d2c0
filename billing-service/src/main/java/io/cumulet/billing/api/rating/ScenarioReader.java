package io.cumulet.billing.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.billing.domain.rating.CapacityReservation;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.DedicatedHost;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.billing.domain.rating.HostReservation;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.billing.domain.rating.Organizations;
import io.cumulet.billing.domain.rating.PriceTable;
import io.cumulet.billing.domain.rating.ReservedInstance;
import io.cumulet.billing.domain.rating.SavingsPlan;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.ScenarioCheck;
import io.cumulet.billing.domain.rating.SpotInterruptionPolicy;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.billing.domain.rating.Usage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads a rating scenario from JSON. What isn't in its form, or makes no sense, is refused with the place at fault. */
public final class ScenarioReader {

    private static final Set<String> SCENARIO = Set.of(
            "period",
            "prices",
            "instances",
            "reservedInstances",
            "savingsPlans",
            "capacityReservations",
            "dedicatedHosts",
            "hostReservations",
            "organizations",
            "freeTier",
            "spotInterruptionPolicy");
    private static final Set<String> PERIOD = Set.of("start", "end");
    private static final Set<String> PRICES = Set.of(
            "onDemand",
            "spot",
            "savingsPlanRates",
            "dedicatedHosts",
            "dedicatedRegionFeeHourly",
            "savingsPlanHostRates");
    private static final Set<String> ON_DEMAND_PRICE = Set.of("region", "instanceType", "os", "tenancy", "hourly");
    private static final Set<String> SPOT_PRICE = Set.of("availabilityZone", "instanceType", "os", "at", "hourly");
    private static final Set<String> HOST_PRICE = Set.of("region", "family", "hourly");
    private static final Set<String> PLAN_RATE = Set.of("planId", "region", "instanceType", "os", "tenancy", "hourly");
    private static final Set<String> PLAN_HOST_RATE = Set.of("planId", "region", "family", "hourly");
    private static final Set<String> INSTANCE = Set.of(
            "id",
            "account",
            "instanceType",
            "os",
            "tenancy",
            "availabilityZone",
            "market",
            "hostId",
            "capacityReservationId",
            "runs");
    private static final Set<String> RUN = Set.of("start", "stop", "endedBy");
    private static final Set<String> CAPACITY_RESERVATION = Set.of(
            "id", "account", "instanceType", "os", "tenancy", "availabilityZone", "count", "start", "end", "match");
    private static final Set<String> DEDICATED_HOST =
            Set.of("id", "account", "family", "availabilityZone", "allocated", "released");
    private static final Set<String> FREE_TIER = Set.of("instanceTypes", "hoursPerMonth", "accounts");

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

    private static final Function<String, Optional<AccountId>> ACCOUNT = checked(AccountId::isValid, AccountId::new);
    private static final Function<String, Optional<Region>> REGION = checked(Region::isValid, Region::new);
    private static final Function<String, Optional<AvailabilityZone>> ZONE =
            checked(AvailabilityZone::isValid, AvailabilityZone::new);
    private static final Function<String, Optional<InstanceType>> TYPE =
            checked(InstanceType::isValid, InstanceType::new);

    private ScenarioReader() {}

    /**
     * Reads and checks a scenario.
     *
     * @return the scenario, or a refusal whose field is an RFC 6901 pointer to the place at fault
     */
    public static Outcome<Scenario> read(JsonNode json) {
        try {
            Scenario scenario = scenario(new JsonPlace(json, "").object(SCENARIO));
            return ScenarioCheck.firstFault(scenario)
                    .<Outcome<Scenario>>map(Outcome::refused)
                    .orElseGet(() -> Outcome.done(scenario));
        } catch (RefusedException e) {
            return Outcome.refused(e.refusal());
        }
    }

    private static Scenario scenario(JsonPlace json) {
        Interval period = period(json.required("period").object(PERIOD));
        return new Scenario(
                period,
                period.until(),
                prices(json.required("prices").object(PRICES)),
                new Usage(
                        all(json.list("instances"), ScenarioReader::instance),
                        all(json.list("capacityReservations"), ScenarioReader::capacityReservation),
                        all(json.list("dedicatedHosts"), ScenarioReader::dedicatedHost)),
                new Commitments(
                        all(json.list("reservedInstances"), ScenarioReader::reservedInstance),
                        all(json.list("savingsPlans"), ScenarioReader::savingsPlan),
                        all(json.list("hostReservations"), ScenarioReader::hostReservation)),
                organizations(json.list("organizations")),
                json.optional("freeTier").map(ScenarioReader::freeTier).orElse(FreeTier.NONE),
                json.optionalNamed(
                        "spotInterruptionPolicy",
                        SpotInterruptionPolicy::ofCode,
                        "a policy",
                        SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE));
    }

    private static Interval period(JsonPlace json) {
        Instant start = json.required("start").instant();
        Instant end = json.required("end").instant();
        if (!start.isBefore(end)) {
            throw JsonPlace.refused("/period/end", "A period ends after it starts");
        }
        return new Interval(start, end);
    }

    private static PriceTable prices(JsonPlace json) {
        PriceTable table = new PriceTable();
        for (JsonPlace price : json.list("onDemand")) {
            price.object(ON_DEMAND_PRICE);
            refuseUnless(
                    table.addOnDemand(region(price), type(price), os(price), priceTenancy(price), hourly(price)),
                    price);
        }
        for (JsonPlace price : json.list("spot")) {
            price.object(SPOT_PRICE);
            refuseUnless(
                    table.addSpot(
                            zone(price),
                            type(price),
                            os(price),
                            price.required("at").instant(),
                            hourly(price)),
                    price);
        }
        for (JsonPlace price : json.list("dedicatedHosts")) {
            price.object(HOST_PRICE);
            refuseUnless(
                    table.addDedicatedHost(
                            region(price), price.required("family").text(), hourly(price)),
                    price);
        }
        json.optional("dedicatedRegionFeeHourly").ifPresent(fee -> table.setDedicatedRegionFee(fee.price()));
        for (JsonPlace rate : json.list("savingsPlanRates")) {
            rate.object(PLAN_RATE);
            refuseUnless(
                    table.addSavingsPlan(
                            rate.required("planId").text(),
                            region(rate),
                            type(rate),
                            os(rate),
                            priceTenancy(rate),
                            hourly(rate)),
                    rate);
        }
        for (JsonPlace rate : json.list("savingsPlanHostRates")) {
            rate.object(PLAN_HOST_RATE);
            refuseUnless(
                    table.addSavingsPlanHost(
                            rate.required("planId").text(),
                            region(rate),
                            rate.required("family").text(),
                            hourly(rate)),
                    rate);
        }
        return table;
    }

    private static InstanceUsage instance(JsonPlace json) {
        json.object(INSTANCE);
        return new InstanceUsage(
                json.pointer(),
                json.required("id").text(),
                account(json),
                type(json),
                os(json),
                json.optionalNamed("tenancy", Tenancy::ofCode, "a tenancy", Tenancy.DEFAULT),
                zone(json),
                json.optionalNamed("market", Market::ofCode, "a market", Market.ON_DEMAND),
                json.optionalText("hostId"),
                json.optionalText("capacityReservationId"),
                all(json.required("runs").elements(), ScenarioReader::run));
    }

    private static Run run(JsonPlace json) {
        json.object(RUN);
        return new Run(
                json.required("start").instant(),
                json.optionalInstant("stop"),
                json.optionalNamed("endedBy", ScenarioReader::endedBy, "what ends a run", EndedBy.USER));
    }

    private static CapacityReservation capacityReservation(JsonPlace json) {
        json.object(CAPACITY_RESERVATION);
        json.optional("match").ifPresent(match -> match.named(ScenarioReader::match, "a kind of matching"));
        return new CapacityReservation(
                json.pointer(),
                json.required("id").text(),
                account(json),
                type(json),
                os(json),
                priceTenancy(json),
                zone(json),
                json.required("count").wholeNumber(1),
                json.required("start").instant(),
                json.optionalInstant("end"));
    }

    private static DedicatedHost dedicatedHost(JsonPlace json) {
        json.object(DEDICATED_HOST);
        return new DedicatedHost(
                json.pointer(),
                json.required("id").text(),
                account(json),
                json.required("family").text(),
                zone(json),
                json.required("allocated").instant(),
                json.optionalInstant("released"));
    }

    private static FreeTier freeTier(JsonPlace json) {
        json.object(FREE_TIER);
        Set<InstanceType> types = new HashSet<>();
        for (JsonPlace type : json.required("instanceTypes").elements()) {
            types.add(type.named(TYPE, "an instance type"));
        }
        Set<AccountId> accounts = new HashSet<>();
        for (JsonPlace account : json.required("accounts").elements()) {
            accounts.add(account.named(ACCOUNT, "an account of 12 digits"));
        }
        return new FreeTier(types, json.required("hoursPerMonth").wholeNumber(0), accounts);
    }

    private static Organizations organizations(List<JsonPlace> json) {
        Set<AccountId> elsewhere = new HashSet<>();
        List<Set<AccountId>> organizations = new ArrayList<>();
        for (JsonPlace organization : json) {
            Set<AccountId> members = new HashSet<>();
            for (JsonPlace member : organization.elements()) {
                AccountId account = member.named(ACCOUNT, "an account of 12 digits");
                if (elsewhere.contains(account)) {
                    throw JsonPlace.refused(member.pointer(), "An account is in one organization at most");
                }
                members.add(account);
            }
            elsewhere.addAll(members);
            organizations.add(members);
        }
        return new Organizations(organizations);
    }

    private static ReservedInstance reservedInstance(JsonPlace json) {
        json.object(RESERVED_INSTANCE);
        return new ReservedInstance(
                json.pointer(),
                json.required("id").text(),
                account(json),
                type(json),
                os(json),
                priceTenancy(json),
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
        return isZonal ? new ReservedInstance.Zonal(zone(json)) : new ReservedInstance.Regional(region(json));
    }

    private static SavingsPlan savingsPlan(JsonPlace json) {
        json.object(SAVINGS_PLAN);
        return new SavingsPlan(
                json.pointer(),
                json.required("id").text(),
                account(json),
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
            return new SavingsPlan.Ec2Instance(json.required("family").text(), region(json));
        }
        for (String field : List.of("family", "region")) {
            if (json.optional(field).isPresent()) {
                throw JsonPlace.refused(
                        json.pointer() + "/" + field, "A Compute Savings Plan is for every family and region");
            }
        }
        return new SavingsPlan.Compute();
    }

    private static HostReservation hostReservation(JsonPlace json) {
        json.object(HOST_RESERVATION);
        return new HostReservation(
                json.pointer(),
                json.required("id").text(),
                account(json),
                json.required("family").text(),
                region(json),
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

    private static AccountId account(JsonPlace json) {
        return json.required("account").named(ACCOUNT, "an account of 12 digits");
    }

    private static Region region(JsonPlace json) {
        return json.required("region").named(REGION, "a region");
    }

    private static AvailabilityZone zone(JsonPlace json) {
        return json.required("availabilityZone").named(ZONE, "an Availability Zone");
    }

    private static InstanceType type(JsonPlace json) {
        return json.required("instanceType").named(TYPE, "an instance type");
    }

    private static OperatingSystem os(JsonPlace json) {
        return json.required("os").named(OperatingSystem::ofCode, "a system we know how to count");
    }

    private static Tenancy priceTenancy(JsonPlace json) {
        return json.optionalNamed(
                "tenancy",
                code -> Tenancy.ofCode(code).filter(tenancy -> tenancy != Tenancy.HOST),
                "a tenancy that has a price",
                Tenancy.DEFAULT);
    }

    private static HourlyRate hourly(JsonPlace json) {
        return json.required("hourly").price();
    }

    private static Optional<EndedBy> endedBy(String code) {
        return switch (code) {
            case "user" -> Optional.of(EndedBy.USER);
            case "interruption" -> Optional.of(EndedBy.INTERRUPTION);
            default -> Optional.empty();
        };
    }

    private static Optional<String> match(String code) {
        return code.equals("open") || code.equals("targeted") ? Optional.of(code) : Optional.empty();
    }

    private static void refuseUnless(boolean taken, JsonPlace price) {
        if (!taken) {
            throw JsonPlace.refused(price.pointer(), "There is another price for the same already");
        }
    }

    private static <T> Function<String, Optional<T>> checked(Predicate<String> valid, Function<String, T> create) {
        return text -> valid.test(text) ? Optional.of(create.apply(text)) : Optional.empty();
    }

    private static <T> List<T> all(List<JsonPlace> places, Function<JsonPlace, T> read) {
        List<T> values = new ArrayList<>(places.size());
        for (JsonPlace place : places) {
            values.add(read.apply(place));
        }
        return List.copyOf(values);
    }
}
