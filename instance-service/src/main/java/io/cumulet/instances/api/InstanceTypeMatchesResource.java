package io.cumulet.instances.api;

import io.cumulet.catalog.Architecture;
import io.cumulet.catalog.InstanceRequirements;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.InstanceRequirementsBody;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
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

    public record MatchesRequest(
            @Schema(required = true, examples = "x86_64") @Nullable
            List<String> architectureTypes,

            @Schema(required = true) @Nullable InstanceRequirementsBody instanceRequirements) {}

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
        if (request.architectureTypes() == null || request.architectureTypes().isEmpty()) {
            throw missing("architectureTypes");
        }
        if (request.instanceRequirements() == null) {
            throw missing("instanceRequirements");
        }
        Set<Architecture> architectures = request.architectureTypes().stream()
                .map(code -> Architecture.ofCode(code)
                        .orElseThrow(() -> Refusal.of(
                                        ErrorCode.INVALID_PARAMETER_VALUE,
                                        "architectureTypes",
                                        "There is no architecture '" + code + "'")
                                .asException()))
                .collect(Collectors.toSet());
        return request.instanceRequirements().read("instanceRequirements", architectures);
    }

    private static RuntimeException missing(String field) {
        return Refusal.of(ErrorCode.MISSING_PARAMETER, field, "'" + field + "' is required")
                .asException();
    }
}
