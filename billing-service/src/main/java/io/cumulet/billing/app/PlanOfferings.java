package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The Savings Plans that can be bought, and what they charge for what they cover: see {@link Offerings}. */
@ApplicationScoped
public class PlanOfferings {

    /**
     * A Savings Plan but for its commitment.
     *
     * @param id the same for the same plan, whatever its rates are
     * @param region null for a Compute Savings Plan, as is the family
     */
    public record PlanOffering(
            String id,
            Terms.Kind kind,
            @Nullable Region region,
            @Nullable String family,
            int years,
            PaymentOption paymentOption) {

        private static PlanOffering of(
                Terms.Kind kind, @Nullable Region region, @Nullable String family, int years, PaymentOption payment) {
            return new PlanOffering(idOf(kind, region, family, years, payment), kind, region, family, years, payment);
        }

        /** The plan for a commitment. */
        public Terms with(HourlyRate commitment) {
            return region == null || family == null
                    ? new Terms.ComputeSavingsPlan(years, paymentOption, commitment)
                    : new Terms.Ec2InstanceSavingsPlan(region, family, years, paymentOption, commitment);
        }
    }

    /** What a plan charges for an hour of something that it covers. */
    public record PlanRate(
            PlanOffering offering, Region region, InstanceType instanceType, OperatingSystem os, HourlyRate hourly) {

        /** Orders all rates. */
        public String key() {
            return String.join(" ", offering.id(), region.value(), instanceType.value(), os.code());
        }
    }

    private final ReservedPrices prices;
    private final Offerings offerings;
    private final SortedMap<String, PlanOffering> byId = new TreeMap<>();

    public PlanOfferings(ReservedPrices prices, Offerings offerings) {
        this.prices = prices;
        this.offerings = offerings;
        for (ReservedPrices.Key key : prices.keys()) {
            PlanOffering offering = offering(key);
            byId.put(offering.id(), offering);
        }
    }

    private static PlanOffering offering(ReservedPrices.Key key) {
        return switch (key.offeringClass()) {
            case STANDARD ->
                PlanOffering.of(
                        Terms.Kind.EC2_INSTANCE_SAVINGS_PLAN,
                        key.region(),
                        key.instanceType().family(),
                        key.years(),
                        key.paymentOption());
            case CONVERTIBLE ->
                PlanOffering.of(Terms.Kind.COMPUTE_SAVINGS_PLAN, null, null, key.years(), key.paymentOption());
        };
    }

    private static String idOf(
            Terms.Kind kind, @Nullable Region region, @Nullable String family, int years, PaymentOption payment) {
        String name = kind.code() + "/" + region + "/" + family + "/" + years + "/" + payment;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The id of the offering that a plan is of. */
    public static String idOf(Terms plan) {
        String family = plan instanceof Terms.Ec2InstanceSavingsPlan ofFamily ? ofFamily.family() : null;
        return idOf(plan.kind(), plan.region(), family, plan.years(), plan.paymentOption());
    }

    /** By id. */
    public List<PlanOffering> list(Predicate<PlanOffering> wanted) {
        return byId.values().stream().filter(wanted).toList();
    }

    public Outcome<PlanOffering> find(String id) {
        PlanOffering found = byId.get(id);
        return found == null
                ? Outcome.refused(ErrorCode.SAVINGS_PLAN_NOT_FOUND, "offeringId", "There is no offering " + id)
                : Outcome.done(found);
    }

    /** What plans charge that are bought at a moment, by {@link PlanRate#key}. */
    public List<PlanRate> rates(Predicate<PlanOffering> wanted, Instant bought) {
        List<PlanRate> rates = new ArrayList<>();
        for (ReservedPrices.Key key : prices.keys()) {
            PlanOffering offering = offering(key);
            if (wanted.test(offering)) {
                // The commitment doesn't matter to the rate.
                Terms plan = offering.with(HourlyRate.of("1"));
                offerings
                        .planRate(plan, bought, key.region(), key.instanceType(), key.os(), Tenancy.DEFAULT)
                        .ifPresent(rate ->
                                rates.add(new PlanRate(offering, key.region(), key.instanceType(), key.os(), rate)));
            }
        }
        rates.sort(Comparator.comparing(PlanRate::key));
        return rates;
    }
}
