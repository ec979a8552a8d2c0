package io.cumulet.endpoint.actions.savingsplans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import io.cumulet.kernel.UsageTypes;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the API of Savings Plans calls what billing has another word for. */
public final class PlanWords {

    static final String EC2 = "EC2";
    static final String USD = "USD";
    static final String HOURS = "Hrs";
    static final String SERVICE = "AmazonEC2";

    private static final long SECONDS_PER_YEAR = Duration.ofDays(365).toSeconds();

    private static final Map<String, String> PAYMENTS = Map.of(
            "no-upfront", "No Upfront",
            "partial-upfront", "Partial Upfront",
            "all-upfront", "All Upfront");
    private static final Map<String, String> TYPES = Map.of(
            "compute", "Compute",
            "ec2-instance", "EC2Instance",
            "compute-savings-plan", "Compute",
            "ec2-instance-savings-plan", "EC2Instance");
    private static final Map<String, String> SYSTEMS = Map.of(
            "linux", "Linux/UNIX",
            "windows", "Windows",
            "rhel", "Red Hat Enterprise Linux",
            "suse", "SUSE Linux");
    /** See <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html">usage operation values</a>. */
    private static final Map<String, String> OPERATIONS = Map.of(
            "linux", "RunInstances",
            "windows", "RunInstances:0002",
            "rhel", "RunInstances:0010",
            "suse", "RunInstances:000g");

    private PlanWords() {}

    static String payment(JsonNode view) {
        return word(PAYMENTS, view.path("paymentOption").asText());
    }

    /** @param code of a plan's type or of a commitment's kind */
    static String type(String code) {
        return word(TYPES, code);
    }

    private static String word(Map<String, String> words, String code) {
        return Objects.requireNonNull(words.get(code), code);
    }

    public static String product(String os) {
        return SYSTEMS.getOrDefault(os, os);
    }

    public static String operation(String os) {
        return OPERATIONS.getOrDefault(os, "RunInstances");
    }

    static long seconds(JsonNode view) {
        return view.path("termYears").asLong() * SECONDS_PER_YEAR;
    }

    static String description(JsonNode view, String type) {
        String plan = type.equals("Compute") ? "Compute Savings Plan" : "EC2 Instance Savings Plan";
        return view.path("termYears").asInt() + " year " + payment(view) + " " + plan;
    }

    /** An offering's own name in bills. */
    static String usageType(JsonNode offering) {
        return UsageTypes.plan(
                new Region(offering.path("region").asText(Region.DEFAULT.value())),
                offering.hasNonNull("family") ? offering.path("family").asText() : null,
                offering.path("termYears").asInt(),
                PaymentOption.ofCode(offering.path("paymentOption").asText()).orElseThrow());
    }

    /** The name in bills of what a rate is for. */
    static String usageTypeOf(JsonNode rate) {
        return UsageTypes.instance(
                new Region(rate.path("region").asText()),
                new InstanceType(rate.path("instanceType").asText()),
                Tenancy.DEFAULT);
    }

    static void property(ArrayNode properties, String name, @Nullable String value) {
        if (value != null) {
            properties.addObject().put("name", name).put("value", value);
        }
    }

    public static String arn(String account, String id) {
        return "arn:aws:savingsplans::" + account + ":savingsplan/" + id;
    }

    /** The id in an ARN; a text that is none as it is. */
    public static String id(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    /** @throws AwsError {@code ValidationException} for what isn't an id, so that it leads to no other path */
    static String checkedId(String id) {
        if (!id.toLowerCase(Locale.ROOT).matches("[0-9a-f-]{1,64}")) {
            throw AwsError.of("ValidationException", "The Savings Plan id '" + id + "' is not valid");
        }
        return id;
    }
}
