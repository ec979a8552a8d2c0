package io.cumulet.billing.api;

import io.cumulet.billing.app.Offerings;
import io.cumulet.billing.app.WhatIfs.Held;
import io.cumulet.billing.app.WhatIfs.Portfolio;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.catalog.DedicatedHosts;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads portfolios; what isn't on offer is refused by its place.
 *
 * @param region where what is bought applies
 * @param at when it is bought
 */
record Portfolios(Offerings offerings, Region region, Instant at) {

    private static final int MOST = 50;
    private static final int MOST_HOSTS = 1_000;

    @Schema(description = "How the usage might have been paid for; with nothing but a name, all on demand")
    public record PortfolioRequest(
            @Schema(required = true) @Nullable String name,

            @Schema(description = "Whether what was bought stays; false if not said") @Nullable
            Boolean keepBought,

            @Schema(description = "Bought when the period begins, at the prices of that moment") @Nullable
            List<ReservedRequest> reservedInstances,

            @Schema(description = "Bought when the period begins, at the rates of that moment") @Nullable
            List<PlanRequest> savingsPlans,

            @Schema(description = "Puts all instances on the spot market, or none: spot or on-demand") @Nullable
            String market,

            @Schema(description = "Gives all instances this tenancy: default, dedicated or host") @Nullable
            String tenancy,

            @Schema(description = "Allocated for the whole period; with tenancy host") @Nullable
            List<HostsRequest> dedicatedHosts,

            @Schema(description = "Bought when the period begins; pay for dedicatedHosts") @Nullable
            List<HostReservationRequest> hostReservations,

            @Schema(description = "Held for the whole period, used or not") @Nullable
            List<CapacityRequest> capacityReservations) {}

    @Schema(description = "Reserved Instances of the call's region")
    public record ReservedRequest(
            @Schema(required = true) @Nullable String instanceType,

            @Schema(description = "linux if not said") @Nullable
            String os,

            @Schema(required = true, description = "standard or convertible") @Nullable
            String offeringClass,

            @Schema(required = true) @Nullable String paymentOption,

            @Schema(required = true) @Nullable Integer termYears,

            @Schema(description = "Makes them zonal") @Nullable
            String availabilityZone,

            @Schema(description = "1 if not said") @Nullable Integer instanceCount) {}

    @Schema(description = "A Savings Plan; one for a family is for the call's region")
    public record PlanRequest(
            @Schema(required = true, description = "ec2-instance or compute") @Nullable
            String planType,

            @Nullable String family,

            @Schema(required = true) @Nullable String commitmentHourly,

            @Schema(required = true) @Nullable String paymentOption,

            @Schema(required = true) @Nullable Integer termYears) {}

    @Schema(description = "Dedicated Hosts of the call's region")
    public record HostsRequest(
            @Schema(required = true, description = "Such as m4") @Nullable
            String family,

            @Schema(description = "1 if not said") @Nullable Integer count) {}

    @Schema(description = "A reservation of Dedicated Hosts of the call's region, at its own price: no list has one")
    public record HostReservationRequest(
            @Schema(required = true) @Nullable String family,

            @Schema(description = "1 if not said") @Nullable Integer count,

            @Schema(required = true) @Nullable Integer termYears,

            @Schema(description = "USD for one host, once; 0 if not said") @Nullable
            String upfront,

            @Schema(required = true, description = "USD for one host in each hour") @Nullable
            String hourly) {}

    @Schema(description = "A capacity reservation of default tenancy; instances that match run in it")
    public record CapacityRequest(
            @Schema(required = true) @Nullable String instanceType,

            @Schema(description = "linux if not said") @Nullable
            String os,

            @Schema(required = true) @Nullable String availabilityZone,

            @Schema(description = "1 if not said") @Nullable Integer instanceCount) {}

    List<Portfolio> read(List<PortfolioRequest> requests) {
        if (requests.isEmpty() || requests.size() > MOST) {
            throw Query.refused("portfolios", "There are 1 to " + MOST + ", not " + requests.size());
        }
        List<Portfolio> portfolios = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < requests.size(); i++) {
            Portfolio portfolio =
                    portfolio(Query.required("portfolios[" + i + "]", requests.get(i)), "portfolios[" + i + "].");
            if (!names.add(portfolio.name())) {
                throw Query.refused("portfolios[" + i + "].name", "Two portfolios are called " + portfolio.name());
            }
            portfolios.add(portfolio);
        }
        return portfolios;
    }

    private Portfolio portfolio(PortfolioRequest request, String place) {
        List<Terms> purchases = new ArrayList<>();
        purchases.addAll(each(request.reservedInstances(), place + "reservedInstances", this::reservedTerms));
        purchases.addAll(each(request.savingsPlans(), place + "savingsPlans", this::planTerms));
        Market market = Query.named(place + "market", request.market(), Market::ofCode);
        Tenancy tenancy = Query.named(place + "tenancy", request.tenancy(), Tenancy::ofCode);
        Held held = new Held(
                each(request.dedicatedHosts(), place + "dedicatedHosts", this::hosts),
                each(request.hostReservations(), place + "hostReservations", this::reservedHosts),
                each(request.capacityReservations(), place + "capacityReservations", this::capacity));
        if ((tenancy == Tenancy.HOST) == held.hosts().isEmpty()) {
            throw Query.refused(place + "dedicatedHosts", "They come with tenancy host, and it with them");
        }
        if (held.hosts().stream().mapToLong(Held.Hosts::count).sum() > MOST_HOSTS) {
            throw Query.refused(place + "dedicatedHosts", "There are at most " + MOST_HOSTS);
        }
        if (tenancy == Tenancy.HOST && market == Market.SPOT) {
            throw Query.refused(place + "market", "A spot instance doesn't run on a Dedicated Host");
        }
        return new Portfolio(
                Query.required(place + "name", request.name()),
                Boolean.TRUE.equals(request.keepBought()),
                purchases,
                market,
                tenancy,
                held);
    }

    /** Reads one of a list. */
    private interface Reader<R, T> {
        T read(R request, String place);
    }

    private static <R, T> List<T> each(@Nullable List<R> requests, String list, Reader<R, T> reader) {
        List<T> all = new ArrayList<>();
        if (requests != null) {
            for (int i = 0; i < requests.size(); i++) {
                String place = list + "[" + i + "]";
                all.add(reader.read(Query.required(place, requests.get(i)), place + "."));
            }
        }
        return all;
    }

    private Terms reservedTerms(ReservedRequest request, String place) {
        int years = years(request.termYears(), place);
        ReservedPrices.Key key = new ReservedPrices.Key(
                region,
                type(request.instanceType(), place),
                os(request.os(), place),
                Query.requiredNamed(place + "offeringClass", request.offeringClass(), OfferingClass::ofCode),
                years,
                Query.requiredNamed(place + "paymentOption", request.paymentOption(), PaymentOption::ofCode));
        AvailabilityZone zone = Query.named(place + "availabilityZone", request.availabilityZone(), this::zone);
        int count = count(request.instanceCount(), place + "instanceCount");
        return offerings.reservedInstances(key, zone, count, at).orThrow();
    }

    private Terms planTerms(PlanRequest request, String place) {
        PlanTerms.Plan plan =
                new PlanTerms.Plan(request.planType(), request.family(), request.paymentOption(), request.termYears());
        return PlanTerms.of(plan, place, region, offerings)
                .with(PlanTerms.commitment(
                        Query.required(place + "commitmentHourly", request.commitmentHourly()), place));
    }

    private Held.Hosts hosts(HostsRequest request, String place) {
        return new Held.Hosts(host(request.family(), place), count(request.count(), place + "count"));
    }

    private Held.ReservedHosts reservedHosts(HostReservationRequest request, String place) {
        return new Held.ReservedHosts(
                region,
                host(request.family(), place).family(),
                count(request.count(), place + "count"),
                years(request.termYears(), place),
                request.upfront() == null ? BigDecimal.ZERO : usd(request.upfront(), place + "upfront"),
                usd(Query.required(place + "hourly", request.hourly()), place + "hourly"));
    }

    private DedicatedHosts.Host host(@Nullable String family, String place) {
        String of = Query.required(place + "family", family);
        return DedicatedHosts.find(region, of)
                .orElseThrow(() -> Query.refused(
                        place + "family", "No price of a Dedicated Host of " + of + " in " + region + " is known"));
    }

    private Held.Capacity capacity(CapacityRequest request, String place) {
        return new Held.Capacity(
                type(request.instanceType(), place),
                os(request.os(), place),
                Query.requiredNamed(place + "availabilityZone", request.availabilityZone(), this::zone),
                count(request.instanceCount(), place + "instanceCount"));
    }

    private Optional<AvailabilityZone> zone(String name) {
        return OfferingsResource.zone(region, name);
    }

    private static InstanceType type(@Nullable String type, String place) {
        return Query.requiredNamed(
                place + "instanceType", type, name -> InstanceTypes.find(name).map(InstanceTypeFacts::type));
    }

    private static OperatingSystem os(@Nullable String os, String place) {
        String code = os == null ? OperatingSystem.LINUX.code() : os;
        return Query.requiredNamed(place + "os", code, OperatingSystem::ofCode);
    }

    private static int years(@Nullable Integer years, String place) {
        String text = String.valueOf(Query.required(place + "termYears", years));
        return Query.requiredNamed(place + "termYears", text, OfferingsResource::years);
    }

    private static int count(@Nullable Integer count, String field) {
        int number = count == null ? 1 : count;
        if (number < 1) {
            throw Query.refused(field, "It is at least 1, not " + number);
        }
        return number;
    }

    private static BigDecimal usd(String text, String field) {
        if (!HourlyRate.isValid(text)) {
            throw Query.refused(field, "An amount in USD is expected, such as \"3.193\", not " + text);
        }
        return new BigDecimal(text);
    }
}
