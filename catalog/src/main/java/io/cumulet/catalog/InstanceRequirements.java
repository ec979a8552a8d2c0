package io.cumulet.catalog;

import io.cumulet.kernel.Wildcards;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What types have to have, for who doesn't name them. Null or an empty list: it doesn't matter.
 *
 * @param memoryGibPerVcpu in GiB
 * @param excluded names with {@code *} for any text; no type that one of them fits
 * @param allowed likewise; only types that one of them fits
 * @param generations {@code current}, {@code previous}
 * @param bareMetal if not said: excluded, as {@code burstable}
 * @param localStorageTypes {@code hdd}, {@code ssd}
 * @param acceleratorCount of GPUs, the only accelerators that the catalog knows
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirements.html">InstanceRequirements</a>
 */
public record InstanceRequirements(
        Set<Architecture> architectures,
        Range vcpuCount,
        Range memoryMib,
        Range memoryGibPerVcpu,
        List<String> cpuManufacturers,
        List<String> excluded,
        List<String> allowed,
        List<String> generations,
        Inclusion bareMetal,
        Inclusion burstable,
        boolean mustHibernate,
        Range networkInterfaceCount,
        Inclusion localStorage,
        List<String> localStorageTypes,
        Range totalLocalStorageGb,
        Range baselineEbsMbps,
        Range acceleratorCount,
        List<String> acceleratorManufacturers,
        List<String> acceleratorNames,
        Range acceleratorTotalMemoryMib) {

    private static final BigDecimal MIB_IN_A_GIB = BigDecimal.valueOf(1024);

    /** From the least to the most, both included; null: no bound. */
    public record Range(@Nullable BigDecimal min, @Nullable BigDecimal max) {

        public static final Range ANY = new Range(null, null);

        boolean holds(BigDecimal value) {
            return (min == null || value.compareTo(min) >= 0) && (max == null || value.compareTo(max) <= 0);
        }

        boolean holds(long value) {
            return holds(BigDecimal.valueOf(value));
        }
    }

    /** Whether types that have something are meant too, alone, or not at all. */
    public enum Inclusion {
        INCLUDED,
        REQUIRED,
        EXCLUDED;

        boolean takes(boolean hasIt) {
            return switch (this) {
                case INCLUDED -> true;
                case REQUIRED -> hasIt;
                case EXCLUDED -> !hasIt;
            };
        }
    }

    public boolean fits(InstanceTypeFacts type) {
        return architectures.stream().anyMatch(type::runs)
                && fitsProcessor(type)
                && fitsName(type.type().value())
                && isOneOf(generations, type.currentGeneration() ? "current" : "previous")
                && bareMetal.takes(type.bareMetal())
                && burstable.takes(type.burstable())
                && (!mustHibernate || type.hibernationSupported())
                && networkInterfaceCount.holds(type.network().maxInterfaces())
                && fitsStorage(type)
                && baselineEbsMbps.holds(type.ebs().baselineMbps())
                && fitsAccelerators(type.gpus());
    }

    private boolean fitsProcessor(InstanceTypeFacts type) {
        // Memory of each vCPU times vCPUs, so that nothing is divided.
        BigDecimal vcpus = BigDecimal.valueOf(type.vcpus());
        BigDecimal memory = BigDecimal.valueOf(type.memoryMib());
        BigDecimal least = memoryGibPerVcpu.min();
        BigDecimal most = memoryGibPerVcpu.max();
        return vcpuCount.holds(type.vcpus())
                && memoryMib.holds(type.memoryMib())
                && (least == null
                        || memory.compareTo(least.multiply(MIB_IN_A_GIB).multiply(vcpus)) >= 0)
                && (most == null || memory.compareTo(most.multiply(MIB_IN_A_GIB).multiply(vcpus)) <= 0)
                && isOneOf(cpuManufacturers, word(type.processor().manufacturer()));
    }

    private boolean fitsName(String name) {
        return excluded.stream().noneMatch(pattern -> Wildcards.matches(pattern, name))
                && (allowed.isEmpty() || allowed.stream().anyMatch(pattern -> Wildcards.matches(pattern, name)));
    }

    private boolean fitsStorage(InstanceTypeFacts type) {
        InstanceTypeFacts.LocalDisks disks = type.localDisks();
        return localStorage.takes(disks.count() > 0)
                && totalLocalStorageGb.holds(disks.totalGb())
                && (localStorageTypes.isEmpty() || disks.count() == 0 || localStorageTypes.contains(disks.kind()));
    }

    private boolean fitsAccelerators(InstanceTypeFacts.Gpus gpus) {
        return acceleratorCount.holds(gpus.count())
                && acceleratorTotalMemoryMib.holds((long) gpus.count() * gpus.memoryMibEach())
                && isOneOf(acceleratorManufacturers, word(gpus.manufacturer()))
                && isOneOf(acceleratorNames, word(gpus.name()));
    }

    private static boolean isOneOf(List<String> wanted, String value) {
        return wanted.isEmpty() || wanted.contains(value);
    }

    /** As EC2 writes the names of makers in requirements: {@code amazon-web-services}, {@code nvidia}. */
    private static String word(String text) {
        String word = text.toLowerCase(Locale.ROOT).replace(' ', '-');
        return word.equals("aws") ? "amazon-web-services" : word;
    }
}
