package io.cumulet.instances.api;

import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The options of an instance as requests say them, in EC2's form. What isn't said stays, or is as usual. */
final class OptionRequests {

    private OptionRequests() {}

    public record Monitoring(@Nullable Boolean enabled) {}

    public record CreditSpecification(
            @Schema(enumeration = {"standard", "unlimited"}) @Nullable
            String cpuCredits) {}

    public record CpuOptions(
            @Nullable Integer coreCount, @Nullable Integer threadsPerCore) {}

    public record MetadataOptions(
            @Schema(enumeration = {"optional", "required"}) @Nullable
            String httpTokens,

            @Schema(minimum = "1", maximum = "64") @Nullable Integer httpPutResponseHopLimit,

            @Schema(enumeration = {"enabled", "disabled"}) @Nullable
            String httpEndpoint,

            @Schema(enumeration = {"enabled", "disabled"}) @Nullable
            String httpProtocolIpv6,

            @Schema(enumeration = {"enabled", "disabled"}) @Nullable
            String instanceMetadataTags) {

        InstanceOptions.Metadata said() {
            return new InstanceOptions.Metadata(
                    httpTokens, httpPutResponseHopLimit, httpEndpoint, httpProtocolIpv6, instanceMetadataTags);
        }
    }

    public record HibernationOptions(@Nullable Boolean configured) {}

    public record EnclaveOptions(@Nullable Boolean enabled) {}

    public record PrivateDnsNameOptions(
            @Schema(enumeration = {"ip-name", "resource-name"}) @Nullable
            String hostnameType,

            @Nullable Boolean enableResourceNameDnsARecord,
            @Nullable Boolean enableResourceNameDnsAAAARecord) {

        InstanceOptions.PrivateDnsName said() {
            return new InstanceOptions.PrivateDnsName(
                    hostnameType, enableResourceNameDnsARecord, enableResourceNameDnsAAAARecord);
        }
    }

    public record MaintenanceOptions(
            @Schema(enumeration = {"default", "disabled"}) @Nullable
            String autoRecovery) {}

    @Schema(description = "Recorded as it is given, by its ARN or by its name: there is no IAM")
    public record IamInstanceProfile(
            @Nullable String arn, @Nullable String name) {}

    static @Nullable Boolean said(@Nullable Monitoring monitoring) {
        return monitoring == null ? null : monitoring.enabled();
    }

    static @Nullable String said(@Nullable CreditSpecification credits) {
        return credits == null ? null : credits.cpuCredits();
    }

    static InstanceOptions.@Nullable Cpu said(@Nullable CpuOptions cpu) {
        return cpu == null ? null : new InstanceOptions.Cpu(cpu.coreCount(), cpu.threadsPerCore());
    }

    static InstanceOptions.@Nullable Metadata said(@Nullable MetadataOptions metadata) {
        return metadata == null ? null : metadata.said();
    }

    static @Nullable Boolean said(@Nullable HibernationOptions hibernation) {
        return hibernation == null ? null : hibernation.configured();
    }

    static @Nullable Boolean said(@Nullable EnclaveOptions enclave) {
        return enclave == null ? null : enclave.enabled();
    }

    static InstanceOptions.@Nullable PrivateDnsName said(@Nullable PrivateDnsNameOptions dns) {
        return dns == null ? null : dns.said();
    }

    static @Nullable String said(@Nullable MaintenanceOptions maintenance) {
        return maintenance == null ? null : maintenance.autoRecovery();
    }

    static InstanceOptions.@Nullable Profile said(@Nullable IamInstanceProfile profile) {
        return profile == null ? null : new InstanceOptions.Profile(profile.arn(), profile.name());
    }
}
