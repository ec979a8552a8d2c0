package io.cumulet.instances.publish;

import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.lifecycle.InstanceOptions;
import io.cumulet.kernel.IpAddress;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the market has to know of a launch that made a persistent spot request, to launch it anew. */
final class Relaunches {

    private Relaunches() {}

    static InstanceSnapshot.@Nullable Relaunch of(@Nullable LaunchOrder order) {
        LaunchOrder.SpotBid bid = order == null ? null : order.spot();
        LaunchOrder.Persistence persistence = bid == null ? null : bid.persistence();
        if (order == null || persistence == null) {
            return null;
        }
        Map<String, Object> options = options(order);
        return new InstanceSnapshot.Relaunch(
                persistence.validUntil(), order.userData() != null, options.isEmpty() ? null : options);
    }

    /** In the words of {@code POST /v1/instances}, as the intake of allocations reads them. */
    private static Map<String, Object> options(LaunchOrder order) {
        Map<String, Object> options = new TreeMap<>();
        addresses(order.addresses(), options);
        if (!order.interfaceTags().isEmpty()) {
            options.put("networkInterfaceTags", order.interfaceTags());
        }
        if (order.terminationProtected()) {
            options.put("disableApiTermination", true);
        }
        InstanceOptions said = order.options();
        part(options, "monitoring", "enabled", said.monitoring());
        put(options, "ebsOptimized", said.ebsOptimized());
        put(options, "disableApiStop", said.disableApiStop());
        put(options, "instanceInitiatedShutdownBehavior", said.shutdownBehavior());
        part(options, "creditSpecification", "cpuCredits", said.cpuCredits());
        part(options, "maintenanceOptions", "autoRecovery", said.autoRecovery());
        part(options, "hibernationOptions", "configured", said.hibernation());
        part(options, "enclaveOptions", "enabled", said.enclave());
        InstanceOptions.Cpu cpu = said.cpu();
        if (cpu != null) {
            part(options, "cpuOptions", "coreCount", cpu.coreCount(), "threadsPerCore", cpu.threadsPerCore());
        }
        InstanceOptions.Metadata metadata = said.metadata();
        if (metadata != null) {
            part(
                    options,
                    "metadataOptions",
                    "httpTokens",
                    metadata.httpTokens(),
                    "httpPutResponseHopLimit",
                    metadata.httpPutResponseHopLimit(),
                    "httpEndpoint",
                    metadata.httpEndpoint(),
                    "httpProtocolIpv6",
                    metadata.httpProtocolIpv6(),
                    "instanceMetadataTags",
                    metadata.instanceMetadataTags());
        }
        InstanceOptions.PrivateDnsName dns = said.privateDnsName();
        if (dns != null) {
            part(
                    options,
                    "privateDnsNameOptions",
                    "hostnameType",
                    dns.hostnameType(),
                    "enableResourceNameDnsARecord",
                    dns.enableResourceNameDnsARecord(),
                    "enableResourceNameDnsAAAARecord",
                    dns.enableResourceNameDnsAAAARecord());
        }
        InstanceOptions.Profile profile = said.iamInstanceProfile();
        if (profile != null) {
            part(options, "iamInstanceProfile", "arn", profile.arn(), "name", profile.name());
        }
        return options;
    }

    private static void addresses(LaunchOrder.Addresses addresses, Map<String, Object> options) {
        IpAddress privateAddress = addresses.privateAddress();
        put(options, "privateIpAddress", privateAddress == null ? null : privateAddress.toString());
        put(options, "ipv6AddressCount", addresses.ipv6Count());
        if (!addresses.ipv6Addresses().isEmpty()) {
            options.put(
                    "ipv6Addresses",
                    addresses.ipv6Addresses().stream().map(IpAddress::toString).toList());
        }
        put(options, "associatePublicIpAddress", addresses.publicAddress());
    }

    private static void put(Map<String, Object> options, String name, @Nullable Object value) {
        if (value != null) {
            options.put(name, value);
        }
    }

    /** @param members name and value by turns; without any value there is no part */
    private static void part(Map<String, Object> options, String name, @Nullable Object... members) {
        Map<String, Object> part = new TreeMap<>();
        for (int i = 0; i < members.length; i += 2) {
            if (members[i] instanceof String member) {
                put(part, member, members[i + 1]);
            }
        }
        if (!part.isEmpty()) {
            options.put(name, part);
        }
    }
}
