package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.ReservedPrice;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What can be bought: Reserved Instances by offering, and the rates of Savings Plans. An EC2 Instance Savings Plan has the
 * effective rate of the standard Reserved Instance of the same term and payment, a Compute Savings Plan that of the
 * convertible one: no free list has the plans' own rates, and AWS's are equal or nearly so.
 */
@ApplicationScoped
public class Offerings {

    /**
     * An offering of Reserved Instances.
     *
     * @param zone where they apply; null for the whole region
     */
    public record Offering(String id, @Nullable AvailabilityZone zone, ReservedPrice price) {}

    private record Place(ReservedPrices.Key key, @Nullable AvailabilityZone zone) {}

    private final ReservedPrices prices;
    private final Map<String, Place> places = new HashMap<>();

    public Offerings(ReservedPrices prices) {
        this.prices = prices;
        for (ReservedPrices.Key key : prices.keys()) {
            places.put(idOf(key, null), new Place(key, null));
            for (AvailabilityZone zone : zones(key.region())) {
                places.put(idOf(key, zone), new Place(key, zone));
            }
        }
    }

    private static List<AvailabilityZone> zones(Region region) {
        return Regions.find(region).stream()
                .flatMap(facts -> facts.zones().stream())
                .map(RegionFacts.ZoneFacts::zone)
                .toList();
    }

    /** The same for the same thing on offer, whatever its price is. */
    private static String idOf(ReservedPrices.Key key, @Nullable AvailabilityZone zone) {
        String name = key.region() + "/" + zone + "/" + key.instanceType() + "/" + key.os() + "/" + key.offeringClass()
                + "/" + key.years() + "/" + key.paymentOption();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** What is on offer at a moment, by id. */
    public List<Offering> list(
            Region region, @Nullable AvailabilityZone zone, Instant at, Predicate<ReservedPrices.Key> filter) {
        return prices.keys().stream()
                .filter(key -> key.region().equals(region))
                .filter(filter)
                .map(key -> new Offering(
                        idOf(key, zone), zone, prices.inForce(key, at).orElseThrow()))
                .sorted(Comparator.comparing(Offering::id))
                .toList();
    }

    /** An offering of the price lists of a region at a moment. */
    public Optional<Offering> find(Region region, String offeringId, Instant at) {
        return Optional.ofNullable(places.get(offeringId))
                .filter(place -> place.key().region().equals(region))
                .flatMap(place ->
                        prices.inForce(place.key(), at).map(price -> new Offering(offeringId, place.zone(), price)));
    }

    /** Whether an id is that of an offering of the price lists, in any region. */
    public boolean areListed(String offeringId) {
        return places.containsKey(offeringId);
    }

    /** The terms of an offering in a region at a moment. */
    public Outcome<Terms> reservedInstances(Region region, String offeringId, int count, Instant at) {
        Place place = places.get(offeringId);
        if (place == null || !place.key().region().equals(region)) {
            return Outcome.refused(
                    ErrorCode.OFFERING_NOT_FOUND, "offeringId", "There is no offering " + offeringId + " in " + region);
        }
        return reservedInstances(place.key(), place.zone(), count, at);
    }

    /**
     * The terms of what is on offer at a moment.
     *
     * @param zone null for the whole region
     */
    public Outcome<Terms> reservedInstances(
            ReservedPrices.Key key, @Nullable AvailabilityZone zone, int count, Instant at) {
        return reserved(key, zone, count, at)
                .map(terms -> Outcome.<Terms>done(terms))
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.OFFERING_NOT_FOUND,
                        "instanceType",
                        "No %s Reserved Instances of %s, %s, for %d years, %s are on offer in %s"
                                .formatted(
                                        key.offeringClass().code(),
                                        key.instanceType(),
                                        key.os().code(),
                                        key.years(),
                                        key.paymentOption().code(),
                                        key.region())));
    }

    /** One regional Reserved Instance, if it is on offer at a moment. */
    public Optional<Terms.ReservedInstances> reservedInstance(ReservedPrices.Key key, Instant at) {
        return reserved(key, null, 1, at);
    }

    private Optional<Terms.ReservedInstances> reserved(
            ReservedPrices.Key key, @Nullable AvailabilityZone zone, int count, Instant at) {
        return prices.inForce(key, at)
                .map(price -> new Terms.ReservedInstances(
                        key.region(),
                        zone,
                        price.instanceType(),
                        price.os(),
                        price.offeringClass(),
                        price.years(),
                        price.paymentOption(),
                        count,
                        price.upfront(),
                        price.hourly()));
    }

    /** The id of the offering that Reserved Instances are of. */
    public String offeringIdOf(Terms.ReservedInstances terms) {
        return idOf(
                new ReservedPrices.Key(
                        terms.region(),
                        terms.instanceType(),
                        terms.os(),
                        terms.offeringClass(),
                        terms.years(),
                        terms.paymentOption()),
                terms.zone());
    }

    /** Whether an EC2 Instance Savings Plan for a family in a region would have a rate at all. */
    public boolean hasPlanRates(Region region, String family, int years, PaymentOption paymentOption) {
        return prices.keys().stream()
                .anyMatch(key -> key.region().equals(region)
                        && key.instanceType().family().equals(family)
                        && key.offeringClass() == OfferingClass.STANDARD
                        && key.years() == years
                        && key.paymentOption() == paymentOption);
    }

    /** The rate of a Savings Plan bought at a moment; empty for what it doesn't cover. */
    public Optional<HourlyRate> planRate(
            Terms plan, Instant bought, Region region, InstanceType type, OperatingSystem os, Tenancy tenancy) {
        OfferingClass like = switch (plan.kind()) {
            case EC2_INSTANCE_SAVINGS_PLAN -> OfferingClass.STANDARD;
            case COMPUTE_SAVINGS_PLAN -> OfferingClass.CONVERTIBLE;
            case RESERVED_INSTANCES, SCHEDULED_INSTANCES ->
                throw new IllegalArgumentException("Not a Savings Plan: " + plan);
        };
        if (tenancy != Tenancy.DEFAULT) {
            return Optional.empty();
        }
        ReservedPrices.Key key = new ReservedPrices.Key(region, type, os, like, plan.years(), plan.paymentOption());
        return prices.inForce(key, bought).map(ReservedPrice::effectiveHourly);
    }
}
