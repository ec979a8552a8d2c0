package io.cumulet.endpoint.actions.pricing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.RegionFacts;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.OnDemandPrice;
import io.cumulet.endpoint.actions.savingsplans.PlanWords;
import io.cumulet.kernel.Tenancy;
import io.cumulet.kernel.UsageTypes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An item of the price list: an instance type in a region, with a system and a tenancy.
 *
 * @param attributes by name; what isn't known of a type isn't there
 * @see <a href="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file.html">Reading a
 *     service price list file</a>
 */
record Product(String sku, SortedMap<String, String> attributes, OnDemandPrice price) {

    static final String FAMILY = "Compute Instance";
    static final String SERVICE = "AmazonEC2";

    private static final int SKU_LENGTH = 16;
    private static final int MIB_PER_GIB = 1_024;

    private static final Map<String, String> FAMILIES = Map.of(
            "general", "General purpose",
            "compute", "Compute optimized",
            "memory", "Memory optimized",
            "storage", "Storage optimized",
            "accelerated", "GPU instance",
            "hpc", "HPC optimized");
    private static final Map<String, String> SYSTEMS =
            Map.of("linux", "Linux", "windows", "Windows", "rhel", "RHEL", "suse", "SUSE");

    static Product of(OnDemandPrice price) {
        SortedMap<String, String> attributes = new TreeMap<>(Map.of(
                "servicecode", SERVICE,
                "servicename", "Amazon Elastic Compute Cloud",
                "locationType", "AWS Region",
                "capacitystatus", "Used",
                "marketoption", "OnDemand",
                "preInstalledSw", "NA"));
        String os = price.os().code();
        attributes.put("licenseModel", os.equals("windows") ? "License Included" : "No License required");
        attributes.put("operatingSystem", SYSTEMS.getOrDefault(os, os));
        attributes.put("operation", PlanWords.operation(os));
        attributes.put("tenancy", price.tenancy() == Tenancy.DEDICATED ? "Dedicated" : "Shared");
        attributes.put("usagetype", UsageTypes.instance(price.region(), price.instanceType(), price.tenancy()));
        attributes.put("regionCode", price.region().value());
        Regions.find(price.region()).ifPresent(region -> attributes.put("location", location(region)));
        attributes.put("instanceType", price.instanceType().value());
        InstanceTypes.find(price.instanceType().value()).ifPresent(facts -> addFacts(attributes, facts));
        return new Product(sku(price), attributes, price);
    }

    /** Price lists go on saying EU where consoles say Europe. */
    private static String location(RegionFacts region) {
        return region.name().replace("Europe (", "EU (");
    }

    private static void addFacts(SortedMap<String, String> attributes, InstanceTypeFacts facts) {
        attributes.put("vcpu", String.valueOf(facts.vcpus()));
        attributes.put("memory", memory(facts.memoryMib()));
        attributes.put("instanceFamily", FAMILIES.getOrDefault(facts.category(), facts.category()));
        attributes.put("currentGeneration", facts.currentGeneration() ? "Yes" : "No");
        attributes.put("networkPerformance", facts.network().performance());
        attributes.put(
                "enhancedNetworkingSupported", facts.network().enaSupport().equals("unsupported") ? "No" : "Yes");
        attributes.put("processorArchitecture", facts.runs(Architecture.I386) ? "32-bit or 64-bit" : "64-bit");
        if (!facts.processor().model().isEmpty()) {
            attributes.put("physicalProcessor", facts.processor().model());
        }
        if (!facts.processor().sustainedClockGhz().isEmpty()) {
            attributes.put("clockSpeed", facts.processor().sustainedClockGhz() + " GHz");
        }
        InstanceTypeFacts.LocalDisks disks = facts.localDisks();
        attributes.put(
                "storage",
                disks.count() == 0
                        ? "EBS only"
                        : disks.count() + " x " + disks.sizeGb() + " "
                                + disks.kind().toUpperCase(Locale.ROOT));
        if (facts.gpus().count() > 0) {
            attributes.put("gpu", String.valueOf(facts.gpus().count()));
        }
    }

    private static String memory(int mib) {
        BigDecimal gib = BigDecimal.valueOf(mib)
                .divide(BigDecimal.valueOf(MIB_PER_GIB), 3, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return String.format(Locale.ROOT, gib.scale() <= 0 ? "%,.0f GiB" : "%,." + gib.scale() + "f GiB", gib);
    }

    /** No free list has AWS's own: made of what it is, so that it stays the same. */
    private static String sku(OnDemandPrice price) {
        String name = String.join(
                "/",
                SERVICE,
                price.region().value(),
                price.instanceType().value(),
                price.os().code(),
                price.tenancy().code());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, hash)
                    .toString(Character.MAX_RADIX)
                    .toUpperCase(Locale.ROOT)
                    .substring(0, SKU_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether its instances have Reserved Instances: those of shared hosts do. */
    boolean canBeReserved() {
        return price.tenancy() == Tenancy.DEFAULT;
    }

    /** The item as text, in AWS's form. */
    String json(List<PriceTerm> reserved) {
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        ObjectNode product = item.putObject("product").put("productFamily", FAMILY);
        ObjectNode shown = product.putObject("attributes");
        attributes.forEach(shown::put);
        product.put("sku", sku);
        item.put("serviceCode", SERVICE);
        ObjectNode terms = item.putObject("terms");
        PriceTerm.onDemand(this).addTo(terms.putObject("OnDemand"), sku);
        if (!reserved.isEmpty()) {
            ObjectNode all = terms.putObject("Reserved");
            reserved.forEach(term -> term.addTo(all, sku));
        }
        return item.put("version", price.asOf().format(DateTimeFormatter.BASIC_ISO_DATE) + "000000")
                .put(
                        "publicationDate",
                        price.asOf().atStartOfDay().toInstant(ZoneOffset.UTC).toString())
                .toString();
    }
}
