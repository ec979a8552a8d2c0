package io.cumulet.instances.intake;

import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of an allocation, which are those of {@code POST /v1/instances}. They were tried there when the request was
 * made, so that what isn't as it has to be isn't an owner's mistake and fails.
 */
final class LaunchOptions {

    private static final LaunchWish.AddressWish NO_ADDRESSES = new LaunchWish.AddressWish(null, null, null, null);

    private LaunchOptions() {}

    /** Null if nothing is said. */
    static @Nullable InstanceOptions of(@Nullable Map<String, Object> said) {
        if (said == null) {
            return null;
        }
        return new InstanceOptions(
                flag(part(said, "monitoring"), "enabled"),
                flag(said, "ebsOptimized"),
                null,
                flag(said, "disableApiStop"),
                text(said, "instanceInitiatedShutdownBehavior"),
                text(part(said, "creditSpecification"), "cpuCredits"),
                text(part(said, "maintenanceOptions"), "autoRecovery"),
                flag(part(said, "hibernationOptions"), "configured"),
                flag(part(said, "enclaveOptions"), "enabled"),
                cpu(said),
                metadata(said),
                privateDnsName(said),
                profile(said),
                null);
    }

    /** Null if nothing is said. */
    static LaunchWish.@Nullable AddressWish addresses(@Nullable Map<String, Object> said) {
        if (said == null) {
            return null;
        }
        LaunchWish.AddressWish wish = new LaunchWish.AddressWish(
                text(said, "privateIpAddress"),
                number(said, "ipv6AddressCount"),
                said.get("ipv6Addresses") instanceof List<?> addresses
                        ? addresses.stream().map(String.class::cast).toList()
                        : null,
                flag(said, "associatePublicIpAddress"));
        return wish.equals(NO_ADDRESSES) ? null : wish;
    }

    static boolean terminationProtected(@Nullable Map<String, Object> said) {
        return said != null && Boolean.TRUE.equals(flag(said, "disableApiTermination"));
    }

    /** Null if nothing is said. */
    static @Nullable Map<String, String> interfaceTags(@Nullable Map<String, Object> said) {
        if (said == null || !said.containsKey("networkInterfaceTags")) {
            return null;
        }
        Map<String, String> tags = new HashMap<>();
        part(said, "networkInterfaceTags").forEach((key, value) -> tags.put((String) key, (String) value));
        return tags;
    }

    private static InstanceOptions.@Nullable Cpu cpu(Map<String, Object> said) {
        Map<?, ?> cpu = part(said, "cpuOptions");
        return cpu.isEmpty() ? null : new InstanceOptions.Cpu(number(cpu, "coreCount"), number(cpu, "threadsPerCore"));
    }

    private static InstanceOptions.@Nullable Metadata metadata(Map<String, Object> said) {
        Map<?, ?> metadata = part(said, "metadataOptions");
        return metadata.isEmpty()
                ? null
                : new InstanceOptions.Metadata(
                        text(metadata, "httpTokens"),
                        number(metadata, "httpPutResponseHopLimit"),
                        text(metadata, "httpEndpoint"),
                        text(metadata, "httpProtocolIpv6"),
                        text(metadata, "instanceMetadataTags"));
    }

    private static InstanceOptions.@Nullable PrivateDnsName privateDnsName(Map<String, Object> said) {
        Map<?, ?> dns = part(said, "privateDnsNameOptions");
        return dns.isEmpty()
                ? null
                : new InstanceOptions.PrivateDnsName(
                        text(dns, "hostnameType"),
                        flag(dns, "enableResourceNameDnsARecord"),
                        flag(dns, "enableResourceNameDnsAAAARecord"));
    }

    private static InstanceOptions.@Nullable Profile profile(Map<String, Object> said) {
        Map<?, ?> profile = part(said, "iamInstanceProfile");
        return profile.isEmpty() ? null : new InstanceOptions.Profile(text(profile, "arn"), text(profile, "name"));
    }

    private static Map<?, ?> part(Map<String, Object> said, String name) {
        return said.get(name) instanceof Map<?, ?> part ? part : Map.of();
    }

    private static @Nullable Boolean flag(Map<?, ?> said, String name) {
        return (Boolean) said.get(name);
    }

    private static @Nullable String text(Map<?, ?> said, String name) {
        return (String) said.get(name);
    }

    private static @Nullable Integer number(Map<?, ?> said, String name) {
        return (Integer) said.get(name);
    }
}
