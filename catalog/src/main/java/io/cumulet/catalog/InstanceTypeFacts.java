package io.cumulet.catalog;

import io.cumulet.kernel.InstanceType;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is publicly known of an instance type. An empty text or a 0 means that the source doesn't say, or that the type has none.
 *
 * @param category {@code general}, {@code compute}, {@code memory}, {@code storage}, {@code accelerated}, …
 * @param localDisks instance store volumes, which live and die with the host's capacity
 * @param hypervisor {@code xen} or {@code nitro}; null for bare metal
 * @param supportedUsageClasses {@code on-demand}, {@code spot}, {@code capacity-block}
 * @param asOf the day the figures were read
 */
public record InstanceTypeFacts(
        InstanceType type,
        String category,
        Processor processor,
        int memoryMib,
        LocalDisks localDisks,
        Network network,
        Ebs ebs,
        Gpus gpus,
        @Nullable String hypervisor,
        boolean bareMetal,
        boolean burstable,
        boolean currentGeneration,
        boolean dedicatedHostsSupported,
        boolean hibernationSupported,
        boolean freeTierEligible,
        List<String> placementGroupStrategies,
        Set<String> supportedUsageClasses,
        Set<String> supportedRootDeviceTypes,
        LocalDate asOf) {

    /** @param sustainedClockGhz decimal text, such as {@code 2.4}; empty if unknown */
    public record Processor(
            Set<Architecture> architectures,
            int vcpus,
            int cores,
            int threadsPerCore,
            String manufacturer,
            String model,
            String sustainedClockGhz) {}

    /** @param kind {@code ssd} or {@code hdd}; empty if there are none */
    public record LocalDisks(int count, int sizeGb, int totalGb, String kind) {}

    /** @param performance EC2's words, such as {@code Up to 10 Gigabit} */
    public record Network(String performance, int maxInterfaces, int ipv4PerInterface, String enaSupport) {}

    /** Throughput in Mbit/s, as EC2 gives it; {@code optimizedSupport} is {@code default}, {@code supported} or {@code unsupported}. */
    public record Ebs(
            String optimizedSupport,
            int baselineMbps,
            int maximumMbps,
            int baselineIops,
            int maximumIops,
            int maxAttachments) {}

    public record Gpus(int count, String manufacturer, String name, int memoryMibEach) {}

    public String family() {
        return type.family();
    }

    public int vcpus() {
        return processor.vcpus();
    }

    public boolean runs(Architecture architecture) {
        return processor.architectures().contains(architecture);
    }
}
