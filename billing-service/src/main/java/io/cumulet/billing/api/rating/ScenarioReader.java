package io.cumulet.billing.api.rating;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.billing.domain.rating.CapacityReservation;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.DedicatedHost;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.billing.domain.rating.Organizations;
import io.cumulet.billing.domain.rating.PriceTable;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.ScenarioCheck;
import io.cumulet.billing.domain.rating.Usage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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
                        all(json.list("reservedInstances"), CommitmentReader::reservedInstance),
                        all(json.list("savingsPlans"), CommitmentReader::savingsPlan),
                        all(json.list("hostReservations"), CommitmentReader::hostReservation)),
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
                    table.addOnDemand(
                            ScenarioFields.region(price),
                            ScenarioFields.type(price),
                            ScenarioFields.os(price),
                            ScenarioFields.priceTenancy(price),
                            ScenarioFields.hourly(price)),
                    price);
        }
        for (JsonPlace price : json.list("spot")) {
            price.object(SPOT_PRICE);
            refuseUnless(
                    table.addSpot(
                            ScenarioFields.zone(price),
                            ScenarioFields.type(price),
                            ScenarioFields.os(price),
                            price.required("at").instant(),
                            ScenarioFields.hourly(price)),
                    price);
        }
        for (JsonPlace price : json.list("dedicatedHosts")) {
            price.object(HOST_PRICE);
            refuseUnless(
                    table.addDedicatedHost(
                            ScenarioFields.region(price),
                            price.required("family").text(),
                            ScenarioFields.hourly(price)),
                    price);
        }
        json.optional("dedicatedRegionFeeHourly").ifPresent(fee -> table.setDedicatedRegionFee(fee.price()));
        for (JsonPlace rate : json.list("savingsPlanRates")) {
            rate.object(PLAN_RATE);
            refuseUnless(
                    table.addSavingsPlan(
                            rate.required("planId").text(),
                            ScenarioFields.region(rate),
                            ScenarioFields.type(rate),
                            ScenarioFields.os(rate),
                            ScenarioFields.priceTenancy(rate),
                            ScenarioFields.hourly(rate)),
                    rate);
        }
        for (JsonPlace rate : json.list("savingsPlanHostRates")) {
            rate.object(PLAN_HOST_RATE);
            refuseUnless(
                    table.addSavingsPlanHost(
                            rate.required("planId").text(),
                            ScenarioFields.region(rate),
                            rate.required("family").text(),
                            ScenarioFields.hourly(rate)),
                    rate);
        }
        return table;
    }

    private static InstanceUsage instance(JsonPlace json) {
        json.object(INSTANCE);
        return new InstanceUsage(
                json.pointer(),
                json.required("id").text(),
                ScenarioFields.account(json),
                ScenarioFields.type(json),
                ScenarioFields.os(json),
                json.optionalNamed("tenancy", Tenancy::ofCode, "a tenancy", Tenancy.DEFAULT),
                ScenarioFields.zone(json),
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
                ScenarioFields.account(json),
                ScenarioFields.type(json),
                ScenarioFields.os(json),
                ScenarioFields.priceTenancy(json),
                ScenarioFields.zone(json),
                json.required("count").wholeNumber(1),
                json.required("start").instant(),
                json.optionalInstant("end"));
    }

    private static DedicatedHost dedicatedHost(JsonPlace json) {
        json.object(DEDICATED_HOST);
        return new DedicatedHost(
                json.pointer(),
                json.required("id").text(),
                ScenarioFields.account(json),
                json.required("family").text(),
                ScenarioFields.zone(json),
                json.required("allocated").instant(),
                json.optionalInstant("released"));
    }

    private static FreeTier freeTier(JsonPlace json) {
        json.object(FREE_TIER);
        Set<InstanceType> types = new HashSet<>();
        for (JsonPlace type : json.required("instanceTypes").elements()) {
            types.add(type.named(ScenarioFields.TYPE, "an instance type"));
        }
        Set<AccountId> accounts = new HashSet<>();
        for (JsonPlace account : json.required("accounts").elements()) {
            accounts.add(account.named(ScenarioFields.ACCOUNT, "an account of 12 digits"));
        }
        return new FreeTier(types, json.required("hoursPerMonth").wholeNumber(0), accounts);
    }

    private static Organizations organizations(List<JsonPlace> json) {
        Set<AccountId> elsewhere = new HashSet<>();
        List<Set<AccountId>> organizations = new ArrayList<>();
        for (JsonPlace organization : json) {
            Set<AccountId> members = new HashSet<>();
            for (JsonPlace member : organization.elements()) {
                AccountId account = member.named(ScenarioFields.ACCOUNT, "an account of 12 digits");
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

    private static <T> List<T> all(List<JsonPlace> places, Function<JsonPlace, T> read) {
        List<T> values = new ArrayList<>(places.size());
        for (JsonPlace place : places) {
            values.add(read.apply(place));
        }
        return List.copyOf(values);
    }
}
