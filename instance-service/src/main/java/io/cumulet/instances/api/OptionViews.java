package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.catalog.InstanceTypes;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The options of an instance as its owner sees them: what was said, and else what is usual.
 *
 * @param creditSpecification null for types without burstable performance
 * @param cpuOptions null for a type that isn't in the catalog any more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OptionViews(
        MonitoringView monitoring,
        boolean ebsOptimized,
        boolean enaSupport,
        boolean disableApiStop,
        String instanceInitiatedShutdownBehavior,
        OptionRequests.@Nullable CreditSpecification creditSpecification,
        OptionRequests.@Nullable CpuOptions cpuOptions,
        MetadataOptionsView metadataOptions,
        OptionRequests.HibernationOptions hibernationOptions,
        OptionRequests.EnclaveOptions enclaveOptions,
        OptionRequests.PrivateDnsNameOptions privateDnsNameOptions,
        OptionRequests.MaintenanceOptions maintenanceOptions,
        @Nullable ProfileView iamInstanceProfile,
        @Nullable String clientToken) {

    private static final String DISABLED = "disabled";

    /** @param state {@code enabled} or {@code disabled} */
    record MonitoringView(String state) {}

    /** @param state what was asked for is in force at once: {@code applied} */
    record MetadataOptionsView(
            String state,
            String httpTokens,
            int httpPutResponseHopLimit,
            String httpEndpoint,
            String httpProtocolIpv6,
            String instanceMetadataTags) {}

    /** @param id follows from the ARN: there is no IAM here that would give one */
    record ProfileView(String arn, String id) {}

    static OptionViews of(Instance instance) {
        InstanceOptions said = instance.options();
        Optional<InstanceTypeFacts> type = InstanceTypes.find(instance.type().value());
        return new OptionViews(
                new MonitoringView(isOn(said.monitoring()) ? "enabled" : DISABLED),
                or(
                        said.ebsOptimized(),
                        type.map(facts -> facts.ebs().optimizedSupport().equals("default"))
                                .orElse(false)),
                or(
                        said.enaSupport(),
                        type.map(facts -> !facts.network().enaSupport().equals("unsupported"))
                                .orElse(false)),
                said.isStopProtected(),
                or(said.shutdownBehavior(), "stop"),
                credits(instance, type),
                cpu(said.cpu(), type),
                metadata(said.metadata()),
                new OptionRequests.HibernationOptions(said.mayHibernate()),
                new OptionRequests.EnclaveOptions(isOn(said.enclave())),
                privateDnsName(said.privateDnsName()),
                new OptionRequests.MaintenanceOptions(or(said.autoRecovery(), "default")),
                profile(instance),
                said.clientToken());
    }

    /**
     * What a family of burstable performance has if nothing is said: t2 as it was from the first, the later ones unlimited.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html">
     *     Unlimited mode concepts</a>
     */
    private static OptionRequests.@Nullable CreditSpecification credits(
            Instance instance, Optional<InstanceTypeFacts> type) {
        if (!type.map(InstanceTypeFacts::burstable).orElse(false)) {
            return null;
        }
        String usual = instance.type().family().toLowerCase(Locale.ROOT).equals("t2") ? "standard" : "unlimited";
        return new OptionRequests.CreditSpecification(or(instance.options().cpuCredits(), usual));
    }

    private static OptionRequests.@Nullable CpuOptions cpu(
            InstanceOptions.@Nullable Cpu said, Optional<InstanceTypeFacts> type) {
        if (said != null) {
            return new OptionRequests.CpuOptions(said.coreCount(), said.threadsPerCore());
        }
        return type.map(facts -> new OptionRequests.CpuOptions(
                        facts.processor().cores(), facts.processor().threadsPerCore()))
                .orElse(null);
    }

    private static MetadataOptionsView metadata(InstanceOptions.@Nullable Metadata said) {
        return said == null
                ? new MetadataOptionsView("applied", "optional", 1, "enabled", DISABLED, DISABLED)
                : new MetadataOptionsView(
                        "applied",
                        or(said.httpTokens(), "optional"),
                        or(said.httpPutResponseHopLimit(), 1),
                        or(said.httpEndpoint(), "enabled"),
                        or(said.httpProtocolIpv6(), DISABLED),
                        or(said.instanceMetadataTags(), DISABLED));
    }

    private static OptionRequests.PrivateDnsNameOptions privateDnsName(InstanceOptions.@Nullable PrivateDnsName said) {
        return said == null
                ? new OptionRequests.PrivateDnsNameOptions("ip-name", false, false)
                : new OptionRequests.PrivateDnsNameOptions(
                        or(said.hostnameType(), "ip-name"),
                        isOn(said.enableResourceNameDnsARecord()),
                        isOn(said.enableResourceNameDnsAAAARecord()));
    }

    private static @Nullable ProfileView profile(Instance instance) {
        InstanceOptions.Profile said = instance.options().iamInstanceProfile();
        if (said == null) {
            return null;
        }
        String arn = said.arn() != null
                ? said.arn()
                : "arn:aws:iam::" + instance.account().value() + ":instance-profile/" + said.name();
        return new ProfileView(arn, "AIPA" + idOf(arn));
    }

    /** 17 letters and digits that follow from a text. */
    private static String idOf(String text) {
        String digits = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return digits.substring(0, 17).toUpperCase(Locale.ROOT);
    }

    private static boolean isOn(@Nullable Boolean said) {
        return Boolean.TRUE.equals(said);
    }

    private static <T> T or(@Nullable T said, T usual) {
        return Objects.requireNonNullElse(said, usual);
    }
}
