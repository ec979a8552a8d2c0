package io.cumulet.endpoint.actions.pricing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.prices.ReservedPrice;
import io.cumulet.endpoint.actions.savingsplans.PlanWords;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.PaymentOption;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a product can be paid for, and what it costs then.
 *
 * @param code AWS's code of the offer, the same for all products
 * @param upfront USD, once; null if nothing is paid once
 * @param hourly USD; null if nothing is paid by the hour
 * @param attributes what else there is to agree on, such as the length of the lease
 */
record PriceTerm(
        String code,
        LocalDate asOf,
        @Nullable BigDecimal upfront,
        @Nullable BigDecimal hourly,
        String hourlyDescription,
        Map<String, String> attributes) {

    private static final String ON_DEMAND = "JRTCKXETXF";
    private static final String BY_THE_HOUR = "6YS6EN2CT7";
    private static final String ONCE = "2TG2D8R56U";
    /** As in AWS's lists. */
    private static final int DECIMALS = 10;

    /** By class, years and payment, as in every price list of EC2 since 2016. */
    private static final Map<String, String> RESERVED = Map.ofEntries(
            Map.entry("standard/1/no-upfront", "4NA7Y494T4"),
            Map.entry("standard/1/partial-upfront", "HU7G6KETJZ"),
            Map.entry("standard/1/all-upfront", "6QCMYABX3D"),
            Map.entry("standard/3/no-upfront", "BPH4J8HBKS"),
            Map.entry("standard/3/partial-upfront", "38NPMPTW36"),
            Map.entry("standard/3/all-upfront", "NQ3QZPMQV9"),
            Map.entry("convertible/1/no-upfront", "7NE97W5U4E"),
            Map.entry("convertible/1/partial-upfront", "CUZHX8X6JH"),
            Map.entry("convertible/1/all-upfront", "VJWZNREJX2"),
            Map.entry("convertible/3/no-upfront", "Z2E3P23VKM"),
            Map.entry("convertible/3/partial-upfront", "R5XV2EPZQZ"),
            Map.entry("convertible/3/all-upfront", "MZU6U2429S"));

    static PriceTerm onDemand(Product product) {
        BigDecimal hourly = product.price().hourly().usd();
        return new PriceTerm(
                ON_DEMAND,
                product.price().asOf(),
                null,
                hourly,
                "$" + hourly.toPlainString() + " per "
                        + (product.canBeReserved() ? "On Demand " : "Dedicated ")
                        + product.attributes().get("operatingSystem") + " "
                        + product.price().instanceType() + " Instance Hour",
                Map.of());
    }

    static PriceTerm reserved(ReservedPrice price) {
        String code = RESERVED.get(price.offeringClass().code() + "/" + price.years() + "/"
                + price.paymentOption().code());
        if (code == null) {
            throw new IllegalStateException("There is no offer for " + price);
        }
        return new PriceTerm(
                code,
                price.asOf(),
                price.paymentOption() == PaymentOption.NO_UPFRONT ? null : price.upfront(),
                price.hourly(),
                PlanWords.product(price.os().code()) + " (Amazon VPC), " + price.instanceType()
                        + " reserved instance applied",
                new TreeMap<>(Map.of(
                        "LeaseContractLength",
                        price.years() + "yr",
                        "OfferingClass",
                        price.offeringClass() == OfferingClass.STANDARD ? "standard" : "convertible",
                        "PurchaseOption",
                        payment(price.paymentOption()))));
    }

    private static String payment(PaymentOption option) {
        return switch (option) {
            case NO_UPFRONT -> "No Upfront";
            case PARTIAL_UPFRONT -> "Partial Upfront";
            case ALL_UPFRONT -> "All Upfront";
        };
    }

    /** Adds it to the terms of its kind. */
    void addTo(ObjectNode terms, String sku) {
        String name = sku + "." + code;
        ObjectNode term = terms.putObject(name);
        ObjectNode dimensions = term.putObject("priceDimensions");
        if (upfront != null) {
            dimension(dimensions, name + "." + ONCE, "Quantity", "Upfront Fee", upfront);
        }
        if (hourly != null) {
            ObjectNode dimension = dimension(dimensions, name + "." + BY_THE_HOUR, "Hrs", hourlyDescription, hourly);
            dimension.put("beginRange", "0").put("endRange", "Inf");
        }
        ObjectNode shown = term.put("sku", sku)
                .put(
                        "effectiveDate",
                        asOf.atStartOfDay().toInstant(ZoneOffset.UTC).toString())
                .put("offerTermCode", code)
                .putObject("termAttributes");
        attributes.forEach(shown::put);
    }

    private static ObjectNode dimension(
            ObjectNode dimensions, String rateCode, String unit, String description, BigDecimal usd) {
        ObjectNode dimension = dimensions
                .putObject(rateCode)
                .put("rateCode", rateCode)
                .put("unit", unit)
                .put("description", description);
        dimension.putArray("appliesTo");
        // No price has more decimals.
        dimension
                .putObject("pricePerUnit")
                .put(
                        "USD",
                        usd.setScale(Math.max(DECIMALS, usd.scale()), RoundingMode.UNNECESSARY)
                                .toPlainString());
        return dimension;
    }

    /** By code. */
    static List<PriceTerm> sorted(List<PriceTerm> terms) {
        return terms.stream().sorted(Comparator.comparing(PriceTerm::code)).toList();
    }
}
