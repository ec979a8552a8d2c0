package io.cumulet.plumbing.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.InstanceRequirements;
import io.cumulet.catalog.InstanceRequirements.Inclusion;
import io.cumulet.catalog.InstanceRequirements.Range;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What types have to have, for who doesn't name them, as REST says it: in the form of EC2's InstanceRequirements, with what the
 * catalog can decide. Bare metal and burstable types only if they are asked for.
 */
@Schema(name = "InstanceRequirements")
public record InstanceRequirementsBody(
        @Schema(required = true) @Nullable RangeBody vCpuCount,

        @Schema(required = true) @JsonProperty("memoryMiB") @Nullable
        RangeBody memoryMib,

        @JsonProperty("memoryGiBPerVCpu") @Nullable RangeBody memoryGibPerVcpu,
        @Nullable List<String> cpuManufacturers,
        @Nullable List<String> excludedInstanceTypes,
        @Nullable List<String> allowedInstanceTypes,
        @Nullable List<String> instanceGenerations,
        @Nullable String bareMetal,
        @Nullable String burstablePerformance,
        @Nullable Boolean requireHibernateSupport,
        @Nullable RangeBody networkInterfaceCount,
        @Nullable String localStorage,
        @Nullable List<String> localStorageTypes,
        @JsonProperty("totalLocalStorageGB") @Nullable RangeBody totalLocalStorageGb,
        @Nullable RangeBody baselineEbsBandwidthMbps,
        @Nullable RangeBody acceleratorCount,
        @Nullable List<String> acceleratorManufacturers,
        @Nullable List<String> acceleratorNames,

        @JsonProperty("acceleratorTotalMemoryMiB") @Nullable RangeBody acceleratorTotalMemoryMib) {

    private static final int MOST_NAMED = 400;
    private static final Pattern NAMED = Pattern.compile("[a-zA-Z0-9.*-]{1,30}");

    /** From the least to the most, both included. */
    @Schema(name = "Range")
    public record RangeBody(
            @Nullable BigDecimal min, @Nullable BigDecimal max) {}

    /**
     * Checks them.
     *
     * @param field what they are called in the request
     * @param architectures of which a type runs at least one
     * @throws RefusedException for what can't be meant
     */
    public InstanceRequirements read(String field, Set<Architecture> architectures) {
        if (vCpuCount == null || memoryMib == null) {
            String missing = field + "." + (vCpuCount == null ? "vCpuCount" : "memoryMiB");
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, missing, "'" + missing + "' is required")
                    .asException();
        }
        if (excludedInstanceTypes != null && allowedInstanceTypes != null) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            field + ".allowedInstanceTypes",
                            "Types are allowed or excluded, not both")
                    .asException();
        }
        return new InstanceRequirements(
                architectures,
                range(field + ".vCpuCount", vCpuCount),
                range(field + ".memoryMiB", memoryMib),
                range(field + ".memoryGiBPerVCpu", memoryGibPerVcpu),
                list(cpuManufacturers),
                types(field + ".excludedInstanceTypes", excludedInstanceTypes),
                types(field + ".allowedInstanceTypes", allowedInstanceTypes),
                list(instanceGenerations),
                inclusion(field + ".bareMetal", bareMetal, Inclusion.EXCLUDED),
                inclusion(field + ".burstablePerformance", burstablePerformance, Inclusion.EXCLUDED),
                Boolean.TRUE.equals(requireHibernateSupport),
                range(field + ".networkInterfaceCount", networkInterfaceCount),
                inclusion(field + ".localStorage", localStorage, Inclusion.INCLUDED),
                list(localStorageTypes),
                range(field + ".totalLocalStorageGB", totalLocalStorageGb),
                range(field + ".baselineEbsBandwidthMbps", baselineEbsBandwidthMbps),
                range(field + ".acceleratorCount", acceleratorCount),
                list(acceleratorManufacturers),
                list(acceleratorNames),
                range(field + ".acceleratorTotalMemoryMiB", acceleratorTotalMemoryMib));
    }

    private static Range range(String field, @Nullable RangeBody asked) {
        if (asked == null) {
            return Range.ANY;
        }
        if (asked.min() != null && asked.max() != null && asked.min().compareTo(asked.max()) > 0) {
            throw invalid(field, "min is above max");
        }
        return new Range(asked.min(), asked.max());
    }

    private static Inclusion inclusion(String field, @Nullable String asked, Inclusion usual) {
        if (asked == null) {
            return usual;
        }
        return Arrays.stream(Inclusion.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(asked))
                .findFirst()
                .orElseThrow(() -> invalid(field, "One of included, required, excluded; not '" + asked + "'"));
    }

    private static List<String> types(String field, @Nullable List<String> asked) {
        if (asked == null) {
            return List.of();
        }
        if (asked.size() > MOST_NAMED) {
            throw invalid(field, "At most " + MOST_NAMED + ", not " + asked.size());
        }
        for (int i = 0; i < asked.size(); i++) {
            @Nullable String named = asked.get(i);
            if (named == null || !NAMED.matcher(named).matches()) {
                throw invalid(
                        field + "[" + i + "]", "A type or several with *, such as m5.*, of at most 30 characters");
            }
        }
        return List.copyOf(asked);
    }

    private static List<String> list(@Nullable List<String> asked) {
        return asked == null ? List.of() : asked;
    }

    private static RefusedException invalid(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }
}
