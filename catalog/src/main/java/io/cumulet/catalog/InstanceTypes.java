package io.cumulet.catalog;

import io.cumulet.kernel.InstanceType;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every instance type we know, read once on first use. Thread-safe. */
public final class InstanceTypes {

    private InstanceTypes() {}

    /** Read on first use: a process that never asks doesn't pay. */
    private static final class Table {
        static final Map<String, InstanceTypeFacts> BY_NAME = read();
        static final Map<String, List<InstanceTypeFacts>> BY_FAMILY = byFamily(BY_NAME.values());
    }

    public static Optional<InstanceTypeFacts> find(String name) {
        return Optional.ofNullable(Table.BY_NAME.get(name));
    }

    /** All of them, ordered by name. */
    public static Collection<InstanceTypeFacts> all() {
        return Table.BY_NAME.values();
    }

    /** The types of a family such as {@code m4}, smallest first; empty if there is no such family. */
    public static List<InstanceTypeFacts> ofFamily(String family) {
        return Table.BY_FAMILY.getOrDefault(family, List.of());
    }

    private static Map<String, InstanceTypeFacts> read() {
        Map<String, InstanceTypeFacts> types = new LinkedHashMap<>(2048);
        for (Csv.Row row : Csv.read("instance-types.csv")) {
            types.put(row.text("instanceType"), facts(row));
        }
        return Collections.unmodifiableMap(types);
    }

    private static InstanceTypeFacts facts(Csv.Row row) {
        String hypervisor = row.text("hypervisor");
        return new InstanceTypeFacts(
                new InstanceType(row.text("instanceType")),
                row.text("category"),
                new InstanceTypeFacts.Processor(
                        row.list("architectures").stream()
                                .map(code -> Architecture.ofCode(code).orElseThrow())
                                .collect(Collectors.toUnmodifiableSet()),
                        row.number("vcpus"),
                        row.number("defaultCores"),
                        row.number("defaultThreadsPerCore"),
                        row.text("processorManufacturer"),
                        row.text("physicalProcessor"),
                        row.text("sustainedClockGhz")),
                row.number("memoryMiB"),
                new InstanceTypeFacts.LocalDisks(
                        totalOfKinds(row.text("instanceStorageCount")),
                        row.list("instanceStorageSizeGB").size() == 1 ? row.number("instanceStorageSizeGB") : 0,
                        row.number("instanceStorageTotalGB"),
                        row.text("instanceStorageType")),
                new InstanceTypeFacts.Network(
                        row.text("networkPerformance"),
                        row.number("maxNetworkInterfaces"),
                        row.number("ipv4PerInterface"),
                        row.text("enaSupport")),
                new InstanceTypeFacts.Ebs(
                        row.text("ebsOptimizedSupport"),
                        row.number("ebsBaselineMbps"),
                        row.number("ebsMaxMbps"),
                        row.number("ebsBaselineIops"),
                        row.number("ebsMaxIops"),
                        row.number("ebsMaxAttachments")),
                new InstanceTypeFacts.Gpus(
                        totalOfKinds(row.text("gpuCount")),
                        row.text("gpuManufacturer"),
                        row.text("gpuName"),
                        row.list("gpuMemoryMiBEach").size() == 1 ? row.number("gpuMemoryMiBEach") : 0),
                hypervisor.isEmpty() ? null : hypervisor,
                row.flag("bareMetal"),
                row.flag("burstable"),
                row.flag("currentGeneration"),
                row.flag("dedicatedHostsSupported"),
                row.flag("hibernationSupported"),
                row.flag("freeTierEligible"),
                row.list("placementGroupStrategies"),
                row.set("usageClasses"),
                row.set("rootDeviceTypes"),
                LocalDate.parse(row.text("asOf")));
    }

    /** A type with two kinds of disk or GPU has two counts, as in {@code 1|4}. */
    private static int totalOfKinds(String counts) {
        int total = 0;
        for (String count : counts.split("\\|")) {
            total += count.isEmpty() ? 0 : Integer.parseInt(count);
        }
        return total;
    }

    private static Map<String, List<InstanceTypeFacts>> byFamily(Collection<InstanceTypeFacts> types) {
        Map<String, List<InstanceTypeFacts>> families = new HashMap<>();
        for (InstanceTypeFacts facts : types) {
            families.computeIfAbsent(facts.family(), f -> new ArrayList<>()).add(facts);
        }
        families.replaceAll((family, members) -> members.stream()
                .sorted(java.util.Comparator.comparingInt(InstanceTypeFacts::vcpus)
                        .thenComparingInt(InstanceTypeFacts::memoryMib)
                        .thenComparing(InstanceTypeFacts::type))
                .toList());
        return Collections.unmodifiableMap(new TreeMap<>(families));
    }
}
