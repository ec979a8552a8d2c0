package io.cumulet.endpoint.actions.instancetypes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Names;
import java.math.BigDecimal;
import java.util.stream.IntStream;

/** Instance types as EC2 shows them. What the catalog's sources don't say is left out. */
final class InstanceTypeShapes {

    private static final BigDecimal BITS_IN_A_BYTE = BigDecimal.valueOf(8);

    private InstanceTypeShapes() {}

    /** Whether it can be launched in the region that was asked. */
    static boolean isOffered(JsonNode view) {
        return !view.path("systemsOnOffer").isEmpty();
    }

    static ObjectNode info(JsonNode view) {
        ObjectNode info = Names.toAws(view, Api.EC2.model().shape("InstanceTypeInfo"));
        info.set("SupportedUsageClasses", view.path("usageClasses"));
        info.set("SupportedRootDeviceTypes", view.path("rootDeviceTypes"));
        info.putArray("SupportedVirtualizationTypes").add("hvm");
        info.set("BurstablePerformanceSupported", view.path("burstablePerformance"));
        processor(info, view);
        ObjectNode memory = info.putObject("MemoryInfo");
        memory.set("SizeInMiB", view.path("memoryMib"));
        storage(info, view);
        ebs(info, view);
        network(info, view);
        gpus(info, view);
        info.putObject("PlacementGroupInfo").set("SupportedStrategies", view.path("placementGroupStrategies"));
        return info;
    }

    private static void processor(ObjectNode info, JsonNode view) {
        ObjectNode processor = info.putObject("ProcessorInfo");
        processor.set("SupportedArchitectures", view.path("architectures"));
        text(processor, "Manufacturer", view.path("processorManufacturer"));
        String clock = view.path("sustainedClockGhz").asText();
        if (!clock.isEmpty()) {
            processor.put("SustainedClockSpeedInGhz", new BigDecimal(clock));
        }
        ObjectNode vcpus = info.putObject("VCpuInfo");
        vcpus.set("DefaultVCpus", view.path("vcpus"));
        vcpus.set("DefaultCores", view.path("cores"));
        vcpus.set("DefaultThreadsPerCore", view.path("threadsPerCore"));
        if (!view.path("bareMetal").asBoolean()) {
            ArrayNode threads = vcpus.putArray("ValidThreadsPerCore");
            IntStream.rangeClosed(1, view.path("threadsPerCore").asInt()).forEach(threads::add);
        }
    }

    private static void storage(ObjectNode info, JsonNode view) {
        int disks = view.path("localDisks").asInt();
        int total = view.path("localStorageGb").asInt();
        info.put("InstanceStorageSupported", disks > 0);
        if (disks > 0) {
            info.putObject("InstanceStorageInfo")
                    .put("TotalSizeInGB", total)
                    .putArray("Disks")
                    .addObject()
                    .put("SizeInGB", total / disks)
                    .put("Count", disks)
                    .put("Type", view.path("localStorageType").asText());
        }
    }

    private static void ebs(ObjectNode info, JsonNode view) {
        ObjectNode ebs = info.putObject("EbsInfo");
        text(ebs, "EbsOptimizedSupport", view.path("ebsOptimizedSupport"));
        int baseline = view.path("ebsBaselineMbps").asInt();
        int maximum = view.path("ebsMaximumMbps").asInt();
        if (baseline == 0) {
            return;
        }
        ebs.putObject("EbsOptimizedInfo")
                .put("BaselineBandwidthInMbps", baseline)
                .put("BaselineThroughputInMBps", BigDecimal.valueOf(baseline).divide(BITS_IN_A_BYTE))
                .put("BaselineIops", view.path("ebsBaselineIops").asInt())
                .put("MaximumBandwidthInMbps", maximum)
                .put("MaximumThroughputInMBps", BigDecimal.valueOf(maximum).divide(BITS_IN_A_BYTE))
                .put("MaximumIops", view.path("ebsMaximumIops").asInt());
    }

    /** The service gives an interface as many IPv6 addresses as IPv4 ones. */
    private static void network(ObjectNode info, JsonNode view) {
        ObjectNode network = info.putObject("NetworkInfo");
        text(network, "NetworkPerformance", view.path("networkPerformance"));
        text(network, "EnaSupport", view.path("enaSupport"));
        network.set("MaximumNetworkInterfaces", view.path("maxNetworkInterfaces"));
        network.set("Ipv4AddressesPerInterface", view.path("ipv4AddressesPerInterface"));
        network.set("Ipv6AddressesPerInterface", view.path("ipv4AddressesPerInterface"));
        network.put("Ipv6Supported", true);
    }

    private static void gpus(ObjectNode info, JsonNode view) {
        int count = view.path("gpus").asInt();
        if (count == 0) {
            return;
        }
        int each = view.path("gpuMemoryMib").asInt();
        ObjectNode gpus = info.putObject("GpuInfo").put("TotalGpuMemoryInMiB", count * each);
        gpus.putArray("Gpus")
                .addObject()
                .put("Name", view.path("gpuName").asText())
                .put("Manufacturer", view.path("gpuManufacturer").asText())
                .put("Count", count)
                .putObject("MemoryInfo")
                .put("SizeInMiB", each);
    }

    private static void text(ObjectNode to, String member, JsonNode value) {
        if (!value.asText().isEmpty()) {
            to.put(member, value.asText());
        }
    }
}
