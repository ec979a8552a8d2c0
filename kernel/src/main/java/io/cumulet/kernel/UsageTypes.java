package io.cumulet.kernel;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What AWS's price lists and bills call what is used: what it is, behind a short name of the region.
 *
 * @see <a href="https://docs.aws.amazon.com/cur/latest/userguide/billing-reports-costusage.html">Cost and usage: billing
 *     codes of regions</a>
 */
public final class UsageTypes {

    /** us-east-1 has none. Regions that aren't here have their own name. */
    private static final Map<String, String> PREFIXES = Map.ofEntries(
            Map.entry("us-east-1", ""),
            Map.entry("us-east-2", "USE2-"),
            Map.entry("us-west-1", "USW1-"),
            Map.entry("us-west-2", "USW2-"),
            Map.entry("ca-central-1", "CAN1-"),
            Map.entry("eu-west-1", "EU-"),
            Map.entry("eu-west-2", "EUW2-"),
            Map.entry("eu-west-3", "EUW3-"),
            Map.entry("eu-central-1", "EUC1-"),
            Map.entry("eu-north-1", "EUN1-"),
            Map.entry("eu-south-1", "EUS1-"),
            Map.entry("ap-northeast-1", "APN1-"),
            Map.entry("ap-northeast-2", "APN2-"),
            Map.entry("ap-northeast-3", "APN3-"),
            Map.entry("ap-southeast-1", "APS1-"),
            Map.entry("ap-southeast-2", "APS2-"),
            Map.entry("ap-south-1", "APS3-"),
            Map.entry("ap-east-1", "APE1-"),
            Map.entry("sa-east-1", "SAE1-"),
            Map.entry("me-south-1", "MES1-"),
            Map.entry("af-south-1", "AFS1-"));

    private UsageTypes() {}

    /** An instance, on demand or paid for by a commitment. */
    public static String instance(Region region, InstanceType type, Tenancy tenancy) {
        return prefix(region)
                + switch (tenancy) {
                    case DEFAULT -> "BoxUsage:";
                    case DEDICATED -> "DedicatedUsage:";
                    case HOST -> "HostBoxUsage:";
                }
                + type;
    }

    public static String spot(Region region, InstanceType type) {
        return prefix(region) + "SpotUsage:" + type;
    }

    /** The fees of Reserved Instances. */
    public static String reserved(Region region, InstanceType type) {
        return prefix(region) + "HeavyUsage:" + type;
    }

    /**
     * The fees of a Savings Plan.
     *
     * @param family null for a Compute Savings Plan
     */
    public static String plan(Region region, @Nullable String family, int years, PaymentOption payment) {
        String term = years + "yr"
                + switch (payment) {
                    case NO_UPFRONT -> "NoUpfront";
                    case PARTIAL_UPFRONT -> "PartialUpfront";
                    case ALL_UPFRONT -> "AllUpfront";
                };
        return family == null ? "ComputeSP:" + term : prefix(region) + "EC2SP:" + family + "." + term;
    }

    private static String prefix(Region region) {
        return PREFIXES.getOrDefault(region.value(), region.value() + "-");
    }
}
