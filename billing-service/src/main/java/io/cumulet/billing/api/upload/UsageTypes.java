package io.cumulet.billing.api.upload;

import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * AWS's names of what was used.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html">Operations by system</a>
 * @see <a href="https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html">Usage types and operations</a>
 */
final class UsageTypes {

    /** As in {@code EUW1-BoxUsage:m5.large}; in us-east-1 without a region. */
    private static final Pattern INSTANCE = Pattern.compile(
            "(?:[A-Z0-9]+-)?(BoxUsage|SpotUsage|DedicatedUsage|HostBoxUsage)(?::([a-z0-9-]+\\.[a-z0-9-]+))?");

    /** A usage type without a size is of the first there was. */
    private static final String FIRST_TYPE = "m1.small";

    private static final Map<String, OperatingSystem> BY_OPERATION = Map.of(
            "RunInstances", OperatingSystem.LINUX,
            "RunInstances:0002", OperatingSystem.WINDOWS,
            "RunInstances:0010", OperatingSystem.RHEL,
            "RunInstances:000g", OperatingSystem.SUSE);

    private static final Map<String, OperatingSystem> BY_NAME = Map.of(
            "linux", OperatingSystem.LINUX,
            "linux/unix", OperatingSystem.LINUX,
            "windows", OperatingSystem.WINDOWS,
            "rhel", OperatingSystem.RHEL,
            "red hat enterprise linux", OperatingSystem.RHEL,
            "suse", OperatingSystem.SUSE,
            "suse linux", OperatingSystem.SUSE);

    private UsageTypes() {}

    /** An instance-hour of a kind. */
    record Used(InstanceType type, Tenancy tenancy, Market market) {}

    /** What a usage type is; empty if it isn't an instance's hours. */
    static Optional<Used> of(String usageType) {
        Matcher matcher = INSTANCE.matcher(usageType);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String type = matcher.group(2) == null ? FIRST_TYPE : matcher.group(2);
        if (!InstanceType.isValid(type)) {
            return Optional.empty();
        }
        Tenancy tenancy = switch (matcher.group(1)) {
            case "DedicatedUsage" -> Tenancy.DEDICATED;
            case "HostBoxUsage" -> Tenancy.HOST;
            default -> Tenancy.DEFAULT;
        };
        Market market = matcher.group(1).equals("SpotUsage") ? Market.SPOT : Market.ON_DEMAND;
        return Optional.of(new Used(new InstanceType(type), tenancy, market));
    }

    /** The system that an operation launches; spot instances' have a suffix of their own. Empty for what has no price here. */
    static Optional<OperatingSystem> systemOf(String operation) {
        return Optional.ofNullable(BY_OPERATION.get(operation.replaceFirst(":SV[0-9]+$", "")));
    }

    static Optional<OperatingSystem> systemNamed(String name) {
        return Optional.ofNullable(BY_NAME.get(name.toLowerCase(Locale.ROOT)));
    }
}
