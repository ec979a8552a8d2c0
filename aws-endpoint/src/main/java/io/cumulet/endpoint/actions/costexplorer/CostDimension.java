package io.cumulet.endpoint.actions.costexplorer;

import io.cumulet.endpoint.actions.savingsplans.PlanWords;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A dimension of Cost Explorer: which of billing's it is, and what it calls the values that billing has another word for.
 *
 * @param key as in {@code GroupBy}
 * @param rest billing's dimension
 * @param words billing's word, Cost Explorer's; empty if they are the same
 */
record CostDimension(String key, String rest, Map<String, String> words) {

    static final String COMPUTE = "Amazon Elastic Compute Cloud - Compute";

    private static final Map<String, String> PURCHASE_TYPES = Map.of(
            "on-demand", "On Demand Instances",
            "free-tier", "On Demand Instances",
            "capacity-reservation", "On Demand Instances",
            "spot", "Spot Instances",
            "reserved-instances", "Standard Reserved Instances",
            "savings-plan", "Savings Plans",
            "dedicated-host", "Dedicated Hosts");

    private static final Map<String, String> SYSTEMS =
            Map.of("linux", "Linux", "windows", "Windows", "rhel", "RHEL", "suse", "SUSE");

    /** What is left of commitments is part of their fees, as in the Cost and Usage Report. */
    private static final Map<String, String> RECORD_TYPES = Map.ofEntries(
            Map.entry("on-demand", "Usage"),
            Map.entry("spot", "Usage"),
            Map.entry("free-tier", "Usage"),
            Map.entry("dedicated-host", "Usage"),
            Map.entry("dedicated-host-instance", "Usage"),
            Map.entry("dedicated-region-fee", "Usage"),
            Map.entry("unused-capacity-reservation", "Usage"),
            Map.entry("ri-covered", "DiscountedUsage"),
            Map.entry("ri-upfront", "Fee"),
            Map.entry("ri-recurring", "RIFee"),
            Map.entry("ri-unused", "RIFee"),
            Map.entry("sp-covered", "SavingsPlanCoveredUsage"),
            Map.entry("sp-upfront", "SavingsPlanUpfrontFee"),
            Map.entry("sp-recurring", "SavingsPlanRecurringFee"),
            Map.entry("sp-unused", "SavingsPlanRecurringFee"));

    private static final Map<String, CostDimension> BY_KEY = new HashMap<>();

    static {
        same("AZ", "availability-zone");
        same("INSTANCE_TYPE", "instance-type");
        same("INSTANCE_TYPE_FAMILY", "instance-family");
        same("INSTANCE_FAMILY", "instance-family");
        same("LINKED_ACCOUNT", "account");
        // Accounts have no names here.
        same("LINKED_ACCOUNT_NAME", "account");
        same("REGION", "region");
        same("USAGE_TYPE", "usage-type");
        same("RESOURCE_ID", "instance");
        same("RESERVATION_ID", "reservation");
        same("SUBSCRIPTION_ID", "reservation");
        same("SAVINGS_PLAN_ARN", "savings-plan");
        translated("OPERATING_SYSTEM", "os", SYSTEMS);
        translated("PLATFORM", "os", each(SYSTEMS, PlanWords::product));
        translated("OPERATION", "os", each(SYSTEMS, PlanWords::operation));
        translated("PURCHASE_TYPE", "purchase-option", PURCHASE_TYPES);
        translated("RECORD_TYPE", "category", RECORD_TYPES);
        translated(
                "SERVICE",
                "category",
                each(RECORD_TYPES, category -> isPlanFee(category) ? "Savings Plans for AWS Compute usage" : COMPUTE));
        translated(
                "SERVICE_CODE",
                "category",
                each(RECORD_TYPES, category -> isPlanFee(category) ? "ComputeSavingsPlans" : "AmazonEC2"));
        translated(
                "USAGE_TYPE_GROUP",
                "category",
                each(RECORD_TYPES, category -> isFee(category) ? "NoUsageTypeGroup" : "EC2: Running Hours"));
        translated("TENANCY", "tenancy", Map.of("default", "Shared", "dedicated", "Dedicated", "host", "Host"));
        translated(
                "SAVINGS_PLANS_TYPE",
                "commitment-kind",
                Map.of(
                        "compute-savings-plan", "ComputeSavingsPlans",
                        "ec2-instance-savings-plan", "EC2InstanceSavingsPlans"));
        translated(
                "PAYMENT_OPTION",
                "payment-option",
                Map.of(
                        "no-upfront", "No Upfront",
                        "partial-upfront", "Partial Upfront",
                        "all-upfront", "All Upfront"));
        translated("SCOPE", "reservation-scope", Map.of("region", "Region", "availability-zone", "Availability Zone"));
    }

    private static void same(String key, String rest) {
        translated(key, rest, Map.of());
    }

    private static void translated(String key, String rest, Map<String, String> words) {
        BY_KEY.put(key, new CostDimension(key, rest, words));
    }

    private static Map<String, String> each(Map<String, String> of, UnaryOperator<String> word) {
        Map<String, String> words = new HashMap<>();
        of.keySet().forEach(code -> words.put(code, word.apply(code)));
        return words;
    }

    private static boolean isPlanFee(String category) {
        return category.startsWith("sp-") && isFee(category);
    }

    private static boolean isFee(String category) {
        return category.endsWith("-upfront") || category.endsWith("-recurring") || category.endsWith("-unused");
    }

    /** @throws AwsError {@code UnsupportedOperation} for one that nothing here is told apart by */
    static CostDimension of(String key) {
        return Optional.ofNullable(BY_KEY.get(key))
                .orElseThrow(() -> AwsError.unsupported("The dimension " + key + " is not supported here"));
    }

    /** Cost Explorer's word for a value; for none it says so. */
    String word(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return "No" + (key.equals("AZ") ? key : camel());
        }
        return words.getOrDefault(value, value);
    }

    /** Billing's words that have a word of Cost Explorer's that is wanted. */
    List<String> restWords(Predicate<String> wanted) {
        List<String> found = new ArrayList<>();
        words.forEach((rest, word) -> {
            if (wanted.test(word)) {
                found.add(rest);
            }
        });
        return found;
    }

    /** Billing's form of a value that has no word. */
    String restValue(String value) {
        return key.equals("SAVINGS_PLAN_ARN") ? PlanWords.id(value) : value;
    }

    /** {@code instanceType}: as attributes are named. */
    String attribute() {
        String camel = camel();
        return Character.toLowerCase(camel.charAt(0)) + camel.substring(1);
    }

    private String camel() {
        StringBuilder camel = new StringBuilder();
        for (String part : key.split("_")) {
            camel.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return camel.toString();
    }
}
