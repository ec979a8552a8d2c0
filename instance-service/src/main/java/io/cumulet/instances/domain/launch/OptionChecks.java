package io.cumulet.instances.domain.launch;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.kernel.ErrorCode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is said of an instance can be, and goes with its type. Fields in refusals are those of the REST request.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html">RunInstances</a>
 */
public final class OptionChecks {

    private static final List<String> SWITCH = List.of("enabled", "disabled");
    private static final int MOST_HOPS = 64;

    /** @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html">CreateInstanceProfile</a> */
    private static final Pattern PROFILE_NAME = Pattern.compile("[\\w+=,.@-]{1,128}");

    private static final Pattern PROFILE_ARN =
            Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:instance-profile/([!-~]*/)?[\\w+=,.@-]{1,128}");

    private OptionChecks() {}

    /** @param said what a launch or a change says */
    public static void check(InstanceOptions said, InstanceTypeFacts type) throws LaunchChecks.Stop {
        if (said.equals(InstanceOptions.NONE)) {
            return;
        }
        oneOf("instanceInitiatedShutdownBehavior", said.shutdownBehavior(), List.of("stop", "terminate"));
        oneOf("maintenanceOptions.autoRecovery", said.autoRecovery(), List.of("default", "disabled"));
        oneOf("creditSpecification.cpuCredits", said.cpuCredits(), List.of("standard", "unlimited"));
        if (said.cpuCredits() != null && !type.burstable()) {
            throw new LaunchChecks.Stop(
                    ErrorCode.CREDIT_SPECIFICATION_NOT_SUPPORTED,
                    "creditSpecification",
                    "The instance type " + type.type() + " has no burstable performance, and so no CPU credits");
        }
        cpu(said.cpu(), type);
        metadata("metadataOptions.", said.metadata());
        profile(said.iamInstanceProfile());
        InstanceOptions.PrivateDnsName dns = said.privateDnsName();
        if (dns != null) {
            oneOf("privateDnsNameOptions.hostnameType", dns.hostnameType(), List.of("ip-name", "resource-name"));
        }
        if (said.mayHibernate() && !type.hibernationSupported()) {
            throw unsupported("hibernationOptions", "The instance type " + type.type() + " can't hibernate");
        }
        boolean wantsEnclave = Boolean.TRUE.equals(said.enclave());
        if (wantsEnclave && !"nitro".equals(type.hypervisor())) {
            throw unsupported("enclaveOptions", "The instance type " + type.type() + " has no enclaves");
        }
        if (wantsEnclave && said.mayHibernate()) {
            throw new LaunchChecks.Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "enclaveOptions",
                    "What has enclaves enabled can't hibernate");
        }
        if (Boolean.TRUE.equals(said.ebsOptimized())
                && type.ebs().optimizedSupport().equals("unsupported")) {
            throw unsupported("ebsOptimized", "The instance type " + type.type() + " can't be optimized for EBS");
        }
        if (Boolean.TRUE.equals(said.enaSupport())
                && type.network().enaSupport().equals("unsupported")) {
            throw unsupported("enaSupport", "The instance type " + type.type() + " has no ENA");
        }
    }

    private static void cpu(InstanceOptions.@Nullable Cpu cpu, InstanceTypeFacts type) throws LaunchChecks.Stop {
        if (cpu == null) {
            return;
        }
        Integer cores = cpu.coreCount();
        Integer threads = cpu.threadsPerCore();
        if (cores == null || threads == null) {
            throw new LaunchChecks.Stop(
                    ErrorCode.MISSING_PARAMETER,
                    cores == null ? "cpuOptions.coreCount" : "cpuOptions.threadsPerCore",
                    "Both the number of cores and the threads on each have to be said");
        }
        if (cores < 1 || cores > type.processor().cores()) {
            throw invalid(
                    "cpuOptions.coreCount",
                    "The instance type " + type.type() + " has 1 to "
                            + type.processor().cores() + " cores, not " + cores);
        }
        if (threads < 1 || threads > type.processor().threadsPerCore()) {
            throw invalid(
                    "cpuOptions.threadsPerCore",
                    "A core of the instance type " + type.type() + " has 1 to "
                            + type.processor().threadsPerCore() + " threads, not " + threads);
        }
    }

    /** @param place what the names of its fields begin with in refusals */
    public static void metadata(String place, InstanceOptions.@Nullable Metadata metadata) throws LaunchChecks.Stop {
        if (metadata == null) {
            return;
        }
        oneOf(place + "httpTokens", metadata.httpTokens(), List.of("optional", "required"));
        oneOf(place + "httpEndpoint", metadata.httpEndpoint(), SWITCH);
        oneOf(place + "httpProtocolIpv6", metadata.httpProtocolIpv6(), SWITCH);
        oneOf(place + "instanceMetadataTags", metadata.instanceMetadataTags(), SWITCH);
        Integer hops = metadata.httpPutResponseHopLimit();
        if (hops != null && (hops < 1 || hops > MOST_HOPS)) {
            throw invalid(place + "httpPutResponseHopLimit", "A hop limit is from 1 to " + MOST_HOPS);
        }
    }

    private static void profile(InstanceOptions.@Nullable Profile profile) throws LaunchChecks.Stop {
        if (profile == null || profile.equals(InstanceOptions.Profile.NONE)) {
            return;
        }
        String arn = profile.arn();
        String name = profile.name();
        if (arn != null && name != null) {
            throw new LaunchChecks.Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "iamInstanceProfile",
                    "An instance profile is given by its ARN or by its name");
        }
        if (arn != null && !PROFILE_ARN.matcher(arn).matches()) {
            throw invalid("iamInstanceProfile.arn", "'" + arn + "' is no ARN of an instance profile");
        }
        if (name != null && !PROFILE_NAME.matcher(name).matches()) {
            throw invalid("iamInstanceProfile.name", "'" + name + "' is no name of an instance profile");
        }
    }

    private static void oneOf(String field, @Nullable String value, List<String> values) throws LaunchChecks.Stop {
        if (value != null && !values.contains(value)) {
            throw invalid(field, "One of " + String.join(", ", values) + "; not '" + value + "'");
        }
    }

    private static LaunchChecks.Stop invalid(String field, String message) {
        return new LaunchChecks.Stop(ErrorCode.INVALID_PARAMETER_VALUE, field, message);
    }

    private static LaunchChecks.Stop unsupported(String field, String message) {
        return new LaunchChecks.Stop(ErrorCode.UNSUPPORTED_OPERATION, field, message);
    }
}
