package io.cumulet.instances.api;

import static io.cumulet.instances.api.OptionRequests.said;

import io.cumulet.instances.app.Instances;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What to change of an instance; a field left out stays. A tag with null as value is removed, an empty {@code
 * iamInstanceProfile} takes the profile away.
 */
public record ModifyRequest(
        @Nullable String instanceType,
        @Nullable List<String> securityGroupIds,
        @Nullable Map<String, @Nullable String> tags,
        @Nullable Boolean disableApiTermination,
        @Nullable String userData,
        @Nullable Boolean disableApiStop,

        @Schema(enumeration = {"stop", "terminate"}) @Nullable
        String instanceInitiatedShutdownBehavior,

        @Nullable Boolean ebsOptimized,
        @Nullable Boolean enaSupport,
        OptionRequests.@Nullable Monitoring monitoring,
        OptionRequests.@Nullable CreditSpecification creditSpecification,
        OptionRequests.@Nullable CpuOptions cpuOptions,
        OptionRequests.@Nullable MetadataOptions metadataOptions,
        OptionRequests.@Nullable PrivateDnsNameOptions privateDnsNameOptions,
        OptionRequests.@Nullable MaintenanceOptions maintenanceOptions,
        OptionRequests.@Nullable IamInstanceProfile iamInstanceProfile) {

    Instances.Modification wish() {
        return new Instances.Modification(
                instanceType, securityGroupIds, tags, disableApiTermination, userData, options());
    }

    private InstanceOptions options() {
        return new InstanceOptions(
                said(monitoring),
                ebsOptimized,
                enaSupport,
                disableApiStop,
                instanceInitiatedShutdownBehavior,
                said(creditSpecification),
                said(maintenanceOptions),
                null,
                null,
                said(cpuOptions),
                said(metadataOptions),
                said(privateDnsNameOptions),
                said(iamInstanceProfile),
                null);
    }
}
