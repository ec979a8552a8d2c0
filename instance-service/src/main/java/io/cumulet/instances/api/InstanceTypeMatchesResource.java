package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.InstanceRequirements;
import io.cumulet.catalog.InstanceRequirements.Inclusion;
import io.cumulet.catalog.InstanceRequirements.Range;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Instance types by what they have to have. */
@Path("/v1/instance-type-matches")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Catalog")
public class InstanceTypeMatchesResource {

    private final Caller caller;

    public InstanceTypeMatchesResource(Caller caller) {
        this.caller = caller;
    }

    public record RangeRequest(
            @Nullable BigDecimal min, @Nullable BigDecimal max) {}

    public record RequirementsRequest(
            @Schema(required = true) @Nullable RangeRequest vCpuCount,

            @Schema(required = true) @JsonProperty("memoryMiB") @Nullable
            RangeRequest memoryMib,

            @JsonProperty("memoryGiBPerVCpu") @Nullable RangeRequest memoryGibPerVcpu,
            @Nullable List<String> cpuManufacturers,
            @Nullable List<String> excludedInstanceTypes,
            @Nullable List<String> allowedInstanceTypes,
            @Nullable List<String> instanceGenerations,
            @Nullable String bareMetal,
            @Nullable String burstablePerformance,
            @Nullable Boolean requireHibernateSupport,
            @Nullable RangeRequest networkInterfaceCount,
            @Nullable String localStorage,
            @Nullable List<String> localStorageTypes,
            @JsonProperty("totalLocalStorageGB") @Nullable RangeRequest totalLocalStorageGb,
            @Nullable RangeRequest baselineEbsBandwidthMbps,
            @Nullable RangeRequest acceleratorCount,
            @Nullable List<String> acceleratorManufacturers,
            @Nullable List<String> acceleratorNames,

            @JsonProperty("acceleratorTotalMemoryMiB") @Nullable
            RangeRequest acceleratorTotalMemoryMib) {}

    public record MatchesRequest(
            @Schema(required = true, examples = "x86_64") @Nullable
            List<String> architectureTypes,

            @Schema(required = true) @Nullable RequirementsRequest instanceRequirements) {}

    public record MatchList(List<String> instanceTypes) {}

    @POST
    @Operation(
            summary = "Lists the types on offer in the region that have what is asked for, by name",
            description =
                    "In the form of EC2's InstanceRequirements. Bare metal and burstable types only if they are asked for.")
    public MatchList matches(@Nullable MatchesRequest request) {
        if (request == null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "A question has a body")
                    .asException();
        }
        InstanceRequirements wanted = requirements(request);
        return new MatchList(InstanceTypes.all().stream()
                .filter(wanted::fits)
                .filter(this::isOffered)
                .map(facts -> facts.type().value())
                .sorted()
                .toList());
    }

    private boolean isOffered(InstanceTypeFacts facts) {
        return Arrays.stream(OperatingSystem.values())
                .anyMatch(os -> OnDemandPrices.shipped().isOffered(caller.region(), facts.type(), os));
    }

    private static InstanceRequirements requirements(MatchesRequest request) {
        RequirementsRequest asked = request.instanceRequirements();
        if (request.architectureTypes() == null || request.architectureTypes().isEmpty()) {
            throw missing("architectureTypes");
        }
        if (asked == null) {
            throw missing("instanceRequirements");
        }
        if (asked.vCpuCount() == null || asked.memoryMib() == null) {
            throw missing("instanceRequirements." + (asked.vCpuCount() == null ? "vCpuCount" : "memoryMiB"));
        }
        if (asked.excludedInstanceTypes() != null && asked.allowedInstanceTypes() != null) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_COMBINATION,
                            "instanceRequirements.allowedInstanceTypes",
                            "Types are allowed or excluded, not both")
                    .asException();
        }
        Set<Architecture> architectures = request.architectureTypes().stream()
                .map(code -> Architecture.ofCode(code)
                        .orElseThrow(() -> invalid("architectureTypes", "There is no architecture '" + code + "'")))
                .collect(Collectors.toSet());
        return new InstanceRequirements(
                architectures,
                range("vCpuCount", asked.vCpuCount()),
                range("memoryMiB", asked.memoryMib()),
                range("memoryGiBPerVCpu", asked.memoryGibPerVcpu()),
                list(asked.cpuManufacturers()),
                list(asked.excludedInstanceTypes()),
                list(asked.allowedInstanceTypes()),
                list(asked.instanceGenerations()),
                inclusion("bareMetal", asked.bareMetal(), Inclusion.EXCLUDED),
                inclusion("burstablePerformance", asked.burstablePerformance(), Inclusion.EXCLUDED),
                Boolean.TRUE.equals(asked.requireHibernateSupport()),
                range("networkInterfaceCount", asked.networkInterfaceCount()),
                inclusion("localStorage", asked.localStorage(), Inclusion.INCLUDED),
                list(asked.localStorageTypes()),
                range("totalLocalStorageGB", asked.totalLocalStorageGb()),
                range("baselineEbsBandwidthMbps", asked.baselineEbsBandwidthMbps()),
                range("acceleratorCount", asked.acceleratorCount()),
                list(asked.acceleratorManufacturers()),
                list(asked.acceleratorNames()),
                range("acceleratorTotalMemoryMiB", asked.acceleratorTotalMemoryMib()));
    }

    private static Range range(String field, @Nullable RangeRequest asked) {
        if (asked == null) {
            return Range.ANY;
        }
        if (asked.min() != null && asked.max() != null && asked.min().compareTo(asked.max()) > 0) {
            throw invalid("instanceRequirements." + field, "min is above max");
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
                .orElseThrow(() -> invalid(
                        "instanceRequirements." + field, "One of included, required, excluded; not '" + asked + "'"));
    }

    private static List<String> list(@Nullable List<String> asked) {
        return asked == null ? List.of() : asked;
    }

    private static RuntimeException missing(String field) {
        return Refusal.of(ErrorCode.MISSING_PARAMETER, field, "'" + field + "' is required")
                .asException();
    }

    private static RuntimeException invalid(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }
}
